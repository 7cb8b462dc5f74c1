import { testDatabase } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../db/open.ts';

const rows = process.env['PLUGGA_TEST'] === 'full' ? 1_000_000 : 20_000;
const months = 24;
const sessions = rows / 20;

const database = await testDatabase('archive volume');
const owner = openDatabase<unknown>({ url: database.url, max: 1 });
/** As the API reads: the working role, its tenant, row-level security. */
const app = openDatabase<unknown>({
  ...{ url: database.url, role: 'plugga_app', max: 1 },
  session: { 'plugga.tenant': 'se-plg', jit: 'off' },
});
beforeAll(async () => {
  for (let n = 0; n < months; n++)
    await owner.pool.query(`select core.make_archive_month(('2024-01-01'::date + $1 * interval '1 month')::date)`, [n]);
  const columns = 'event_id, tenant, stream, seq, station, session, type, v, at, received_at, actor, data';
  const values = (from: string) => `
    'e' || n, 'se-plg', 'station' || n % 500, n, 'station' || n % 500, 'session' || (n / 20), 'session.metered', 1, ${from}, ${from},
    'station', jsonb_build_object('readings', jsonb_build_array(jsonb_build_object('time', ${from},
      'samples', jsonb_build_array(jsonb_build_object('value', n::text)))))`;
  await owner.pool.query(
    `insert into core.event_archive (id, ${columns})
     select n, ${values(`'2024-01-01T00:00:00Z'::timestamptz + n * interval '1 day' * ${(months * 30) / rows}`)}
     from generate_series(1, ${rows - 1}) n`,
  );
  await owner.pool.query(
    `insert into core.event_log (id, ${columns}) overriding system value
     select ${rows} + n, ${values(`'2026-01-01T00:00:00Z'::timestamptz + n * interval '1 s'`)}
     from generate_series(1, ${rows / 20}) n`,
  );
  await owner.pool.query('analyze core.event_archive; analyze core.event_log');
}, 180_000);
afterAll(async () => {
  await Promise.all([owner.close(), app.close()]);
  await database.drop();
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly Plan[];
}
const nodes = (plan: Plan): readonly Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
const planOf = async (text: string): Promise<Plan> => {
  const { rows: answer } = await app.pool.query(`explain (analyze, buffers, format json) ${text}`);
  return answer[0]['QUERY PLAN'][0].Plan as Plan;
};

// What the store and the API ask, at the archive's beginning, in its middle, and across its end.
test.each([
  [
    'readings of a session',
    `select e.id, e.data from core.log e where e.session = 'session${sessions / 2}' and e.type = 'session.metered'`,
    40,
  ],
  ['readings as plugins see them', `select * from core.reading where session = 'session${sessions / 2}'`, 40],
  [
    'a session that a late fact names',
    `select * from core.log e where e.session = any ('{session7}') and e.stream = 'station141' order by e.seq`,
    40,
  ],
  ['a page of the whole log', `select * from core.log e where e.id > ${rows / 2} order by e.id limit 1000`, 1_000],
  [
    'a page across the end of the archive',
    `select * from core.log e where e.id > ${rows - 100} order by e.id limit 1000`,
    1_000,
  ],
  [
    'the events of a parked key',
    `with own as materialized (select * from core.log e where e.session = 'session9' and e.id between 1 and ${rows}) select * from own order by id limit 1`,
    40,
  ],
  [
    'the events of a station from a seq on',
    `select * from core.event_archive e where e.stream = 'station7' and e.seq >= ${rows - 5_000}`,
    40,
  ],
])(`%s: by index, whatever lies in the archive`, async (_, text, most) => {
  const plan = await planOf(text);
  const scans = nodes(plan).filter((it) => it['Node Type'] === 'Seq Scan' && it['Relation Name'] !== undefined);
  expect(scans.map((it) => it['Relation Name'])).toEqual([]);
  // A probe of three pages a month, and the rows themselves.
  expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(months * 4 + most);
});
