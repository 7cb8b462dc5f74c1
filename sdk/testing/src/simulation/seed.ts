import type { Adapter, Quirk, TenantId } from '@plugga/kit';
import { type Chance, chance as chanceOf } from './chance.ts';
import type { Protocol } from './dialect.ts';
import { type FaultName, ratesOf } from './faults.ts';
import type { MixedMake } from './make.ts';
import { nemesis } from './nemesis.ts';
import type { RealDatabase, Slot } from './real-database.ts';
import { openStage, type StationKind } from './stage.ts';

export interface SeedOptions {
  readonly seed: number;
  readonly adapters: readonly Adapter[];
  /** Makes that are mixed in among stations without deviations. */
  readonly makes?: readonly MixedMake[];
  readonly quirks?: readonly Quirk[];
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
  /** The make of each station that deviates. */
  readonly makes: readonly string[];
  /** What each station speaks. */
  readonly protocols: readonly Protocol[];
  /** How often each quirk has made a difference. */
  readonly quirks: ReadonlyMap<string, number>;
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
    stations: stationsOf(o, own),
    quirks: o.quirks ?? [],
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
    ...{ faults: stage.faults.counted, trace: stage.trace.lines, quirks: stage.quirks },
    protocols: stations.map(({ protocol }) => protocol),
    makes: stations.flatMap(({ mixed }) => mixed?.make.id ?? []),
  };
}

/** How many stations of a make of 1.6 the seeds have, one after the other. */
const MIXED = [2, 3, 2, 3, 2, 0] as const;
const ROUND = MIXED.reduce<number>((sum, count) => sum + count, 0);
/** So that a make is not always beside the same one. */
const SHIFT = 17;
/** Beside those: together with them 60 % of all stations speak 1.6, 30 % 2.0.1 and 10 % 2.1. */
const BESIDE: readonly Protocol[] = ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.0.1', 'ocpp2.1'];

/**
 * Makes take turns: 25 seeds have met 48 of them, the even and the odd ones each on their own. Beside them are stations without
 * deviations and, in every other of the seeds, one of a make of 2.x.
 */
function stationsOf({ seed, makes = [] }: SeedOptions, own: Chance): readonly StationKind[] {
  const [old, new2x] = [
    makes.filter((it) => protocolOf(it) === 'ocpp1.6'),
    makes.filter((it) => protocolOf(it) !== 'ocpp1.6'),
  ];
  const turn = Math.floor(seed / 2);
  const at = turn % MIXED.length;
  const count = old.length === 0 ? 0 : MIXED[at]!;
  const before = MIXED.slice(0, at).reduce<number>((sum, it) => sum + it, 0);
  const first = Math.floor(turn / MIXED.length) * ROUND + before + (seed % 2) * SHIFT;
  const mixed = Array.from({ length: count }, (_, n) => old[(first + n) % old.length]!);
  if (new2x.length > 0 && turn % 2 === 0) mixed.push(new2x[(turn / 2) % new2x.length]!);
  const others = own.between(1, 3) - (mixed.length - count);
  return [
    ...mixed.map((it) => ({ protocol: protocolOf(it), mixed: it })),
    ...Array.from({ length: others }, () => ({ protocol: own.pick(BESIDE) })),
  ];
}
const protocolOf = ({ make }: MixedMake): Protocol => make.options?.protocol ?? 'ocpp1.6';
