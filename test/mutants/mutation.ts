import { appendFileSync } from 'node:fs';
import type { Plugin } from 'vitest/config';
import { mutants, type Edit, type Mutant } from './mutants.ts';

export const mutantNamed = (rule: string): Mutant => {
  const found = mutants.find((it) => it.rule === rule);
  if (found === undefined) throw new Error(`there is no mutant "${rule}": ${mutants.map((it) => it.rule).join(', ')}`);
  return found;
};

/** The source with one edit; throws when what it looks for does not stand there exactly once. */
export const edited = (source: string, { file, find, replace }: Edit): string => {
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`the mutant does not apply: ${file} has ${parts.length - 1} times ${find}`);
  return parts.join(replace);
};

/**
 * Switches one rule off while vitest loads the sources, so that they need no switches of their own. Each edit that tests
 * loaded is told to the file `applied`, a line each: a mutant that nobody executes must not pass for one that lives or died.
 */
export const mutation = (rule: string, applied: string | undefined): Plugin => {
  const { edits } = mutantNamed(rule);
  return {
    name: 'plugga:mutant',
    enforce: 'pre',
    transform: (code, id) => {
      const own = edits.filter(({ file }) => id.split('?')[0]?.endsWith(`/${file}`));
      if (own.length === 0) return undefined;
      const changed = own.reduce(edited, code);
      if (applied !== undefined) for (const { file } of own) appendFileSync(applied, `${file}\n`);
      return { code: changed, map: null };
    },
  };
};
