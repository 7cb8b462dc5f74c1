import {
  connectorChanged,
  instantOf,
  sessionAuthorized,
  sessionClosed,
  sessionCorrected,
  sessionMetered,
  sessionPriced,
  sessionRequested,
  sessionStarted,
  sessionStateChanged,
  sessionUnpriced,
  type Context,
  type Recorded,
  type SessionId,
  type Tx,
} from '@plugga/kit';
import type { Bind, Wanting } from './binder.ts';
import { keepBindings, type Bound } from './bindings.ts';
import { keepClaims } from './claims.ts';
import { closingsIn, isEnd, keepClosings, type Closing } from './closings.ts';
import { follow, forget } from './live.ts';
import { beginOccupancy, congestionOf, keepOccupancy, type AtSite } from './occupancy.ts';
import type { TariffTables } from './migrations.ts';
import { priceBillable, type Charged } from './price/billable.ts';
import { chargedSoFar, needsNothing, needsOf, nothing } from './running.ts';
import { sessionsAt, type RunningSession } from './sessions.ts';
import { createTidy } from './tidy.ts';
import { offerOf, type TariffVersion } from './version.ts';

/** A running price is made at most this often a session. */
const RUNNING_EVERY_MS = 1000;

/** All that a price comes from. */
export const pricedEvents = [
  sessionRequested,
  sessionAuthorized,
  sessionStarted,
  sessionMetered,
  sessionStateChanged,
  sessionClosed,
  sessionCorrected,
  connectorChanged,
] as const;

export type PricingContext = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, TariffTables>,
  'db' | 'emit' | 'clock' | 'random'
>;

/** What is to be priced of one event. */
interface Due {
  readonly event: Recorded;
  readonly charged: Charged;
  readonly final: boolean;
}

