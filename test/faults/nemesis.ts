import { setTimeout as sleep } from 'node:timers/promises';
import { random, type Random } from '../simulation-lite/random.ts';
import { fell, freeze } from './database.ts';
import type { Disk } from './disk.ts';
import type { Keeper } from './keeper.ts';
import type { Line } from './line.ts';

/** What is done to the database, one after another; with `full` the journal's disk is full all the while. */
export interface Outage {
  /** Since the outage before has ended. */
  readonly afterMs: number;
  readonly what: 'freeze' | 'fell';
  readonly ms: number;
  readonly full: boolean;
}

export interface Plan {
  readonly seed: number;
  readonly outages: readonly Outage[];
}

/** 10 stops and 5 kills of the database for 1 to 30 s, two of them with a full disk, over about three minutes. */
export const planOf = (seed: number): Plan => {
  const dice = random(seed);
  const drawn: Omit<Outage, 'afterMs'>[] = [];
  for (const seconds of [1, 1, 2, 2, 3, 3, 4, 6, 12, 30])
    drawn.push({ what: 'freeze', ms: seconds * 1_000, full: seconds === 12 });
  for (const seconds of [1, 2, 4, 8, 20]) drawn.push({ what: 'fell', ms: seconds * 1_000, full: seconds === 8 });
  const outages: Outage[] = [];
  while (drawn.length > 0) {
    const [next] = drawn.splice(dice.below(drawn.length), 1);
    outages.push({ ...next!, afterMs: dice.between(3_000, 7_000) });
  }
  return { seed, outages };
};

export interface Deeds {
  readonly seconds: number;
  readonly kills: { readonly starting: number; readonly running: number };
  readonly stops: number;
  readonly fells: number;
  readonly fills: number;
  readonly resets: number;
  readonly halfOpen: number;
  readonly lostAnswers: number;
}

const KILL_EVERY_MS = 5_000;
/** What was alive for less has done nothing yet that could be lost. */
const ALIVE_MS = 1_000;
/** A start that the database does not hold up is given so long; and so is one after so many that were killed. */
const START_MS = 20_000;
const MOST_UNBORN = 3;
/** How long an outage waits for a platform that works, and how long that lives on in it. */
const AT_WORK_MS = 10_000;
const LIVED_MS = 3_500;

/**
 * Does its worst to a platform until its plan is carried out and the time is over: kills it every 5 s, stops and kills its
 * database, fills the disk of its journal, and cuts, deafens and half-opens the lines of its stations.
 */
export const nemesis = async (o: {
  readonly plan: Plan;
  readonly seconds: number;
  readonly dataDir: string;
  readonly keeper: Keeper;
  readonly line: Line;
  /** Undefined: no disk can be filled here. */
  readonly disk: Disk | undefined;
  readonly told: (deed: string) => void;
}): Promise<Deeds> => {
  const { keeper, line, plan, told } = o;
  const dice = random(plan.seed + 1);
  const began = performance.now();
  const elapsed = (): number => performance.now() - began;
  const kills = { starting: 0, running: 0 };
  const done = { stops: 0, fells: 0, fills: 0, resets: 0, halfOpen: 0, lostAnswers: 0 };
  let outage: Outage | undefined;
  let outageAt = 0;
  let over = false;

  /** An outage that no platform lives to see is none. */
  const atWork = async (): Promise<void> => {
    const until = performance.now() + AT_WORK_MS;
    while (keeper.platform === undefined && performance.now() < until) await sleep(50);
  };

  const outages = async (): Promise<void> => {
    for (const next of plan.outages) {
      await sleep(next.afterMs);
      await atWork();
      const disk = next.full ? o.disk : undefined;
      const undo = next.what === 'freeze' ? (await freeze(o.dataDir)).thaw : await fell(o.dataDir);
      outage = next;
      outageAt = performance.now();
      if (next.what === 'freeze') done.stops += 1;
      else done.fells += 1;
      told(`database ${next.what}, ${next.ms} ms${disk === undefined ? '' : ', disk of the journal full'}`);
      if (disk !== undefined) {
        await disk.fill();
        done.fills += 1;
      }
      await sleep(next.ms);
      await disk?.empty();
      await undo();
      outage = undefined;
      told('database let go');
    }
    const rest = o.seconds * 1_000 - elapsed();
    if (rest > 0) await sleep(rest);
    over = true;
  };

  const killing = async (): Promise<void> => {
    let last = performance.now();
    let ready: number | undefined;
    let unborn = 0;
    while (!over) {
      await sleep(50);
      const now = performance.now();
      if (keeper.platform === undefined) ready = undefined;
      else ready ??= now;
      const waits = (outage === undefined || unborn >= MOST_UNBORN) && now - last < START_MS;
      // Long enough for what waits for the database to go to the journal.
      if (outage !== undefined && ready !== undefined && now - outageAt < LIVED_MS) continue;
      if (now - last < KILL_EVERY_MS || (waits && (ready === undefined || now - ready < ALIVE_MS))) continue;
      last = now;
      const when = await keeper.kill();
      kills[when] += 1;
      unborn = when === 'starting' ? unborn + 1 : 0;
      told(`platform killed while ${when}`);
    }
  };

  const wires = async (): Promise<void> => {
    while (!over) {
      await sleep(dice.between(200, 1_500));
      const { wires: open } = line;
      if (open.length === 0) continue;
      const wire = dice.pick(open);
      const ms = dice.between(500, 8_000);
      const deed = deedOf(dice);
      done[deed] += 1;
      told(`${deed} of a line${deed === 'resets' ? '' : `, ${ms} ms`}`);
      if (deed === 'resets') wire.reset();
      else wire.silence(deed === 'halfOpen' ? 'all' : 'answers', ms);
    }
  };

  await Promise.all([outages(), killing(), wires()]);
  return { seconds: Math.round(elapsed() / 1_000), kills, ...done };
};

const deedOf = (dice: Random): 'resets' | 'halfOpen' | 'lostAnswers' =>
  dice.pick(['resets', 'resets', 'halfOpen', 'lostAnswers'] as const);
