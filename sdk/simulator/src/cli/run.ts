import { closeSync, openSync, writeSync } from 'node:fs';
import { deliveredWhole, energyWh, type LedgerEntry } from '../ledger.ts';
import { personalities } from '../personalities/index.ts';
import { recorder } from '../recording/frames.ts';
import { fleet, type Fleet } from './fleet.ts';
import { simOptions, usage } from './options.ts';
import { replayCommand } from './replay.ts';
import type { Terminal } from './terminal.ts';

const lineOf = (entry: LedgerEntry, make: string | undefined): string =>
  JSON.stringify({
    station: entry.identity,
    ...(make === undefined ? {} : { make }),
    connector: entry.connector,
    transactionId: entry.transactionId ?? null,
    idTag: entry.idTag,
    startedAt: new Date(entry.startedAt).toISOString(),
    stoppedAt: entry.stoppedAt === undefined ? null : new Date(entry.stoppedAt).toISOString(),
    meterStartWh: entry.meterStartWh,
    meterStopWh: entry.meterStopWh ?? null,
    energyWh: energyWh(entry) ?? null,
    acknowledged: deliveredWhole(entry),
  });

const progressOf = (all: Fleet, seconds: number): string => {
  const { online, charging, finished, undelivered, energyWh: wh, refused, sent } = all.counts();
  return (
    `${seconds.toFixed(0).padStart(4)} s  ${online}/${all.stations.length} online  ${charging} charging  ` +
    `${finished} finished  ${(wh / 1_000).toFixed(1)} kWh  ${undelivered} undelivered  ${sent} frames` +
    (refused > 0 ? `  ${refused} handshakes refused` : '')
  );
};

/** The `sim` command; gives the exit code. */
export const run = async (args: readonly string[], terminal: Terminal): Promise<number> => {
  const [first, ...rest] = args.filter((arg) => arg !== '--');
  if (first === 'replay') return replayCommand(rest, terminal);
  // Its schema is read in only when there is a scenario to read.
  if (first === 'scenario') return (await import('./scenario.ts')).scenarioCommand(rest, terminal);
  let options: ReturnType<typeof simOptions>;
  try {
    options = simOptions(args);
  } catch (error) {
    terminal.err(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (options === undefined) {
    terminal.out(usage);
    return 0;
  }

  if (options === 'makes') {
    for (const { id, what } of Object.values(personalities)) terminal.out(`${id.padEnd(20)} ${what}\n`);
    return 0;
  }

  const all = fleet(options);
  let tape: number | undefined;
  if (options.record !== undefined) {
    try {
      tape = openSync(options.record, 'w');
    } catch (error) {
      terminal.err(`--record: ${String(error)}\n`);
      return 2;
    }
    const file = tape;
    for (const { identity, watch } of all.stations)
      recorder({ station: identity, watch, write: (line) => void writeSync(file, line) });
  }
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1_000;
  const show = (): void =>
    terminal.err(`${terminal.live ? '\r\u001b[K' : ''}${progressOf(all, seconds())}${terminal.live ? '' : '\n'}`);
  const ticking = setInterval(show, terminal.live ? 250 : 5_000);
  const { withinSeconds, sessions } = options;
  const ended = await new Promise<'done' | 'late' | 'interrupted'>((done) => {
    const late = setTimeout(() => done('late'), withinSeconds * 1_000);
    terminal.interrupted(() => done('interrupted'));
    // With no visits the stations are there to be online: until the time is over.
    void all.run().then(() => {
      if (sessions === 0 && all.troubles.length === 0) return;
      clearTimeout(late);
      done('done');
    });
  });
  clearInterval(ticking);
  show();
  if (terminal.live) terminal.err('\n');

  const entries = all.stations.flatMap((station) => [...station.ledger]);
  const whole = all.troubles.length === 0 && entries.every(deliveredWhole);
  if (options.json) for (const entry of entries) terminal.out(`${lineOf(entry, all.makes.get(entry.identity))}\n`);
  for (const trouble of all.troubles.slice(0, 5)) terminal.err(`${trouble}\n`);
  if (all.troubles.length > 5) terminal.err(`… and ${all.troubles.length - 5} more\n`);
  if (ended === 'late' && sessions > 0) terminal.err(`not finished after ${withinSeconds} s\n`);
  all.close();
  if (tape !== undefined) closeSync(tape);
  if (ended === 'interrupted') return 130;
  return whole && (ended === 'done' || sessions === 0) ? 0 : 1;
};