/** Prices what a batch of the log asks for: a handful of statements, however many sessions it is about. */
export const createPricing = (context: PricingContext, bind: Bind) => {
  const { db, emit, clock } = context;
  const tidy = createTidy();
  /** In which second a session's running price was last made here: a throttle, so losing it costs one price more. */
  const lastRunning = new Map<SessionId, number>();
  /** Sessions whose price depends on energy and time alone: nothing is kept of them, and between two prices nothing is looked at. */
  const plain = new Set<SessionId>();

  /** The sessions of a batch that go on, with their events; without those of which this batch wants nothing. */
  function goingOn(events: readonly Recorded[], ended: ReadonlySet<SessionId>): ReadonlyMap<SessionId, Recorded[]> {
    const found = new Map<SessionId, Recorded[]>();
    for (const event of events) {
      const { session } = event;
      if (session === undefined || ended.has(session) || !isLive(event)) continue;
      if (plain.has(session) && (!isPriced(event) || lastRunning.get(session) === slotOf(event))) continue;
      const known = found.get(session);
      if (known === undefined) found.set(session, [event]);
      else known.push(event);
    }
    return found;
  }

  return async (events: readonly Recorded[], tx: Tx): Promise<void> => {
    const own = db(tx);
    await keepClaims(own, tx.tenant, events, clock.now());
    await keepOccupancy(own, tx.tenant, events);
    const finals = closingsIn(events);
    const ended = new Set(events.filter(isEnd).flatMap(({ session }) => session ?? []));
    for (const session of ended) {
      lastRunning.delete(session);
      plain.delete(session);
    }
    const live = goingOn(events, ended);
    const running = await sessionsAt(own, [...live.keys()]);
    const wanting: Wanting[] = [...running.values(), ...finals];
    if (wanting.length > 0) {
      const priced = await bind(tx, wanting);
      const tariffs = new Map<SessionId, TariffVersion>();
      for (const [session, it] of priced) if ('tariff' in it) tariffs.set(session, it.tariff);
      const kept = new Map<SessionId, Bound>();
      for (const [session, due] of await runningDue(tx, live, running, tariffs)) {
        const tariff = tariffs.get(session);
        if (tariff !== undefined) kept.set(session, await tell(tx, due, tariff));
      }
      const full = await congestionOf(own, sitesOf(finals, tariffs));
      for (const { session, event, closing } of finals) {
        const it = priced.get(session);
        const congestion = full.get(event.id);
        if (it !== undefined && 'tariff' in it)
          kept.set(session, await tell(tx, { event, charged: { ...closing, congestion }, final: true }, it.tariff));
        else if (it !== undefined) await emit(tx, sessionUnpriced, event, { reason: it.unpriced, closing: event.id });
      }
      await keepBindings(own, tx.tenant, kept);
    }
    await keepClosings(own, tx.tenant, finals);
    await forget(own, [...ended]);
    if (finals.length > 0) await tidy(own, tx.tenant, clock.now());
  };

  /** Follows the sessions whose tariff needs it, and says which of all are due a price: at most one a second each. */
  async function runningDue(
    tx: Tx,
    live: ReadonlyMap<SessionId, Recorded[]>,
    running: ReadonlyMap<SessionId, RunningSession>,
    tariffs: ReadonlyMap<SessionId, TariffVersion>,
  ): Promise<ReadonlyMap<SessionId, Due>> {
    const followed = new Map<SessionId, { needs: ReturnType<typeof needsOf>; events: readonly Recorded[] }>();
    for (const [session, tariff] of tariffs) {
      const own = live.get(session);
      if (own === undefined || !running.has(session)) continue;
      const needs = needsOf(tariff.body);
      if (needsNothing(needs)) plain.add(session);
      else followed.set(session, { needs, events: own });
    }
    const states = await follow(db(tx), tx.tenant, followed);
    const due = new Map<SessionId, Due>();
    const sites = new Map<SessionId, AtSite>();
    for (const [session, { visit, energyWh, timeZone }] of running) {
      const event = live.get(session)?.findLast((it) => isPriced(it) && lastRunning.get(session) !== slotOf(it));
      if (event === undefined || !tariffs.has(session)) continue;
      lastRunning.set(session, slotOf(event));
      const o = { startedAt: visit.startedAt, now: event.at, energyWh, timeZone };
      due.set(session, { event, charged: chargedSoFar(states.get(session) ?? nothing, o), final: false });
      const { body } = tariffs.get(session)!;
      sites.set(session, { body, location: visit.place.location, from: visit.startedAt, until: event.at });
    }
    await beginOccupancy(db(tx), tx.tenant, clock.now(), sites.values());
    for (const [session, congestion] of await congestionOf(db(tx), sites)) {
      const it = due.get(session);
      if (it !== undefined) due.set(session, { ...it, charged: { ...it.charged, congestion } });
    }
    return due;
  }

  async function tell(tx: Tx, { event, charged, final }: Due, tariff: TariffVersion): Promise<Bound> {
    const price = priceBillable(tariff, charged);
    const { energyWh } = charged;
    await emit(tx, sessionPriced, event, {
      offer: offerOf(tariff),
      ...price,
      lines: [...price.lines],
      ...(price.notes === undefined ? {} : { notes: [...price.notes] }),
      ...{ energyWh, final },
      ...(final ? { closing: event.id } : {}),
      ...(tariff.offer === undefined ? {} : { locked: tariff.offer }),
    });
    return {
      ...{ tariff: tariff.id, version: tariff.version, offer: tariff.offer ?? null, final },
      total: final ? price.total : null,
      detail: final ? { ...price, energyWh } : null,
    };
  }
};

/** By the closing's event: a session may be closed and corrected in one batch. */
const sitesOf = (
  finals: readonly Closing[],
  tariffs: ReadonlyMap<SessionId, TariffVersion>,
): ReadonlyMap<string, AtSite> =>
  new Map(
    finals.flatMap(({ session, event, closing }): [string, AtSite][] => {
      const body = tariffs.get(session)?.body;
      const { location, startedAt, endedAt, unpluggedAt = endedAt } = closing;
      if (body === undefined) return [];
      return [[event.id, { body, location, from: instantOf(startedAt), until: instantOf(unpluggedAt) }]];
    }),
  );

const isPriced = ({ type }: Recorded): boolean => type === sessionStarted.type || type === sessionMetered.type;
const isLive = (event: Recorded): boolean => isPriced(event) || event.type === sessionStateChanged.type;
const slotOf = (event: Recorded): number => Math.floor(event.receivedAt / RUNNING_EVERY_MS);
