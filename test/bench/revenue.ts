import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPlatform, testDatabase } from '@plugga/testing';
import { Pool } from 'pg';
import deployment from '../../plugga.config.ts';
import { api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';
import type { ChargersQuestion } from './chargers.ts';
import { quantile, type Talk, talkTo } from './talk.ts';

const token = 'BENCHREVENUE0001';
const SECONDS = 20;
const SESSIONS = 1_000;
const PRICES = 50;
const MOST_MS = 2_000;
/** How often the bench looks how far the books have come: the figures are that much too long. */
const LOOK_MS = 100;

/**
 * How far revenue is behind the meter, all default plugins listening, each station with a reading a second: from when a reading
 * was received to its price, to the books and to the `revenue.changed` that holds it. Then what the books cost by themselves: running prices a second while
 * the plugin is rebuilt from the log.
 */
export async function benchRevenue(o: {
  readonly stations: number;
  readonly say: (text: string) => void;
}): Promise<void> {
  const { stations, say } = o;
  const made = await testDatabase('bench_revenue');
  const pool = new Pool({ connectionString: made.url, max: 2, options: '-c plugga.tenant=*' });
  pool.on('error', () => undefined);
  const platform = await startPlatform({
    ...deployment,
    env: { PLUGGA_ONBOARDING: 'open', DATABASE_URL: made.url },
  });
  const chargers: Talk = talkTo('chargers.ts');
  try {
    const operator = api(platform.url, platform.adminKey);
    await operator.post('tokens', { type: 'RFID', value: token });
    const port = Number(new URL(platform.url).port);
    const begin: ChargersQuestion = { kind: 'begin', port, prefix: 'BENCH-R-', stations, token };
    const seen: { readonly at: number; readonly position: bigint }[] = [];
    let looks = true;
    // Before the first reading: one that is in the books by the first look is not late.
    const looking = (async () => {
      for (; looks; await sleep(LOOK_MS)) {
        const { rows } = await pool.query<{ position: string }>(
          `select position from core.plugin_cursor where plugin = 'revenue'`,
        );
        seen.push({ at: Date.now(), position: BigInt(rows[0]?.position ?? 0) });
      }
    })();
    await chargers.ask('the stations begin', begin, 60_000);
    await sleep(SECONDS * 1_000);
    looks = false;
    await looking;
    await chargers.ask('every transaction ends', { kind: 'end' } satisfies ChargersQuestion, 120_000);
    await platform.settled(120_000);
    const { rows: priced } = await pool.query<{ position: string; received: number; priced: number; told: number }>(`
      select p.id as position, extract(epoch from m.received_at)::float * 1000 as received,
        extract(epoch from p.received_at)::float * 1000 as priced, extract(epoch from c.received_at)::float * 1000 as told
      from core.event_log p
        join core.event_log m on m.event_id = p.cause and m.type = 'session.metered'
        cross join lateral (
          select c.received_at from core.event_log c
          where c.type = 'revenue.changed' and c.id > p.id and (c.data ->> 'position')::bigint >= p.id
          order by c.id limit 1
        ) c
      where p.type = 'session.priced' order by p.id`);
    const inBooks = priced.flatMap(({ position, received }) => {
      const first = seen.find((it) => it.position >= BigInt(position));
      return first === undefined ? [] : [Math.max(first.at - received, 0)];
    });
    say(`${stations} stations, a reading a second each, ${SECONDS} s; load of the machine ${loadavg()[0]?.toFixed(1)}`);
    const shown = (what: string, unsorted: readonly number[]): void => {
      const ms = unsorted.toSorted((a, b) => a - b);
      const [p50, p99, most] = [quantile(ms, 0.5), quantile(ms, 0.99), ms.at(-1) ?? 0].map(
        (it) => `${it.toFixed(0)} ms`,
      );
      const late = ms.filter((it) => it > MOST_MS).length;
      say(`reading to ${what}: median ${p50}, p99 ${p99}, longest ${most}; ${late} of ${ms.length} later than 2 s`);
    };
    shown(
      'its price in the log',
      priced.map((it) => it.priced - it.received),
    );
    shown('the books', inBooks);
    shown(
      'revenue.changed',
      priced.map((it) => it.told - it.received),
    );

    // The first session's prices again, for many sessions of as many hours.
    await pool.query(`
      insert into core.event_log (event_id, tenant, stream, seq, session, type, v, at, received_at, actor, data)
      select 'bench-' || s || '-' || n, p.tenant, 'tariffs:bench-' || s, n, 'bench-' || s, p.type, p.v,
        p.at - interval '1 hour', p.received_at - interval '1 hour', p.actor,
        p.data || jsonb_build_object('energyWh', n * 100)
      from (select * from core.event_log where type = 'session.priced' and not (data ->> 'final')::boolean limit 1) p,
        generate_series(1, ${PRICES}) n, generate_series(1, ${SESSIONS}) s
      order by n, s`);
    await platform.settled(300_000);
    await sleep(1_000);
    const before = process.cpuUsage();
    const from = performance.now();
    await operator.post('plugins/revenue/rebuild');
    // Of the stored cursor: what the lane knows is still that of before for a moment.
    await eventually('the rebuild', 300_000, async () => {
      const { rows } = await pool.query<{ done: boolean }>(`
        select position >= (select max(id) from core.event_log where type = 'session.priced') as done
        from core.plugin_cursor where plugin = 'revenue'`);
      if (rows[0]?.done !== true) throw new Error('behind');
    });
    const seconds = (performance.now() - from) / 1_000;
    const { user, system } = process.cpuUsage(before);
    const { rows: counted } = await pool.query<{ n: number }>(
      `select count(*)::integer as n from core.event_log where type = 'session.priced'`,
    );
    const n = counted[0]!.n;
    const micros = ((user + system) / n).toFixed(0);
    say(
      `rebuild: ${n} prices in ${seconds.toFixed(1)} s, ${(n / seconds).toFixed(0)} a second; ${micros} us of our CPU a price`,
    );
  } finally {
    await chargers.end();
    await platform.stop();
    await pool.end();
    await made.drop();
  }
}
