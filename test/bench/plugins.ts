import { fileURLToPath } from 'node:url';
import { api, type CdrView, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { clusterOf, dataFolder, startPlatform } from '../e2e/process.ts';
import type { Load } from './load.ts';
import { allClosed, upToDate } from './quiet.ts';
import { costOf, measured } from './run.ts';
import { medianOf, spread } from './spread.ts';
import { WH_A_VISIT } from './visit.ts';

const token = 'BENCHPLUGINS0001';
const STATIONS = 50;
const without = fileURLToPath(new URL('without-prices', import.meta.url));

interface RunFigures {
  /** CPU of all processes a message, database included, microseconds. */
  readonly cpuMicros: number;
  readonly messagesPerSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** One platform on data of its own: warmed up, loaded, drained; what was charged is counted before a figure is given. */
async function oneRun(o: { readonly prices: boolean; readonly sessions: number }): Promise<RunFigures> {
  const folder = await dataFolder();
  const platform = await startPlatform({
    dataDir: folder.path,
    env: { PLUGGA_ONBOARDING: 'open' },
    ...(o.prices ? {} : { deployment: without }),
  });
  try {
    const operator = api(platform.url);
    await operator.post('tokens', { type: 'RFID', value: token });
    const processes = measured(platform.pid, clusterOf(folder.path));
    const run = (of: Omit<Load, 'url' | 'token' | 'stations' | 'version'>, quiet: () => Promise<void>) =>
      costOf({ ...of, version: '1.6', url: platform.ocpp, token, stations: STATIONS }, { measured: processes, quiet });
    const idle = { rate: 0, seconds: 0 };
    await run({ kind: 'sessions', prefix: 'warm-', sessions: 5, ...idle }, () => allClosed(operator));
    const busy = await run({ kind: 'sessions', prefix: 'busy-', sessions: o.sessions, ...idle }, () =>
      allClosed(operator),
    );
    const steady = await run({ kind: 'latency', prefix: 'steady-', sessions: 0, rate: 100, seconds: 10 }, () =>
      upToDate(operator),
    );
    await counted(operator, o);
    return {
      cpuMicros: (busy.cpuSeconds / busy.messages) * 1e6,
      messagesPerSecond: busy.messages / busy.seconds,
      p50: steady.latencyMs.p50,
      p99: steady.latencyMs.p99,
    };
  } finally {
    await platform.stop();
    await folder.remove();
  }
}

/** Every session closed to the Wh; with prices on, each with its CDR and its bill. */
async function counted(
  operator: ReturnType<typeof api>,
  o: { readonly prices: boolean; readonly sessions: number },
): Promise<void> {
  const expected = STATIONS * o.sessions;
  const sessions = (await operator.all<SessionView>('sessions?status=closed')).filter((it) =>
    it.station.startsWith('busy-'),
  );
  const ids = new Set(sessions.map(({ id }) => id));
  const of = async <T extends { session: string }>(list: string): Promise<number> =>
    (await operator.all<T>(list)).filter(({ session }) => ids.has(session)).length;
  const found = [
    sessions.length,
    sessions.reduce((sum, { energyWh }) => sum + (energyWh ?? 0), 0) / WH_A_VISIT,
    ...(o.prices ? [await of<CdrView>('cdrs'), await of<InvoiceView>('invoices')] : []),
  ];
  if (found.some((count) => count !== expected))
    throw new Error(`expected ${expected} sessions, their energy, CDRs and bills; found ${found.join(', ')}`);
}

const rows: readonly (readonly [string, keyof RunFigures, number])[] = [
  ['CPU a message, all processes, µs', 'cpuMicros', 0],
  ['messages/s, 50 stations back to back', 'messagesPerSecond', 0],
  ['latency at 100 messages/s, p50, ms', 'p50', 2],
  ['latency at 100 messages/s, p99, ms', 'p99', 2],
];

const section = (o: {
  readonly machine: string;
  readonly sessions: number;
  readonly off: readonly RunFigures[];
  readonly on: readonly RunFigures[];
}): string => {
  const line = ([what, key, digits]: (typeof rows)[number]): string => {
    const off = o.off.map((it) => it[key]);
    const on = o.on.map((it) => it[key]);
    const ratio = (medianOf(on) / medianOf(off)).toFixed(2);
    return `| ${what} | ${spread(off, digits)} | ${spread(on, digits)} | ${ratio} |`;
  };
  return `## With prices and without

\`npx -y pnpm@12.21.0 bench plugins --write\` makes this section: the default deployment with tariffs, signed values, billing and
revenue, against the same without these four, in turn and each on new data (runs of each: ${o.on.length}): ${STATIONS} stations with ${o.sessions} visits each.
Medians, and the least and most of the runs. Each visit was found closed to the watt-hour before a figure is printed, with
prices on each with its CDR and its bill.

Machine: ${o.machine}.

| | without | with | ratio |
|---|---:|---:|---:|
${rows.map(line).join('\n')}
`;
};

/** `pnpm bench plugins`: what prices, bills and revenue cost the core, by alternating runs. */
export async function benchPlugins(o: {
  readonly machine: string;
  readonly runs: number;
  readonly sessions: number;
  readonly say: (text: string) => void;
}): Promise<string> {
  const off: RunFigures[] = [];
  const on: RunFigures[] = [];
  for (let run = 1; run <= o.runs; run += 1)
    for (const prices of [false, true]) {
      const figures = await oneRun({ prices, sessions: o.sessions });
      (prices ? on : off).push(figures);
      const shown = rows.map(([what, key, digits]) => `${what}: ${figures[key].toFixed(digits)}`).join('; ');
      o.say(`run ${run} of ${o.runs} ${prices ? 'with' : 'without'}: ${shown}`);
    }
  return section({ ...o, off, on });
}
