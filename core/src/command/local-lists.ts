import { type CommandTable, iso, instant, type LocalListEntry, type StationId, type TenantId } from '@plugga/kit';
import { createHash } from 'node:crypto';
import type { CoreTables } from '../db/tables.ts';
import type { Transactions } from '../plugins/face.ts';
import type { Clock } from '../ports.ts';
import type { Kysely } from 'kysely';

type Wanted = CommandTable['writeLocalList'];
/** What a station was told, without the tokens' values: a digest of each token's entry by the token's id. */
type Told = Readonly<Record<string, string>>;

/** What the stations' own lists of tokens are to hold, and what each was last told. */
export interface LocalLists {
  /** The tenant's tokens, or those named; as changes where the station was told a list before. */
  plan(
    tenant: TenantId,
    station: StationId,
    o: { readonly mode: 'full' | 'differential'; readonly tokens?: readonly string[] | undefined },
  ): Promise<{ readonly wanted: Wanted; readonly entries: Told }>;
  /** The station has it. */
  keep(tenant: TenantId, station: StationId, o: { readonly version: number; readonly entries: Told }): Promise<void>;
}

/** No list of a station holds more. */
const MOST = 10_000;

const digest = (entry: LocalListEntry): string =>
  createHash('sha256').update(JSON.stringify(entry)).digest('base64url').slice(0, 12);

export function createLocalLists(o: { readonly transactions: Transactions; readonly clock: Clock }): LocalLists {
  const { transactions, clock } = o;
  const inTenant = <T>(tenant: TenantId, run: (db: Kysely<CoreTables>) => Promise<T>): Promise<T> =>
    transactions.run(tenant, { plugin: 'core' }, (tx) => run(transactions.kyselyOf(tx)));

  /** A group is told by the value of the token that it is named after, else by its own name. */
  const tokensOf = (db: Kysely<CoreTables>, ids: readonly string[] | undefined) => {
    const query = db
      .selectFrom('core.token_row')
      .select(['id', 'type', 'value', 'group_id', 'status', 'expires_at'])
      .orderBy('created_at')
      .orderBy('id')
      .limit(MOST);
    return (ids === undefined ? query : query.where('id', 'in', ids.length === 0 ? [''] : ids)).execute();
  };

  const entryOf = (row: Awaited<ReturnType<typeof tokensOf>>[number]): LocalListEntry => ({
    token: { value: row.value, type: row.type },
    status: (['accepted', 'blocked', 'expired'] as const).find((it) => it === row.status) ?? 'invalid',
    ...(row.expires_at === null ? {} : { expiresAt: iso(instant(row.expires_at.getTime())) }),
    ...(row.group_id === null ? {} : { group: { value: row.group_id } }),
  });

  return {
    plan: (tenant, station, { mode, tokens }) =>
      inTenant(tenant, async (db) => {
        const rows = await tokensOf(db, tokens);
        const entries = rows.map((row) => ({ id: row.id, entry: entryOf(row) }));
        const now: Told = Object.fromEntries(entries.map(({ id, entry }) => [id, digest(entry)]));
        const all = entries.map(({ entry }) => entry);
        const before = await db
          .selectFrom('core.local_list')
          .select(['version', 'entries'])
          .where('station', '=', station)
          .executeTakeFirst();
        if (before === undefined || mode === 'full') return { wanted: { entries: all }, entries: now };
        const told = before.entries as Told;
        const gone = Object.keys(told).filter((id) => !Object.hasOwn(now, id));
        const values = gone.length === 0 ? [] : await tokensOf(db, gone);
        // A token whose value was erased cannot be named any more: only the whole list takes it off.
        if (values.length < gone.length) return { wanted: { entries: all }, entries: now };
        const changes: LocalListEntry[] = [
          ...entries.filter(({ id, entry }) => told[id] !== digest(entry)).map(({ entry }) => entry),
          ...values.map(({ value, type }) => ({ token: { value, type } })),
        ];
        return { wanted: { entries: all, base: before.version, changes }, entries: now };
      }),
    keep: (tenant, station, { version, entries }) =>
      inTenant(tenant, async (db) => {
        const row = { version, entries: JSON.stringify(entries), updated_at: new Date(clock.now()) };
        await db
          .insertInto('core.local_list')
          .values({ station, tenant, ...row })
          .onConflict((it) => it.column('station').doUpdateSet(row))
          .execute();
      }),
  };
}
