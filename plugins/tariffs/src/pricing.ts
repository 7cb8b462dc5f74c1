import {
  instantOf,
  iso,
  sessionAuthorized,
  sessionClosed,
  sessionCorrected,
  sessionMetered,
  sessionPriced,
  sessionRequested,
  sessionStarted,
  sessionUnpriced,
  type Billable,
  type Context,
  type Instant,
  type Recorded,
  type SessionId,
  type Tx,
} from '@plugga/kit';
import { bindingsOf, keepBindings, type Bound } from './bindings.ts';
import { tariffsFor, type Visit } from './choose.ts';
import { claimOf, claimsOf, keepClaims } from './claims.ts';
import type { TariffTables } from './migrations.ts';
import { priceBillable } from './price/billable.ts';
import { offerOf, type TariffVersion } from './version.ts';
import { versionsOf } from './versions.ts';

/** A running price is made at most this often a session. */
const RUNNING_EVERY_MS = 1000;

/** All that a price comes from. */
export const pricedEvents = [
  sessionRequested,
  sessionAuthorized,
  sessionStarted,
  sessionMetered,
  sessionClosed,
  sessionCorrected,
] as const;

export type PricingContext = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, TariffTables>,
  'db' | 'emit' | 'clock'
>;

/** What is to be priced of one event: the running session, or a closing. */
interface Due {
  readonly event: Recorded;
  readonly session: SessionId;
  readonly visit: Visit;
  readonly closing?: Billable;
  readonly energyWh: number;
}

/** The billable record of a closing that has a CDR. */
const closingOf = (event: Recorded): Billable | undefined => {
  if (event.type === sessionClosed.type) {
    const { cdr, billable } = (event as Recorded<typeof sessionClosed>).data;
    return cdr ? billable : undefined;
  }
  if (event.type === sessionCorrected.type) {
    const { cdr, after } = (event as Recorded<typeof sessionCorrected>).data;
    return cdr === false ? undefined : after;
  }
  return undefined;
};

/** Prices what a batch of the log asks for: a handful of statements, however many sessions it is about. */
export const createPricing = ({ db, emit, clock }: PricingContext) => {
  /** In which second a session's running price was last made here: a throttle, so losing it costs one price more. */
  const lastRunning = new Map<SessionId, number>();

  const closings = (events: readonly Recorded[]): Due[] =>
    events.flatMap((event) => {
      const closing = closingOf(event);
      if (closing === undefined || event.session === undefined) return [];
      const { payer, channel, token } = closing;
      const visit = { place: closing, startedAt: instantOf(closing.startedAt), payer, channel, group: token?.group };
      return [{ event, session: event.session, visit, closing, energyWh: closing.energyWh }];
    });

  /** The newest event of each session says all that a running price needs. */
  const running = async (tx: Tx, events: readonly Recorded[], closed: ReadonlySet<SessionId>): Promise<Due[]> => {
    const newest = new Map<SessionId, Recorded>();
    for (const event of events) {
      const { session } = event;
      if (session === undefined || closed.has(session)) continue;
      if (lastRunning.get(session) !== slotOf(event)) newest.set(session, event);
    }
    if (newest.size === 0) return [];
    const rows = await db(tx)
      .selectFrom('core.session as s')
      .leftJoin('core.token as t', 't.id', 's.token')
      .select([
        's.id',
        's.started_at',
        's.energy_wh',
        's.location',
        's.evse_id',
        's.connector_id',
        's.token',
        't.group_id',
      ])
      .where('s.id', 'in', [...newest.keys()])
      .where('s.status', '=', 'active')
      .execute();
    const claims = await claimsOf(
      db(tx),
      rows.map(({ id }) => id),
    );
    return rows.flatMap((row) => {
      const session = row.id;
      const event = newest.get(session);
      if (event === undefined || row.started_at === null) return [];
      lastRunning.set(session, slotOf(event));
      const { payer, channel, group_id } = claimOf(claims, session, row.token);
      const place = { location: row.location, evseId: row.evse_id, connectorId: row.connector_id };
      const startedAt = row.started_at.getTime() as Instant;
      const visit = { place, startedAt, payer, channel, group: row.group_id ?? group_id };
      return [{ event, session, visit, energyWh: row.energy_wh ?? 0 }];
    });
  };

  return async (events: readonly Recorded[], tx: Tx): Promise<void> => {
    await keepClaims(db(tx), tx.tenant, events, clock.now());
    const finals = closings(events);
    const ended = new Set(events.filter(isEnd).flatMap(({ session }) => session ?? []));
    for (const session of ended) lastRunning.delete(session);
    const due = [...(await running(tx, events.filter(isRunning), ended)), ...finals];
    if (due.length === 0) return;

    const tariffs = await tariffsOf(tx, due);
    const kept = new Map<SessionId, Bound>();
    for (const it of due) {
      const tariff = tariffs.get(it.session);
      if (tariff !== undefined) kept.set(it.session, await priced(tx, it, tariff));
      else if (it.closing !== undefined)
        await emit(tx, sessionUnpriced, it.event, {
          reason: 'no tariff was in force at its start for the driver, the connector, EVSE, location or tenant',
          closing: it.event.id,
        });
    }
    await keepBindings(db(tx), tx.tenant, kept);
  };

  /** The version bound at each session's start, bound now where this is its first price. */
  async function tariffsOf(tx: Tx, due: readonly Due[]): Promise<ReadonlyMap<SessionId, TariffVersion>> {
    const bindings = await bindingsOf(
      db(tx),
      due.map(({ session }) => session),
    );
    const bound = await versionsOf(db(tx), [...bindings.values()]);
    const unbound = due.filter(({ session }) => !bindings.has(session));
    const fresh = await tariffsFor(
      db(tx),
      tx.tenant,
      unbound.map(({ visit }) => visit),
    );
    const found = new Map<SessionId, TariffVersion>();
    for (const [session, { tariff, version }] of bindings) {
      const held = bound.get(offerOf({ id: tariff, version }));
      if (held !== undefined) found.set(session, held);
    }
    unbound.forEach(({ session }, at) => {
      const chosen = fresh[at];
      // The first of several closings in one batch binds.
      if (chosen !== undefined && !found.has(session)) found.set(session, chosen.tariff);
    });
    return found;
  }

  async function priced(tx: Tx, it: Due, tariff: TariffVersion): Promise<Bound> {
    const { event, closing, energyWh, visit } = it;
    const charged = closing ?? {
      startedAt: iso(visit.startedAt),
      endedAt: iso(Math.max(event.at, visit.startedAt) as Instant),
      energyWh,
      states: [],
    };
    const price = priceBillable(tariff, charged);
    const final = closing !== undefined;
    await emit(tx, sessionPriced, event, {
      offer: offerOf(tariff),
      ...price,
      energyWh,
      final,
      ...(final ? { closing: event.id } : {}),
    });
    return {
      tariff: tariff.id,
      version: tariff.version,
      offer: null,
      total: final ? price.total : null,
      detail: final ? { lines: price.lines, energyWh } : null,
      final,
    };
  }
};

const isEnd = ({ type }: Recorded): boolean => type === sessionClosed.type || type === sessionCorrected.type;
const isRunning = ({ type }: Recorded): boolean => type === sessionStarted.type || type === sessionMetered.type;
const slotOf = (event: Recorded): number => Math.floor(event.receivedAt / RUNNING_EVERY_MS);
