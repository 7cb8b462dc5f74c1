import type { TenantId } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { sql } from 'kysely';
import { afterAll, describe, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import { openDatabase } from './open.ts';
import { openSystem } from './system.ts';
import { createTransactions, kyselyOf } from './transactions.ts';

const database = await testDatabase('tenants');
const owner = openDatabase<unknown>({ url: database.url });
const app = openDatabase<never>({ url: database.url, role: 'plugga_app', max: 3 });
const system = openSystem({ url: database.url, max: 1 });
const transactions = createTransactions({ pool: app.pool, clock: realClock, random: realRandom });
afterAll(async () => {
  await Promise.all([owner.close(), app.close(), system.close()]);
  await database.drop();
});

interface Relation {
  readonly name: string;
  readonly kind: string;
  readonly guarded: boolean;
  readonly invoker: boolean;
  readonly policies: number;
  readonly owned: boolean;
  readonly granted: boolean;
  /** A partition: nobody may read it but through the whole. */
  readonly part: boolean;
  readonly columns: { name: string; type: string; needed: boolean }[];
}
// Partitions are made when they are needed; some are there, so that they are looked at too.
await owner.pool.query(`select frame.roll('2026-11-20', 30), core.make_archive_month('2026-11-01')`);
const { rows: relations } = await owner.pool.query<Relation>(`
  select c.oid::regclass::text as name, c.relkind::text as kind, c.relrowsecurity and c.relforcerowsecurity as guarded,
    'security_invoker=true' = any (coalesce(c.reloptions, '{}')) as invoker,
    (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies,
    pg_get_userbyid(c.relowner) = 'plugga_app' as owned,
    has_table_privilege('plugga_app', c.oid, 'select') as granted,
    c.relispartition as part,
    (select json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, null),
        'needed', a.attnotnull and not a.atthasdef and a.attidentity = ''))
      from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns
  from pg_class c
  where c.relnamespace in ('core'::regnamespace, 'frame'::regnamespace) and c.relkind in ('r', 'p', 'v', 'm', 'f')
  order by 1`);

/** Of the installation: no row of them is a tenant's. */
const shared = ['core.installation', 'core.knocking', 'core.lease', 'core.node', 'core.plugin_cursor', 'core.restore'];
const hidden = ['core.applied_migration', 'core.migration', 'core.migration_lock'];
const tables = relations.filter(
  ({ kind, name }) => 'rp'.includes(kind) && !shared.includes(name) && !hidden.includes(name),
);
const parts = tables.filter(({ part }) => part);
const views = relations.filter(({ kind }) => kind === 'v');
const tenantOf = (table: string) => (table === 'core.tenant' ? 'id' : 'tenant');

/** Any row that the table takes; references are not checked. */
const rowFor = ({ name, columns }: Relation, tenant: string): Record<string, unknown> => {
  const values: Record<string, unknown> = {
    text: 'x',
    integer: 1,
    smallint: 1,
    bigint: 1,
    boolean: false,
    'double precision': 1,
    'text[]': [],
    jsonb: '{}',
    bytea: Buffer.from('x'),
    'timestamp with time zone': '2026-11-20T12:00:00Z',
  };
  const row = columns.filter(({ needed }) => needed).map(({ name, type }) => [name, values[type]]);
  return { ...Object.fromEntries(row), ...(name === 'frame.raw' ? { direction: 'in' } : {}), [tenantOf(name)]: tenant };
};

describe('tenants are apart', () => {
  test('the working role is neither superuser nor owner, and may not look past a policy', async () => {
    const { rows } = await app.pool.query(
      `select current_user as role, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as mighty from pg_roles where rolname = current_user`,
    );
    expect(rows).toEqual([{ role: 'plugga_app', mighty: false }]);
    expect(relations.filter(({ owned }) => owned)).toEqual([]);
  });

  test('every table is guarded or is one of the installation’s, every view reads as its caller', () => {
    expect(tables.length).toBeGreaterThan(20);
    expect(tables.filter((it) => !it.guarded || it.policies !== 1).map(({ name }) => name)).toEqual([]);
    expect(parts.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['core.event_archive_202611', 'frame.raw_20261120']),
    );
    expect(parts.filter(({ granted }) => granted)).toEqual([]);
    expect(views.length).toBe(10);
    expect(views.filter(({ invoker }) => !invoker).map(({ name }) => name)).toEqual([]);
    expect(relations.filter(({ name, granted }) => hidden.includes(name) && granted)).toEqual([]);
  });

  test('a row of one tenant is seen by it, by nobody else and by nobody at all; nor can another write it', async () => {
    const setup = await owner.pool.connect();
    await setup.query('set session_replication_role = replica'); // rows of any kind, without what they refer to
    for (const table of tables.filter(({ part }) => !part)) {
      const row = rowFor(table, 'mine');
      const names = Object.keys(row);
      await setup.query(
        `insert into ${table.name} (${names.map((name) => `"${name}"`).join(', ')}) values (${names.map((_, n) => `$${n + 1}`).join(', ')})`,
        Object.values(row),
      );
    }
    setup.release(true);
    const counts = async (tenant: string) =>
      transactions.run(tenant as TenantId, { plugin: 'test' }, async (tx) => {
        const found: Record<string, number> = {};
        for (const { name } of [...tables.filter(({ granted }) => granted), ...views]) {
          const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.raw(name)}`.execute(
            kyselyOf(tx),
          );
          found[name] = rows[0]!.n;
        }
        return found;
      });
    const mine = await counts('mine');
    expect(Object.entries(mine).filter(([name, n]) => n !== 1 && tables.some((it) => it.name === name))).toEqual([]);
    const others = await counts("o'ther");
    expect(Object.entries(others).filter(([, n]) => n !== 0)).toEqual([]);
    for (const { name, granted } of tables.filter((it) => it.granted)) {
      expect(granted).toBe(true);
      const nobody = await app.pool.query(`select from ${name}`);
      expect([name, nobody.rowCount]).toEqual([name, 0]);
      expect([name, (await system.pool.query(`select from ${name}`)).rowCount]).toEqual([name, 1]);
      const claimed = transactions.run('other' as TenantId, { plugin: 'test' }, (tx) => {
        const row = rowFor(
          tables.find((it) => it.name === name)!,
          'mine',
        );
        const columns = Object.keys(row).map((column) => sql.ref(column));
        return sql`insert into ${sql.raw(name)} (${sql.join(columns)}) values (${sql.join(Object.values(row))})`.execute(
          kyselyOf(tx),
        );
      });
      await expect(claimed, name).rejects.toMatchObject({ code: '42501' });
    }
  });

  test('facts and audit are appended only', async () => {
    for (const statement of ['delete from', 'update'])
      for (const table of ['core.event_log', 'core.audit']) {
        const text = statement === 'update' ? `update ${table} set tenant = 'x'` : `delete from ${table}`;
        await expect(app.pool.query(text), text).rejects.toMatchObject({ code: '42501' });
      }
  });

  test('a tenant that is set in one transaction is gone in the next on the same connection', async () => {
    const one = openDatabase<never>({ url: database.url, role: 'plugga_app', max: 1 });
    await createTransactions({ pool: one.pool, clock: realClock, random: realRandom }).run(
      'mine' as TenantId,
      { plugin: 'test' },
      async (tx) => {
        expect((await sql`select from core.session_row`.execute(kyselyOf(tx))).rows).toHaveLength(1);
      },
    );
    expect((await one.pool.query('select from core.session_row')).rowCount).toBe(0);
    await one.close();
  });
});
