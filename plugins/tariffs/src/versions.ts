import { anyOf, fail, type CoreViews, type Instant, type TenantId } from '@plugga/kit';
import { sql, type Kysely } from 'kysely';
import { failTariff } from './errors.ts';
import type { TariffTables } from './migrations.ts';
import type { TariffBody } from './tariff.ts';
import { offerOf, type TariffVersion } from './version.ts';

export type Db = Kysely<TariffTables & CoreViews>;

export async function newestVersion(db: Db, id: string): Promise<TariffVersion | undefined> {
  return db
    .selectFrom('tariff')
    .select(['id', 'version', 'body'])
    .where('id', '=', id)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function versionOf(db: Db, id: string, version: number): Promise<TariffVersion | undefined> {
  return (await versionsOf(db, [{ tariff: id, version }])).get(offerOf({ id, version }));
}

/** The version that a caller asks for by its number, else the newest; whoever names none that exists hears so. */
export async function namedVersion(
  db: Db,
  id: string,
  version: number | undefined,
): Promise<TariffVersion & { readonly madeAt: Date }> {
  const row = await db
    .selectFrom('tariff')
    .select(['id', 'version', 'body', 'created_at'])
    .where('id', '=', id)
    .$if(version !== undefined, (it) => it.where('version', '=', version ?? 0))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) {
    const which = version === undefined ? '' : `version ${version} of a `;
    throw failTariff('tariff-unknown', `there is no ${which}tariff "${id}"`);
  }
  const { created_at, ...found } = row;
  return { ...found, madeAt: created_at };
}

/** Stored versions by their offer, `tariff@version`. */
export async function versionsOf(
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

/** Whether any tariff of the tenant, in any version, prices idle time. */
export async function anyPricesIdle(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('tariff')
    .select('id')
    .where(
      sql<boolean>`jsonb_path_exists(body, '$.elements[*].price_components[*] ? (@.type == "PARKING_TIME")')
        or jsonb_path_exists(body, '$.plugga.congestion') or jsonb_path_exists(body, '$.plugga.socBands[*] ? (@.type == "PARKING_TIME")')`,
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface Saved {
  readonly before: TariffVersion | undefined;
  readonly now: TariffVersion;
}

/** A posted tariff of a known id is its next version; the same content again changes nothing. */
export async function saveVersion(
  db: Db,
  o: { readonly tenant: TenantId; readonly body: TariffBody; readonly at: Instant; readonly actor: string },
): Promise<Saved> {
  const { tenant, body, at, actor } = o;
  const before = await newestVersion(db, body.id);
  if (before !== undefined && canonical(before.body) === canonical(body)) return { before, now: before };
  const version = (before?.version ?? 0) + 1;
  const made = await db
    .insertInto('tariff')
    .values({
      ...{ id: body.id, version, tenant, created_by: actor },
      body: JSON.stringify(body) as never,
      created_at: new Date(at),
    })
    .onConflict((it) => it.doNothing())
    .returning('version')
    .executeTakeFirst();
  if (made === undefined)
    throw fail('conflict', `version ${version} of the tariff "${body.id}" was made at the same time`);
  return { before, now: { id: body.id, version, body } };
}

/** Keys in one order: the database keeps another than was sent. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, it: unknown) =>
    it !== null && typeof it === 'object' && !Array.isArray(it)
      ? Object.fromEntries(Object.entries(it).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : it,
  );

/** When a version was made and when it is to hold. */
export interface VersionDates {
  readonly id: string;
  readonly version: number;
  readonly createdAt: number;
  readonly from: number;
  readonly until: number;
}

export async function versionDates(db: Db, ids: readonly string[]): Promise<readonly VersionDates[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('tariff')
    .select(['id', 'version', 'created_at'])
    .select([
      sql<string | null>`body ->> 'start_date_time'`.as('from'),
      sql<string | null>`body ->> 'end_date_time'`.as('until'),
    ])
    .where('id', '=', anyOf(new Set(ids)))
    .orderBy('version')
    .limit(100_000)
    .execute();
  return rows.map(({ id, version, created_at, from, until }) => ({
    ...{ id, version, createdAt: created_at.getTime() },
    from: from === null ? -Infinity : msOf(from),
    until: until === null ? Infinity : msOf(until),
  }));
}

/** OCPI times are UTC and may leave the Z out. */
const msOf = (text: string): number => Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`);

/**
 * Of one tariff's versions the one in force at that moment: of those whose own dates hold then, the newest that was made by
 * then; for a session that is older than all of them, the first.
 */
export function inForce(versions: readonly VersionDates[], at: Instant): VersionDates | undefined {
  const holding = versions.filter(({ from, until }) => from <= at && at < until);
  return holding.findLast(({ createdAt }) => createdAt <= at) ?? holding[0];
}
