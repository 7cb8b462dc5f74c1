import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';
import type { Verdict } from './verdict.ts';

export interface Line {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  readonly seconds: number;
}

const [begin, end] = ['<!-- mutants: begin -->', '<!-- mutants: end -->'];

export const tableOf = (lines: readonly Line[]): string =>
  [
    '| rule | switched off | died in |',
    '| --- | --- | --- |',
    ...lines.map(({ mutant, verdict }) => {
      const where = verdict.kind === 'killed' ? verdict.by : verdict.kind === 'lives' ? '**lives**' : '**unclear**';
      return `| ${mutant.rule} | ${mutant.means} | ${where} |`;
    }),
  ].join('\n');

/** Puts the table of a run between its marks in docs/reliability.md. */
export function writeTable(root: string, lines: readonly Line[]): void {
  const path = join(root, 'docs', 'reliability.md');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no place for the table: ${begin} and ${end}`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n\n${tableOf(lines)}\n\n${text.slice(to)}`);
}
