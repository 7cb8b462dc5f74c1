import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';
import type { SeedVerdict, Verdict } from './verdict.ts';

export interface Line {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  /** What the simulation alone makes of it. */
  readonly seeds?: SeedVerdict;
  readonly seconds: number;
}

const inSeeds = (seeds: SeedVerdict | undefined, { blind }: Mutant): string => {
  if (seeds === undefined) return blind === undefined ? 'not asked' : `not seen: ${blind}`;
  return seeds.kind === 'killed'
    ? `${seeds.by} (seed ${seeds.seeds.slice(0, MOST_SEEDS).join(', ')})`
    : `**${seeds.kind}**`;
};
const MOST_SEEDS = 3;

const [begin, end] = ['<!-- mutants: begin -->', '<!-- mutants: end -->'];

export const tableOf = (lines: readonly Line[]): string => {
  const asked = lines.some(({ seeds }) => seeds !== undefined);
  const row = (...cells: readonly (string | undefined)[]): string =>
    `| ${cells.filter((cell) => cell !== undefined).join(' | ')} |`;
  return [
    row('rule', 'switched off', 'died in', asked ? 'in the simulation' : undefined),
    row('---', '---', '---', asked ? '---' : undefined),
    ...lines.map(({ mutant, verdict, seeds }) =>
      row(
        mutant.rule,
        mutant.means,
        verdict.kind === 'killed' ? verdict.by : `**${verdict.kind}**`,
        asked ? inSeeds(seeds, mutant) : undefined,
      ),
    ),
  ].join('\n');
};

/** Puts the table of a run between its marks in docs/reliability.md. */
export function writeTable(root: string, lines: readonly Line[]): void {
  const path = join(root, 'docs', 'reliability.md');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for the table: ${begin} and ${end}`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n\n${tableOf(lines)}\n\n${text.slice(to)}`);
}
