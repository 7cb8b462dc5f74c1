import { fileURLToPath } from 'node:url';
import { api, type Api, type CdrView, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { clusterOf, dataFolder, startPlatform } from '../e2e/process.ts';
import { usageOf } from '../processes.ts';
import { allClosed } from './quiet.ts';
import { load, measured } from './run.ts';
import { medianOf, spread } from './spread.ts';
import { type Version, WH_A_VISIT } from './visit.ts';

// What each plugin adds to a message, itself and what its delivery costs: node test/bench/each-plugin.ts [visits a station] [rounds].
// A platform on new data for each step, with one plugin more than the one before; CPU of the process and of its database apart.
// Every visit is found closed, and from billing on with its CDR and its bill, before the table is printed.

const visits = Number(process.argv[2] ?? 20);
const rounds = Number(process.argv[3] ?? 3);
const STATIONS = 50;
const token = 'BENCHEACH0000001';
const deployment = fileURLToPath(new URL('some-plugins', import.meta.url));
const versions = ['1.6', '2.0.1'] as const satisfies readonly Version[];
const steps = [
  ['no plugin', []],
  ['tariffs', ['tariffs']],
  ['signed-values', ['signed-values']],
  ['billing', ['billing']],
  ['revenue', ['revenue']],
  ['the others', ['certificates', 'plug-and-charge', 'smart-charging', 'maintenance', 'operator-console']],
] as const satisfies readonly (readonly [string, readonly string[]])[];

/** CPU a message, microseconds. */
interface Micros {
  readonly own: number;
  readonly database: number;
}

const started = async (plugins: readonly string[]) => {
  const folder = await dataFolder();
  const env = { PLUGGA_ONBOARDING: 'open', BENCH_PLUGINS: plugins.join(',') };
  const platform = await startPlatform({ dataDir: folder.path, env, deployment, readyWithinMs: 120_000 });
  const operator = api(platform.url);
  await operator.post('tokens', { type: 'RFID', value: token });
  return {
    ...{ operator, platform, billed: plugins.includes('billing') },
    all: measured(platform.pid, clusterOf(folder.path)),
    own: () => usageOf([platform.pid]).cpuSeconds,
    stop: async () => {
      await platform.stop();
      await folder.remove();
    },
  };
};
type Started = Awaited<ReturnType<typeof started>>;

const counted = async (operator: Api, prefix: string, expected: number, billed: boolean): Promise<void> => {
  const closed = (await operator.all<SessionView>('sessions?status=closed')).filter(({ station }) =>
    station.startsWith(prefix),
  );
  const wh = closed.reduce((sum, { energyWh }) => sum + (energyWh ?? 0), 0);
  const ids = new Set(closed.map(({ id }) => id));
  const of = async <T extends { session: string }>(list: string): Promise<number> =>
    billed ? (await operator.all<T>(list)).filter(({ session }) => ids.has(session)).length : expected;
  const found = [closed.length, wh / WH_A_VISIT, await of<CdrView>('cdrs'), await of<InvoiceView>('invoices')];
  if (found.some((count) => count !== expected))
    throw new Error(
      `${prefix}: expected ${expected} sessions, their energy, CDRs and bills; found ${found.join(', ')}`,
    );
};

const run = async (on: Started, version: Version, prefix: string, sessions: number): Promise<Micros> => {
  const used = (): readonly [number, number] => [on.own(), on.all.cpuSeconds()];
  let before = used();
  const running = await load(
    {
      ...{ kind: 'sessions', version, url: on.platform.ocpp, prefix, stations: STATIONS, token, sessions },
      ...{ rate: 0, seconds: 0 },
    },
    async () => {
      await allClosed(on.operator);
      before = used();
    },
  );
  await allClosed(on.operator);
  const [own, all] = used();
  await running.end();
  if (running.said.errors > 0) throw new Error(`${prefix}: ${running.said.errors} messages answered with CALLERROR`);
  const { messages } = running.said;
  const micros = (seconds: number): number => (seconds / messages) * 1e6;
  return { own: micros(own - before[0]), database: micros(all - before[1] - (own - before[0])) };
};

const figures = steps.map(() => ({ '1.6': [] as Micros[], '2.0.1': [] as Micros[] }));
for (let round = 1; round <= rounds; round += 1)
  for (const [at, [name]] of steps.entries()) {
    const on = await started(steps.slice(0, at + 1).flatMap(([, names]) => names));
    try {
      const prefixOf = (version: Version, sessions: number): string => `each-${version}-${sessions}-`;
      // A first, smaller load counts for nothing: code is compiled by it, and caches are filled.
      for (const sessions of [Math.ceil(visits / 3), visits])
        for (const version of versions) {
          const micros = await run(on, version, prefixOf(version, sessions), sessions);
          if (sessions !== visits) continue;
          figures[at]![version].push(micros);
          console.error(`${round} ${version} ${name}: ${micros.own.toFixed(0)} + ${micros.database.toFixed(0)} us`);
        }
      for (const version of versions)
        await counted(on.operator, prefixOf(version, visits), STATIONS * visits, on.billed);
    } finally {
      await on.stop();
    }
  }

const wholeOf = (of: readonly Micros[]): number => medianOf(of.map(({ own, database }) => own + database));
console.log(`| | ${versions.map((it) => `${it}: process | database | adds`).join(' | ')} |`);
console.log(`|---|${versions.map(() => '---:|---:|---:|').join('')}`);
for (const [at, [name]] of steps.entries()) {
  const cells = versions.flatMap((version) => {
    const of = figures[at]![version];
    const before = at === 0 ? undefined : wholeOf(figures[at - 1]![version]);
    const [own, database] = [of.map((it) => it.own), of.map((it) => it.database)];
    return [spread(own, 0), spread(database, 0), before === undefined ? '' : (wholeOf(of) - before).toFixed(0)];
  });
  console.log(`| ${at === 0 ? name : `and ${name}`} | ${cells.join(' | ')} |`);
}
