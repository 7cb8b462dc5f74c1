import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, run } from './run.ts';

/** Runs the `gen` script of every package that has one; true when all of them worked. */
export const generate = (): boolean =>
  globSync('{core,test,{sdk,adapters,plugins,examples}/*}/package.json', { cwd: root })
    .toSorted()
    .every((path) => {
      const { scripts } = JSON.parse(readFileSync(join(root, path), 'utf8')) as { scripts?: Record<string, string> };
      return scripts?.gen === undefined || run(['sh', '-c', scripts.gen], join(root, dirname(path)));
    });

/** Generates anew and says which files were not what they should be; they are now, to be committed. */
export const staleFiles = (): readonly string[] => {
  const before = generatedFiles().map((path) => ({ path, text: textOf(path) }));
  if (!generate()) return ['a gen script failed'];
  return before.filter(({ path, text }) => textOf(path) !== text).map(({ path }) => path);
};

/** Those that .gitattributes calls generated; the lockfile is pnpm's own matter. */
const generatedFiles = (): string[] =>
  textOf('.gitattributes')
    .split('\n')
    .filter((line) => line.includes('linguist-generated'))
    .flatMap((line) => globSync(line.split(' ')[0] ?? '', { cwd: root }))
    .filter((path) => path !== 'pnpm-lock.yaml');

const textOf = (path: string): string => {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return '';
  }
};
