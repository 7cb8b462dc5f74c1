import type { Adapter, TenantId } from '@plugga/kit';
import { chance as chanceOf } from './chance.ts';
import { type FaultName, ratesOf } from './faults.ts';
import { nemesis } from './nemesis.ts';
import type { RealDatabase, Slot } from './real-database.ts';
import { openStage } from './stage.ts';

export interface SeedOptions {
  readonly seed: number;
  readonly adapters: readonly Adapter[];
  readonly real: RealDatabase;
  /** About how many messages its stations say. */
  readonly messages?: number;
  readonly keepTrace?: boolean;
  /** Each line as it comes. */
  readonly heard?: (line: string) => void;
  /** Between two moments, for a replay by hand. */
  readonly between?: () => Promise<void>;
}

export interface SeedResult {
  readonly seed: number;
  readonly messages: number;
  readonly steps: number;
  readonly faults: ReadonlyMap<FaultName, number>;
  readonly violations: readonly string[];
  readonly trace: readonly string[];
}

const HOUR = 3_600_000;
/** A seed whose stations are cut off all the time ends all the same. */
const MOST_HOURS = 8;

/** One seed from its first message to the check of its books. */
export const runSeed = (o: SeedOptions): Promise<SeedResult> => o.real.borrow((slot) => run(o, slot));

async function run(o: SeedOptions, slot: Slot): Promise<SeedResult> {
  const { seed, real, adapters, heard } = o;
  const chance = chanceOf(`seed ${seed}`);
  const own = chance.fork('world');
  const stage = await openStage({
    ...{ tenant: `sim-${seed}` as TenantId, real, slot, adapters, chance },
    rates: ratesOf(chance.fork('rates')),
    stations: own.between(1, 3),
    settle: own.pick(['now', 'now', 'unplug', 'silent']),
    keepTrace: o.keepTrace === true,
    ...(heard === undefined ? {} : { heard }),
  });
  const { time, stations } = stage;
  const said = (): number => stations.reduce((sum, it) => sum + it.said, 0);
  time.between = o.between;
  stage.come();
  for (const station of stations) station.live();
  nemesis(stage, slot, own);
  const messages = o.messages ?? own.between(330, 470);
  await time.until(time.now + MOST_HOURS * HOUR, () => said() >= messages);
  const violations = await stage.finish();
  return {
    ...{ seed, violations, messages: said(), steps: time.steps },
    ...{ faults: stage.faults.counted, trace: stage.trace.lines },
  };
}
