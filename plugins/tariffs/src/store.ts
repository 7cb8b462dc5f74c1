import { sql, type Kysely } from 'kysely';
import { instant, type CoreViews, type Instant, type SessionId, type TenantId } from '@plugga/kit';
import type { TariffTables } from './migrations.ts';
import type { Assignment, TariffBody, TariffVersion } from './tariff.ts';

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

/** The tariff in force at that place and moment; undefined when none is assigned. */
export async function tariffFor(
  db: Db,
  tenant: TenantId,
  place: Place,
  at: Instant,
): Promise<TariffVersion | undefined> {
  const targets = [tenant, place.location, place.evseId, place.connectorId].filter(
    (it): it is string => typeof it === 'string',
  );
  const rows = await db
    .selectFrom('assignment')
    .select(['target_kind', 'target', 'tariff', 'from_at', 'until_at'])
    .where('target', 'in', targets)
    .orderBy('from_at', (it) => it.desc().nullsLast())
    .orderBy('id')
    .limit(100)
    .execute();
  const [best] = rows
    .filter(
      ({ from_at, until_at }) =>
        (from_at === null || instant(from_at.getTime()) <= at) && (until_at === null || at < until_at.getTime()),
    )
    .toSorted(
      (a, b) =>
        SPECIFICITY[a.target_kind as keyof typeof SPECIFICITY] - SPECIFICITY[b.target_kind as keyof typeof SPECIFICITY],
    );
  return best && newestTariff(db, best.tariff);
}

export async function bindingOf(db: Db, session: SessionId): Promise<TariffTables['binding'] | undefined> {
  return db.selectFrom('binding').selectAll().where('session', '=', session).executeTakeFirst();
}
