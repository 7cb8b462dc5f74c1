import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { api, type Api, type CdrView, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { clusterOf, dataFolder, startPlatform } from '../e2e/process.ts';
import { benchBilling } from './billing.ts';
import { journalRuns, journalSection } from './journal.ts';
import type { Load } from './load.ts';
import { writeHead, writeSection } from './page.ts';
import { benchPlugins } from './plugins.ts';
import { benchPrice } from './price.ts';
import { allClosed } from './quiet.ts';
import { benchRevenue } from './revenue.ts';
import { bareServer, collectable, costOf, load, measured, type Measured } from './run.ts';
import { stormSection } from './storm-table.ts';
import { storm } from './storm.ts';
import { type Figures, table } from './table.ts';
import { benchVersions } from './versions.ts';

/**
 * `pnpm bench [--write]`: the platform, all default plugins listening, beside a bare `ws` server, in one run on one
 * machine, then OCPP 2.0.1 beside 1.6. Every session, CDR and watt-hour is checked before a ratio is printed. `pnpm bench
 * versions [--runs <n>] [--write]`: the latter alone. `pnpm bench storm [--stations <n>]
 * [--write]`: how a crowd comes back after a crash, and what bombs cost. `pnpm bench journal [--write]`: what the journal takes
 * while the database is away. `pnpm bench price`: sessions priced a second on one core. `pnpm bench billing`: CDRs,
 * PDFs and e-invoices a second. `pnpm bench revenue`: how far revenue is behind the meter, and what its books cost.
 * `pnpm bench plugins [--runs <n>] [--sessions <n>] [--write]`: what prices, bills and revenue cost the core, with and
 * without in turn. All end by themselves.
 */

const token = 'BENCH00000000001';
const sessionsLoad = {
  kind: 'sessions',
  version: '1.6',
  stations: 50,
  sessions: 60,
  token,
  rate: 0,
  seconds: 0,
} as const;
const latencyLoad = {
  kind: 'latency',
  version: '1.6',
  stations: 50,
  sessions: 0,
  token,
  rate: 100,
  seconds: 10,
} as const;
const idleLoad = { kind: 'idle', version: '1.6', stations: 2_000, sessions: 0, token, rate: 0, seconds: 0 } as const;
const BOUND_MS = 8 * 60_000;
/** Of each platform that `bench plugins` starts. */
const RUN_BOUND_MS = 4 * 60_000;
/** Of each run of `bench versions`: four loads. */
const ROUND_BOUND_MS = 2 * 60_000;

interface Target {
  readonly name: string;
  readonly url: string;
  readonly measured: Measured;
  /** Resolves when everything that its stations caused has been done. */
  quiet(): Promise<void>;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

const measure = async (target: Target): Promise<Figures> => {
  const run = (o: Omit<Load, 'url' | 'prefix'>, prefix: string) => costOf({ ...o, url: target.url, prefix }, target);
  // Code is compiled and caches are filled by a first, small run.
  await run({ ...sessionsLoad, stations: 10, sessions: 10 }, `${target.name}-warm-`);
  say(`${target.name}: ${idleLoad.stations} idle stations`);
  const before = await target.measured.memoryBytes();
  const idle = await load({ ...idleLoad, url: target.url, prefix: `${target.name}-i-` });
  await target.quiet();
  const after = await target.measured.memoryBytes();
  await idle.end();
  say(`${target.name}: the same ${idleLoad.stations} stations reconnect`);
  const again = await load({ ...idleLoad, url: target.url, prefix: `${target.name}-i-` });
  await again.end();
  say(`${target.name}: sessions`);
  const sessions = await run(sessionsLoad, `${target.name}-s-`);
  say(`${target.name}: latency at ${latencyLoad.rate} messages/s`);
  const steady = await run(latencyLoad, `${target.name}-l-`);

  return {
    name: target.name,
    cpuMicros: (sessions.cpuSeconds / sessions.messages) * 1e6,
    messagesPerSecond: sessions.messages / sessions.seconds,
    latencyMs: steady.latencyMs,
    idleBytes: (after - before) / idleLoad.stations,
    reconnectSeconds: again.said.seconds,
  };
};

/** What the load charged must be there, closed and billed, to the Wh; else no ratio is worth printing. */
const checked = async (operator: Api): Promise<string> => {
  const expected = sessionsLoad.stations * sessionsLoad.sessions;
  const mine = <T extends { station: string }>(rows: readonly T[]): T[] =>
    rows.filter((row) => row.station.startsWith('plugga-s-'));
  const sessions = mine(await operator.all<SessionView>('sessions')).filter((one) => one.status === 'closed');
  const ids = new Set(sessions.map((session) => session.id));
  const cdrs = (await operator.all<CdrView>('cdrs')).filter((cdr) => ids.has(cdr.session));
  const bills = (await operator.all<InvoiceView>('invoices')).filter((bill) => ids.has(bill.session));
  const sum = (rows: readonly { energyWh: number | null }[]): number =>
    rows.reduce((total, row) => total + (row.energyWh ?? 0), 0);
  const wh = expected * 3_000;
  const found = `${sessions.length} sessions, ${cdrs.length} CDRs, ${bills.length} bills; ${sum(sessions)}, ${sum(cdrs)}, ${sum(bills)} Wh`;
  const right =
    [sessions, cdrs, bills].every((rows) => rows.length === expected) &&
    [sum(sessions), sum(cdrs), sum(bills)].every((total) => total === wh);
  if (!right) throw new Error(`expected ${expected} of each and ${wh} Wh, found ${found}`);
  return found;
};

const machine = `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}, Node ${process.version}, load average ${loadavg()[0]?.toFixed(1)} before`;

const messages = async (write: boolean): Promise<void> => {
  const bare = await bareServer();
  const floor = await measure({
    name: 'bare',
    url: `ws://127.0.0.1:${bare.said.port}/ocpp`,
    measured: measured(bare.process.pid ?? 0),
    quiet: () => Promise.resolve(),
  }).finally(() => bare.end());

  const folder = await dataFolder();
  const platform = await startPlatform({
    dataDir: folder.path,
    env: { PLUGGA_ONBOARDING: 'open' },
    node: collectable,
  });
  try {
    const operator = api(platform.url);
    await operator.post('tokens', { type: 'RFID', value: token });
    const ours = await measure({
      name: 'plugga',
      url: platform.ocpp,
      measured: measured(platform.pid, clusterOf(folder.path)),
      quiet: () => allClosed(operator),
    });
    say(await checked(operator));
    const text = table({ machine, floor, ours });
    process.stdout.write(text);
    if (write) writeHead(text);
  } finally {
    await platform.stop();
    await folder.remove();
  }
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    stations: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '5' },
    sessions: { type: 'string', default: '60' },
  },
});
const [what, ...rest] = positionals;
if (
  !['versions', 'storm', 'journal', 'price', 'billing', 'revenue', 'plugins', undefined].includes(what) ||
  rest.length > 0
)
  throw new Error('pnpm bench [versions | storm | journal | price | billing | revenue | plugins] [--write]');

