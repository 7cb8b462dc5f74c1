import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LedgerEntry } from '@plugga/simulator';
import { api, type Api } from '../e2e/api.ts';
import { checkBooks } from '../e2e/books.ts';
import { clusterOf, dataFolder, type Platform, startPlatform } from '../e2e/process.ts';
import { processesNaming, treeOf, usageOf } from '../processes.ts';
import { type Bombed, bombard } from './bombs.ts';
import type { Answers, ChargersQuestion } from './chargers.ts';
import type { Back, CrowdQuestion } from './crowd.ts';
import { collectable, measured } from './run.ts';
import { nowMs, type Talk, talkTo } from './talk.ts';

/** What a storm of reconnections and a bombardment cost. */
export interface StormFigures {
  readonly stations: number;
  readonly charging: number;
  readonly connectSeconds: number;
  readonly readySeconds: number;
  readonly back: Back;
  readonly cpuSeconds: { readonly platform: number; readonly database: number };
  readonly quiet: Answers;
  readonly storm: Answers;
  readonly idleBytes: number;
  readonly bombed: Bombed;
  readonly bombers: number;
  readonly growthBytes: number;
  readonly beforeBombs: Answers;
  readonly duringBombs: Answers;
  readonly transactions: number;
  readonly readings: number;
}

const CHARGING = 50;
const BOMBERS = 20;
const BOMB_MS = 10_000;
const QUIET_MS = 10_000;
const token = 'BENCHSTORM000001';

export const storm = async (o: {
  readonly stations: number;
  readonly say: (text: string) => void;
}): Promise<StormFigures> => {
  const { stations, say } = o;
  enoughFiles(stations + CHARGING + 1_000);
  const folder = await dataFolder();
  const launch = { dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open' }, node: collectable };
  const crowd: Talk = talkTo('crowd.ts');
  const chargers: Talk = talkTo('chargers.ts');
  let platform: Platform | undefined;
  const askCrowd = (question: CrowdQuestion): Promise<Back> =>
    crowd.ask(`${stations} stations accepted`, question, 180_000);
  const askChargers = <T>(question: ChargersQuestion): Promise<T> => chargers.ask(question.kind, question, 120_000);
  const answers = (from: number, to: number): Promise<Answers> => askChargers({ kind: 'answers', from, to });
  const quietly = async (): Promise<Answers> => {
    const from = nowMs();
    await sleep(QUIET_MS);
    return answers(from, nowMs());
  };

  try {
    platform = await startPlatform(launch);
    const { port } = platform;
    const operator = api(platform.url);
    await operator.post('tokens', { type: 'RFID', value: token });
    await askChargers({ kind: 'begin', port, prefix: 'storm-c-', stations: CHARGING, token });
    const memory = measured(platform.pid);
    const emptyBytes = await memory.memoryBytes();
    say(`${stations} stations connect for the first time, beside ${CHARGING} that charge`);
    const first = await askCrowd({ kind: 'dial', port, prefix: 'storm-i-', stations });
    const idleBytes = ((await memory.memoryBytes()) - emptyBytes) / stations;
    const quiet = await quietly();

    say('kill -9, and they all come back');
    await platform.kill();
    platform = await startPlatform({ ...launch, port });
    const readyAt = nowMs();
    const before = cpuOf(platform);
    const back = await askCrowd({ kind: 'back' });
    const after = cpuOf(platform);
    const inStorm = await answers(readyAt, back.lastAt);
    await allOnline(operator, stations + CHARGING);

    say(`${BOMBERS} stations send 100 MiB at a time`);
    await sleep(QUIET_MS);
    const beforeBombs = await quietly();
    const { from, to, growthBytes, bombed } = await bombing(platform, port);
    const duringBombs = await answers(from, to);

    const ledger = await askChargers<LedgerEntry[]>({ kind: 'end' });
    const flags = ['offlineAuthorized'];
    const books = await checkBooks({ operator, ledger, flags, withinMs: 60_000, readingsOfEach: 1 });
    return {
      stations,
      charging: CHARGING,
      connectSeconds: (first.lastAt - first.firstAt) / 1_000,
      readySeconds: platform.readyMs / 1_000,
      back,
      cpuSeconds: { platform: after.platform - before.platform, database: after.database - before.database },
      quiet,
      storm: inStorm,
      idleBytes,
      bombed,
      bombers: BOMBERS,
      growthBytes,
      beforeBombs,
      duringBombs,
      transactions: books.transactions,
      readings: ledger.reduce((sum, entry) => sum + entry.messages.length - 2, 0),
    };
  } finally {
    await crowd.end();
    await chargers.end();
    await platform?.stop();
    await folder.remove();
  }
};

const cpuOf = (platform: Platform): { platform: number; database: number } => ({
  platform: usageOf([platform.pid]).cpuSeconds,
  database: usageOf([...new Set(processesNaming(clusterOf(platform.dataDir)).flatMap(treeOf))]).cpuSeconds,
});

/** Memory is looked at all the while: what was given back again counts too. */
const bombing = async (
  platform: Platform,
  port: number,
): Promise<{ from: number; to: number; growthBytes: number; bombed: Bombed }> => {
  const memory = (): number => usageOf([platform.pid]).memoryBytes;
  const before = memory();
  let highest = before;
  const watch = setInterval(() => (highest = Math.max(highest, memory())), 100);
  const from = nowMs();
  try {
    const bombed = await bombard({ port, prefix: 'storm-b-', stations: BOMBERS, ms: BOMB_MS });
    return { from, to: nowMs(), growthBytes: highest - before, bombed };
  } finally {
    clearInterval(watch);
  }
};

/** The platform says of each that it is connected: none was lost on the way. */
const allOnline = async (operator: Api, expected: number): Promise<void> => {
  const online = await operator.all<{ readonly identity: string }>('stations?online=true');
  if (online.length !== expected) throw new Error(`${online.length} stations are online, ${expected} are connected`);
};

/** Node raises the soft limit to the hard one by itself. */
const enoughFiles = (wanted: number): void => {
  const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? '0';
  if (hard !== 'unlimited' && Number(hard) < wanted)
    throw new Error(`a process may open ${hard} files here, ${wanted} are needed: raise it with ulimit -Hn`);
};
