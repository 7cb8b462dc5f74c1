import { FAULTS, type FaultName } from './faults.ts';
import type { SeedResult } from './seed.ts';

/** What many seeds gave, in sums. */
export interface Summary {
  readonly seeds: number;
  readonly messages: number;
  readonly faults: Readonly<Record<FaultName, number>>;
  readonly violated: readonly { readonly seed: number; readonly violations: readonly string[] }[];
}

export function summaryOf(results: readonly SeedResult[]): Summary {
  const names = Object.keys(FAULTS) as FaultName[];
  const sum = (of: (result: SeedResult) => number): number => results.reduce((all, it) => all + of(it), 0);
  return {
    seeds: results.length,
    messages: sum((it) => it.messages),
    faults: Object.fromEntries(names.map((name) => [name, sum((it) => it.faults.get(name) ?? 0)])) as never,
    violated: results.filter((it) => it.violations.length > 0).map(({ seed, violations }) => ({ seed, violations })),
  };
}

/** A failing seed as it is shown: what is wrong, and how to see it happen. */
export const shown = ({ violated }: Summary): string =>
  violated
    .map(({ seed, violations }) => `seed ${seed} (pnpm test:simulation --seed ${seed})\n  ${violations.join('\n  ')}`)
    .join('\n');