const runs = Number(values.runs);
const boundOf = (): number => {
  if (what === 'plugins') return runs * 2 * RUN_BOUND_MS;
  return what === undefined || what === 'versions' ? BOUND_MS + runs * ROUND_BOUND_MS : BOUND_MS;
};
const boundMs = boundOf();
const versions = async (): Promise<void> => {
  const text = await benchVersions({ machine, runs, say });
  process.stdout.write(text);
  if (values.write) writeSection(text);
};
const bound = setTimeout(() => {
  say(`stalled: the bench did not end within ${boundMs / 60_000} min`);
  process.exit(1);
}, boundMs);
if (what === undefined) {
  await messages(values.write);
  process.stdout.write('\n');
  await versions();
} else if (what === 'versions') await versions();
else if (what === 'revenue')
  await benchRevenue({ stations: 100, say: (text) => void process.stdout.write(`${text}\n`) });
else if (what === 'price') benchPrice((text) => void process.stdout.write(`${text}\n`));
else if (what === 'billing') await benchBilling((text) => void process.stdout.write(`${text}\n`));
else if (what === 'plugins') {
  const text = await benchPlugins({ machine, runs, sessions: Number(values.sessions), say });
  process.stdout.write(text);
  if (values.write) writeSection(text);
} else if (what === 'journal') {
  const text = journalSection(machine, await journalRuns(say));
  process.stdout.write(text);
  if (values.write) writeSection(text);
} else {
  const figures = await storm({ stations: Number(values.stations), say });
  say(JSON.stringify(figures, null, 2));
  const text = stormSection(machine, figures);
  process.stdout.write(text);
  if (values.write) writeSection(text);
}
clearTimeout(bound);
