import { sql, type Kysely } from 'kysely';
import { instant, type CoreViews, type Instant, type SessionId, type TenantId } from '@plugga/kit';
import type { TariffTables } from './migrations.ts';
import { offerOf, type Assignment, type TariffBody, type TariffVersion } from './tariff.ts';

type Db = Kysely<TariffTables & CoreViews>;

export interface Place {
  readonly location?: string | null;
  readonly evseId?: string | null;
  readonly connectorId?: string | null;
}

/** The most specific wins. */
const SPECIFICITY = { connector: 0, evse: 1, location: 2, tenant: 3 } as const;

export async function newestTariff(db: Db, id: string): Promise<TariffVersion | undefined> {
  const row = await db
    .selectFrom('tariff')
    .select(['id', 'version', 'body'])
    .where('id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { id: row.id, version: row.version, body: row.body };
}

export async function tariffVersion(db: Db, id: string, version: number): Promise<TariffVersion | undefined> {
  const row = await db
    .selectFrom('tariff')
    .select(['id', 'version', 'body'])
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  return row && { id: row.id, version: row.version, body: row.body };
}

/** Whether any tariff of the tenant, in any version, prices idle time. */
export async function anyPricesIdle(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('tariff')
    .select('id')
    .where(sql<boolean>`jsonb_path_exists(body, '$.elements[*].price_components[*] ? (@.type == "PARKING_TIME")')`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A posted tariff of a known id is its next version; the same content again changes nothing. */
export async function saveTariff(db: Db, tenant: TenantId, body: TariffBody): Promise<TariffVersion> {
  const newest = await newestTariff(db, body.id);
  if (newest !== undefined && JSON.stringify(newest.body) === JSON.stringify(body)) return newest;
  const version = (newest?.version ?? 0) + 1;
  await db
    .insertInto('tariff')
    .values({ id: body.id, version, tenant, body: JSON.stringify(body) as never, created_at: sql`now()` as never })
    .execute();
  return { id: body.id, version, body };
}

export async function assign(
  db: Db,
  tenant: TenantId,
  tariff: string,
  assignments: readonly Assignment[],
  newId: () => string,
): Promise<void> {
  await db.deleteFrom('assignment').where('tariff', '=', tariff).execute();
  for (const { to, id, from, until } of assignments) {
    await db
      .insertInto('assignment')
      .values({
        id: newId(),
        tenant,
        target_kind: to,
        target: to === 'tenant' ? tenant : (id ?? ''),
        tariff,
        from_at: from === undefined ? null : new Date(from),
        until_at: until === undefined ? null : new Date(until),
      })
      .execute();
  }
}

/** Where and when a session began: what decides its tariff. */
export interface Visit {
  readonly place: Place;
  readonly startedAt: Instant;
}

/** The tariff in force at that place and moment; undefined when none is assigned. */
export const tariffFor = async (
  db: Db,
  tenant: TenantId,
  place: Place,
  at: Instant,
): Promise<TariffVersion | undefined> => (await tariffsFor(db, tenant, [{ place, startedAt: at }]))[0];

/** The tariff in force for each visit, in their order; undefined where none is assigned. */
export async function tariffsFor(
  db: Db,
  tenant: TenantId,
  visits: readonly Visit[],
): Promise<readonly (TariffVersion | undefined)[]> {
  if (visits.length === 0) return [];
  const targetsOf = ({ place }: Visit) =>
    [tenant, place.location, place.evseId, place.connectorId].filter((it): it is string => typeof it === 'string');
  const targets = new Set(visits.flatMap(targetsOf));
  const rows = await db
    .selectFrom('assignment')
    .select(['target_kind', 'target', 'tariff', 'from_at', 'until_at'])
    .where('target', 'in', [...targets])
    .orderBy('from_at', (it) => it.desc().nullsLast())
    .orderBy('id')
    .limit(100 * targets.size)
    .execute();
  const best = visits.map((visit) => {
    const own = new Set(targetsOf(visit));
    const at = visit.startedAt;
    const [first] = rows
      .filter(
        ({ target, from_at, until_at }) =>
          own.has(target) &&
          (from_at === null || instant(from_at.getTime()) <= at) &&
          (until_at === null || at < until_at.getTime()),
      )
      .toSorted((a, b) => specificityOf(a.target_kind) - specificityOf(b.target_kind));
    return first?.tariff;
  });
  const newest = await newestTariffs(db, [...new Set(best.flatMap((id) => id ?? []))]);
  return best.map((id) => (id === undefined ? undefined : newest.get(id)));
}

const specificityOf = (kind: string): number => SPECIFICITY[kind as keyof typeof SPECIFICITY];

async function newestTariffs(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, TariffVersion>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('tariff')
    .distinctOn('id')
    .select(['id', 'version', 'body'])
    .where('id', 'in', [...ids])
    .orderBy('id')
    .orderBy('version', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Stored versions by their offer, `tariff@version`. */
export async function tariffVersions(
  db: Db,
  wanted: readonly { readonly tariff: string; readonly version: number }[],
): Promise<ReadonlyMap<string, TariffVersion>> {
  const distinct = new Map(wanted.map((it) => [offerOf({ id: it.tariff, version: it.version }), it]));
  if (distinct.size === 0) return new Map();
  const rows = await db
    .selectFrom('tariff')
    .select(['id', 'version', 'body'])
    .where((it) =>
      it(
        it.refTuple('id', 'version'),
        'in',
        [...distinct.values()].map(({ tariff, version }) => it.tuple(tariff, version)),
      ),
    )
    .execute();
  return new Map(rows.map((row) => [offerOf(row), row]));
}

/** What a session is priced with, and the last final price made. */
export type Bound = Pick<TariffTables['binding'], 'tariff' | 'version' | 'total' | 'final'>;

export async function bindingOf(db: Db, session: SessionId): Promise<Bound | undefined> {
  return (await bindingsOf(db, [session])).get(session);
}

export async function bindingsOf(db: Db, sessions: readonly SessionId[]): Promise<ReadonlyMap<SessionId, Bound>> {
  const rows = await db
    .selectFrom('binding')
    .select(['session', 'tariff', 'version', 'total', 'final'])
    .where('session', 'in', [...new Set(sessions)])
    .execute();
  return new Map(rows.map((row) => [row.session, row]));
}

/** Binds sessions to their tariff for good and keeps final prices; a running price changes nothing of an earlier binding. */
export async function keepBindings(db: Db, tenant: TenantId, bindings: ReadonlyMap<SessionId, Bound>): Promise<void> {
  if (bindings.size === 0) return;
  await db
    .insertInto('binding')
    .values(
      [...bindings].map(([session, { total, ...bound }]) => ({
        session,
        tenant,
        ...bound,
        total: total === null ? null : JSON.stringify(total),
      })),
    )
    .onConflict((it) =>
      it
        .column('session')
        .doUpdateSet({ total: sql`excluded.total`, final: true })
        .where(sql<boolean>`excluded.final`),
    )
    .execute();
}
