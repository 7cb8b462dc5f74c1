import { FAULTS, type FaultName } from './faults.ts';
import type { SeedResult } from './seed.ts';

/** What many seeds gave, in sums. */
export interface Summary {
  readonly seeds: number;
  readonly messages: number;
  readonly faults: Readonly<Record<FaultName, number>>;
  /** How many stations were of each make and spoke each version, and how often each quirk made a difference. */
  readonly makes: Readonly<Record<string, number>>;
  readonly protocols: Readonly<Record<string, number>>;
  readonly quirks: Readonly<Record<string, number>>;
  readonly violated: readonly { readonly seed: number; readonly violations: readonly string[] }[];
}

export function summaryOf(results: readonly SeedResult[]): Summary {
  const names = Object.keys(FAULTS) as FaultName[];
  const sum = (of: (result: SeedResult) => number): number => results.reduce((all, it) => all + of(it), 0);
  return {
    seeds: results.length,
    messages: sum((it) => it.messages),
    faults: Object.fromEntries(names.map((name) => [name, sum((it) => it.faults.get(name) ?? 0)])) as never,
    makes: Object.fromEntries(summed(results.flatMap((it) => it.makes.map((make) => [make, 1] as const)))),
    protocols: Object.fromEntries(summed(results.flatMap((it) => it.protocols.map((one) => [one, 1] as const)))),
    quirks: Object.fromEntries(summed(results.flatMap((it) => [...it.quirks]))),
    violated: results.filter((it) => it.violations.length > 0).map(({ seed, violations }) => ({ seed, violations })),
  };
}

function summed(counts: readonly (readonly [string, number])[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of counts) sums.set(name, (sums.get(name) ?? 0) + count);
  return sums;
}

/** A failing seed as it is shown: what is wrong, and how to see it happen. */
export const shown = ({ violated }: Summary): string =>
  violated
    .map(({ seed, violations }) => `seed ${seed} (pnpm test:simulation --seed ${seed})\n  ${violations.join('\n  ')}`)
    .join('\n');
