import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { folderDisk, openJournal } from '@plugga/core/database';
import { instant } from '@plugga/kit';
import { root } from '../e2e/process.ts';

/** What `writers` stations at once get out of the journal, each with one message under way. */
export interface JournalRun {
  readonly writers: number;
  readonly unitsPerSecond: number;
  readonly unitsPerSync: number;
  readonly syncMs: { readonly p50: number; readonly p99: number };
  readonly ackMs: { readonly p50: number; readonly p99: number };
}

const WRITERS = [1, 10, 100, 1_000] as const;
const SECONDS = 3;

const quantile = (values: Float64Array, of: number): number => values[Math.floor((values.length - 1) * of)] ?? 0;
const p = (values: readonly number[]) => {
  const sorted = Float64Array.from(values).sort();
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) };
};

/** A MeterValues of four samples, as the core keeps it: about 1 KiB. */
const unitOf = (station: number, seq: number) => {
  const samples = ['Energy.Active.Import.Register', 'Power.Active.Import', 'Current.Import', 'Voltage'].map(
    (measurand, n) => ({ measurand, value: String(1_000 + seq * 10 + n), unit: 'Wh', context: 'Sample.Periodic' }),
  );
  const at = instant(Date.now());
  const data = { source: 'transaction', readings: [{ time: new Date(at).toISOString(), samples }] };
  return {
    ...{ id: `${station}-${seq}`, tenant: 'bench' as never, station: `S${station}` as never, firstSeq: seq },
    events: [{ id: `e-${station}-${seq}` as never, type: 'session.metered', v: 1, at, receivedAt: at, data }],
    ...{ sessions: [], due: [], dueGone: [], raw: randomBytes(300), action: 'MeterValues' },
  };
};

const clock = { now: () => instant(Date.now()), at: () => () => undefined };
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: console.error };

/** On the disk that the repository lies on: PLUGGA_DATA lies there too, unless it is set. */
export const journalRuns = async (say: (text: string) => void): Promise<readonly JournalRun[]> => {
  const folder = join(root, 'data', `bench-journal-${process.pid}`);
  await mkdir(folder, { recursive: true });
  const runs: JournalRun[] = [];
  try {
    for (const writers of WRITERS) {
      say(`journal: ${writers} writers`);
      const syncs: number[] = [];
      const acks: number[] = [];
      const disk = folderDisk(join(folder, String(writers)));
      const timed = {
        ...disk,
        sync: async (name: string) => {
          const began = performance.now();
          await disk.sync(name);
          syncs.push(performance.now() - began);
        },
      };
      const journal = await openJournal({ disk: timed, clock, log, installation: 'bench', node: 'bench' });
      const until = performance.now() + SECONDS * 1_000;
      const write = async (station: number): Promise<void> => {
        for (let seq = 1; performance.now() < until; seq += 1) {
          const began = performance.now();
          await journal.append(unitOf(station, seq));
          acks.push(performance.now() - began);
        }
      };
      await Promise.all(Array.from({ length: writers }, (_, station) => write(station)));
      const { entries } = journal.figures();
      await journal.close();
      if (entries !== acks.length) throw new Error(`${acks.length} were acknowledged, ${entries} are in the journal`);
      runs.push({
        writers,
        unitsPerSecond: acks.length / SECONDS,
        unitsPerSync: acks.length / syncs.length,
        ...{ syncMs: p(syncs), ackMs: p(acks) },
      });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return runs;
};

const ms = (it: { readonly p50: number; readonly p99: number }): string => `${it.p50.toFixed(2)}, ${it.p99.toFixed(2)}`;

/** The section of docs/performance.md about the journal. */
export const journalSection = (machine: string, runs: readonly JournalRun[]): string => `## The journal

\`npx -y pnpm@12.21.0 bench journal --write\` makes this section: what is acknowledged while the database is away, ${SECONDS} s for
each line, on the disk that the repository lies on. A unit is a MeterValues of four samples with its raw frame; a writer
gives the next one when the one before is acknowledged.

Machine: ${machine}; load average ${loadavg()[0]?.toFixed(1)}.

| writers at once | units/s | units a sync | fdatasync p50, p99, ms | acknowledged p50, p99, ms |
| --------------: | ------: | -----------: | ---------------------: | ------------------------: |
${runs
  .map(
    (it) =>
      `| ${it.writers} | ${Math.round(it.unitsPerSecond)} | ${it.unitsPerSync.toFixed(1)} | ${ms(it.syncMs)} | ${ms(it.ackMs)} |`,
  )
  .join('\n')}
`;
