import { loadavg } from 'node:os';
import { api, type CdrView, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { clusterOf, dataFolder, startPlatform } from '../e2e/process.ts';
import { allClosed } from './quiet.ts';
import { bareServer, costOf, measured, type Measured } from './run.ts';
import { medianOf, spread } from './spread.ts';
import { type Version, WH_A_VISIT } from './visit.ts';

const token = 'BENCHVERSIONS001';
const STATIONS = 50;
/** The bare server is so fast that less of it would be lost in the ticks in which the system counts CPU. */
const VISITS = { bare: 60, plugga: 30 } as const;
const versions = ['1.6', '2.0.1'] as const satisfies readonly Version[];
/** The issue of each version names them: CPU a message at most so many times the bare, throughput at least that part. */
const AIMS: Readonly<Record<Version, { readonly cpu: number; readonly throughput: number }>> = {
  '1.6': { cpu: 6, throughput: 0.22 },
  '2.0.1': { cpu: 6, throughput: 0.18 },
};

interface Target {
  readonly name: keyof typeof VISITS;
  readonly url: string;
  readonly measured: Measured;
  /** Resolves when everything that its stations caused has been done. */
  quiet(): Promise<void>;
}

interface RunFigures {
  readonly cpuMicros: number;
  readonly messagesPerSecond: number;
}

const runOf = async (target: Target, version: Version, prefix: string, visits: number): Promise<RunFigures> => {
  const { cpuSeconds, messages, seconds } = await costOf(
    {
      ...{ kind: 'sessions', version, url: target.url, prefix, stations: STATIONS, token, sessions: visits },
      ...{ rate: 0, seconds: 0 },
    },
    target,
  );
  return { cpuMicros: (cpuSeconds / messages) * 1e6, messagesPerSecond: messages / seconds };
};

/** Every visit closed, with its CDR and its bill, to the Wh; else no ratio is worth printing. */
const counted = async (operator: ReturnType<typeof api>, prefix: string, expected: number): Promise<void> => {
  const rows = (await operator.all<SessionView>('sessions')).filter(({ station }) => station.startsWith(prefix));
  const ids = new Set(rows.filter(({ status }) => status === 'closed').map(({ id }) => id));
  const cdrs = (await operator.all<CdrView>('cdrs')).filter(({ session }) => ids.has(session));
  const bills = (await operator.all<InvoiceView>('invoices')).filter(({ session }) => ids.has(session));
  const sum = (of: readonly { energyWh: number | null }[]): number =>
    of.reduce((total, { energyWh }) => total + (energyWh ?? 0), 0);
  const found = [rows.length, ids.size, cdrs.length, bills.length, sum(rows) / WH_A_VISIT, sum(cdrs) / WH_A_VISIT];
  if (found.some((count) => count !== expected))
    throw new Error(
      `${prefix}: expected ${expected} sessions, CDRs, bills and their energy; found ${found.join(', ')}`,
    );
};

type Runs = Readonly<Record<Version, { readonly bare: RunFigures[]; readonly plugga: RunFigures[] }>>;

const section = (machine: string, runs: Runs): string => {
  const line = (version: Version, what: string, key: keyof RunFigures, digits: number, aim: string): string => {
    const { bare, plugga } = runs[version];
    const ratios = plugga.map((it, at) => it[key] / bare[at]![key]);
    const shown = [bare, plugga].map((all) =>
      spread(
        all.map((it) => it[key]),
        digits,
      ),
    );
    return `| ${version} | ${what} | ${shown.join(' | ')} | ${spread(ratios, 2)} | ${aim} |`;
  };
  const [old, newer] = versions.map((version) => medianOf(runs[version].plugga.map((it) => it.cpuMicros)));
  return `## OCPP 2.0.1 beside 1.6

\`npx -y pnpm@12.21.0 bench versions --write\` makes this section; \`bench\` alone prints it too. A visit is Authorize, Started, six Updated
of four samples, Ended, and beside it the same visit in 1.6; the bare server gets the same frames. Four loads of ${STATIONS} stations in
turn, runs of each: ${runs['2.0.1'].plugga.length}, on one platform with all default plugins. Medians, and the least and most of the runs; a ratio is that of
two loads that followed one another, after a run that counts for nothing. CPU is counted from when the stations are connected and
quiet. Each visit was found closed, with its CDR and its bill, to the watt-hour.

Machine: ${machine}; load average ${loadavg()[0]!.toFixed(1)} after.

| OCPP | | bare \`ws\` | Plugga | ratio | aim |
|---|---|---:|---:|---:|---:|
${versions
  .flatMap((version) => [
    line(version, 'CPU a message, all processes, µs', 'cpuMicros', 1, `at most ${AIMS[version].cpu}`),
    line(version, 'messages/s, back to back', 'messagesPerSecond', 0, `at least ${AIMS[version].throughput}`),
  ])
  .join('\n')}

A message of 2.0.1 costs ${(newer! / old!).toFixed(2)} times the CPU of one of 1.6.
`;
};

/** `pnpm bench versions`: what a message costs in 2.0.1 and in 1.6, each beside the bare server, by alternating runs. */
export async function benchVersions(o: {
  readonly machine: string;
  readonly runs: number;
  readonly say: (text: string) => void;
}): Promise<string> {
  const bare = await bareServer();
  const folder = await dataFolder();
  const platform = await startPlatform({ dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open' } }).catch(
    async (error: unknown) => {
      await bare.end();
      await folder.remove();
      throw error;
    },
  );
  try {
    const operator = api(platform.url);
    await operator.post('tokens', { type: 'RFID', value: token });
    const targets: readonly Target[] = [
      {
        name: 'bare',
        url: `ws://127.0.0.1:${bare.said.port}/ocpp`,
        measured: measured(bare.process.pid ?? 0),
        quiet: () => Promise.resolve(),
      },
      {
        name: 'plugga',
        url: platform.ocpp,
        measured: measured(platform.pid, clusterOf(folder.path)),
        quiet: () => allClosed(operator),
      },
    ];
    /** Counted last: to look is no part of what a load costs. */
    const afterwards: (() => Promise<void>)[] = [];
    const runs: Runs = { '1.6': { bare: [], plugga: [] }, '2.0.1': { bare: [], plugga: [] } };
    for (let run = 0; run <= o.runs; run += 1) {
      // Caches are filled and code is compiled, which takes some 24,000 messages, by a first run that counts for nothing.
      const warming = run === 0;
      for (const version of run % 2 === 1 ? versions : versions.toReversed())
        for (const target of targets) {
          const visits = VISITS[target.name];
          const prefix = `v${version}-${target.name}-${run}-`;
          const figures = await runOf(target, version, prefix, visits);
          if (target.name === 'plugga') afterwards.push(() => counted(operator, prefix, STATIONS * visits));
          if (!warming) runs[version][target.name].push(figures);
          const { cpuMicros, messagesPerSecond } = figures;
          o.say(
            `run ${run} of ${o.runs}, ${version}, ${target.name}: ${cpuMicros.toFixed(1)} µs, ${messagesPerSecond.toFixed(0)}/s`,
          );
        }
    }
    for (const count of afterwards) await count();
    return section(o.machine, runs);
  } finally {
    await platform.stop();
    await bare.end();
    await folder.remove();
  }
}
