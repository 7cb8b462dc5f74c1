import { anyOf, iso, instant, newId, type Instant, type Random, type TenantId } from '@plugga/kit';
import type { Place, Who } from './assignment.ts';
import { basesOf, movedBy } from './basis.ts';
import { tariffFor } from './choose.ts';
import { displayOf, type Display } from './display.ts';
import { failTariff } from './errors.ts';
import type { OfferBasis, TariffTables } from './migrations.ts';
import { isCongested } from './occupancy.ts';
import type { TariffVersion } from './version.ts';
import type { Db } from './versions.ts';

/** A station's clock may be behind ours by so much: a start just before its offer was shown is still of it. */
const CLOCK_SKEW_MS = 60_000;

export interface Asked extends Who {
  readonly place: Place;
  readonly timeZone: string;
  readonly token?: string | undefined;
  readonly validMs: number;
}

export type OfferRow = Omit<TariffTables['offer'], 'display'> & { readonly display: Display };

export interface Making {
  readonly db: Db;
  readonly tenant: TenantId;
  readonly at: Instant;
  readonly actor: string;
  readonly random: Random;
}

const placeOf = ({ connectorId, evseId, location }: Place): string => connectorId ?? evseId ?? location ?? '';

/** The price of that moment for who asks there, locked: stored as it is shown. Throws where there is none. */
export async function makeOffer(o: Making, asked: Asked): Promise<OfferRow> {
  const { db, tenant, at } = o;
  const chosen = await tariffFor(db, tenant, { ...asked, startedAt: at });
  if (chosen === undefined)
    throw failTariff('offer-impossible', `no tariff is in force for "${placeOf(asked.place)}" at ${iso(at)}`);
  const basis = (await basesOf(db, [chosen.tariff.id])).get(chosen.tariff.id);
  const moved = movedBy(chosen.tariff, basis, at);
  return keepOffer(o, { ...asked, tariff: moved, shown: true });
}

/** Stores the price as an offer. `shown: false` locks what moves for a session that began without one. */
export async function keepOffer(
  o: Making,
  it: Omit<Asked, 'validMs'> & { readonly validMs?: number; readonly tariff: TariffVersion; readonly shown: boolean },
): Promise<OfferRow> {
  const { tariff, place, shown } = it;
  const own = o.at + (it.validMs ?? 0);
  const moves = tariff.basis?.until === undefined ? Infinity : Date.parse(tariff.basis.until);
  const { location = null, evseId = null, connectorId = null } = place;
  const row: OfferRow = {
    ...{ id: newId(o.random), tenant: o.tenant, tariff: tariff.id, version: tariff.version },
    ...{ place: placeOf(place), location, evse_id: evseId, connector_id: connectorId },
    ...{ token: it.token ?? null, channel: it.channel ?? null },
    ...{ shown_at: new Date(o.at), valid_until: new Date(Math.min(own, moves)), shown },
    ...{ body: tariff.body, basis: tariff.basis ?? null },
    display: displayOf(tariff.body, o.at, {
      timeZone: it.timeZone,
      congested: shown && (await isCongested(o.db, o.tenant, { body: tariff.body, location, at: o.at })),
    }),
    ...{ bound: !shown, actor: o.actor },
  };
  await o.db
    .insertInto('offer')
    .values({
      ...row,
      body: JSON.stringify(row.body) as never,
      basis: row.basis === null ? null : (JSON.stringify(row.basis) as never),
      display: JSON.stringify(row.display),
    })
    .execute();
  return row;
}

export async function offersOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, OfferRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('offer')
    .selectAll()
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, row as OfferRow]));
}

export interface Starting {
  readonly place: Place;
  readonly token?: string | null | undefined;
  readonly startedAt: Instant;
  /** What its tariff is assigned to: one for somebody is not what a screen shows to everybody. */
  readonly by: string | undefined;
}

const FOR_SOMEBODY: ReadonlySet<string> = new Set(['partner', 'plan', 'group', 'adhoc']);

/**
 * The newest offer that was valid where and when each session began: one for its token, else one that was shown to everybody
 * there, unless the driver has a price of his own.
 */
export async function offersFor(db: Db, all: readonly Starting[]): Promise<readonly (OfferRow | undefined)[]> {
  const placesOf = ({ place }: Starting) =>
    [place.connectorId, place.evseId, place.location].filter((it) => typeof it === 'string');
  const places = [...new Set(all.flatMap(placesOf))];
  if (places.length === 0) return all.map(() => undefined);
  const starts = all.map(({ startedAt }) => startedAt);
  const rows = await db
    .selectFrom('offer')
    .select(['id', 'place', 'token', 'shown_at', 'valid_until'])
    .where('place', '=', anyOf(places))
    .where('shown', '=', true)
    .where('channel', 'is', null)
    .where('valid_until', '>', new Date(Math.min(...starts)))
    .where('shown_at', '<=', new Date(Math.max(...starts) + CLOCK_SKEW_MS))
    .orderBy('shown_at', 'desc')
    .orderBy('id')
    .limit(10_000)
    .execute();
  const ids = all.map((it) => {
    const there = new Set(placesOf(it));
    const valid = rows.filter(
      ({ place, shown_at, valid_until }) =>
        there.has(place) && shown_at.getTime() - CLOCK_SKEW_MS <= it.startedAt && it.startedAt < valid_until.getTime(),
    );
    const own = it.token == null ? undefined : valid.find(({ token }) => token === it.token);
    if (own !== undefined) return own.id;
    return FOR_SOMEBODY.has(it.by ?? '') ? undefined : valid.find(({ token }) => token === null)?.id;
  });
  const found = await offersOf(
    db,
    ids.flatMap((id) => id ?? []),
  );
  return ids.map((id) => (id === undefined ? undefined : found.get(id)));
}

/** The offer as what a session is priced with. */
export const versionOfOffer = ({ id, tariff, version, body, basis }: OfferRow): TariffVersion => ({
  ...{ id: tariff, version, body, offer: id },
  ...(basis === null ? {} : { basis }),
});

export async function markBound(db: Db, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await db
    .updateTable('offer')
    .set({ bound: true })
    .where('id', 'in', (it) =>
      // In one order, for two that bind the same at once.
      it
        .selectFrom('offer')
        .select('id')
        .where('id', '=', anyOf(new Set(ids)))
        .where('bound', '=', false)
        .orderBy('id')
        .forUpdate(),
    )
    .execute();
}

/** Outside: what was shown, to whom, until when, and what moved it. */
export const offerShown = (row: OfferRow, now: Instant) => ({
  ...{ id: row.id, tariff: row.tariff, version: row.version },
  place: { location: row.location, evseId: row.evse_id, connectorId: row.connector_id },
  ...{ token: row.token, channel: row.channel },
  shownAt: row.shown_at.toISOString(),
  validUntil: row.valid_until.toISOString(),
  valid: row.shown && instant(now) < row.valid_until.getTime(),
  shown: row.shown,
  used: row.bound,
  ...{ currency: row.display.currency, components: [...row.display.components] },
  ...{ minPrice: row.display.minPrice ?? null, maxPrice: row.display.maxPrice ?? null },
  idleGraceMinutes: row.display.idleGraceMinutes ?? null,
  basis: row.basis as OfferBasis | null,
});
