// pnpm check: what can be said about the code without running it. Names choose steps: pnpm check types lint
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { staleFiles } from './generated.ts';
import { environment, root } from './run.ts';

/** What a step has said, and whether it is well. */
interface Outcome {
  readonly well: boolean;
  readonly text: string;
}

const command =
  (program: string, ...args: readonly string[]) =>
  async (): Promise<Outcome> => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: environment(root) });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const code = await once(child, 'close').then(
      ([it]) => it as number | null,
      (error: unknown) => void (text += `${program}: ${String(error)}\n`),
    );
    return { well: code === 0, text };
  };

/** First and alone: it writes the files that the others read. */
const generated = (): Outcome => {
  const stale = staleFiles();
  return {
    well: stale.length === 0,
    text: stale.length === 0 ? '' : `generated anew, commit them: ${stale.join(', ')}\n`,
  };
};

/** knip reads the declarations that this writes: on a fresh clone some dependencies are used in those alone. */
const declared = Promise.withResolvers<void>();
const types = (): Promise<Outcome> => command('tsc', '-b')().finally(declared.resolve);
const unused = async (): Promise<Outcome> => {
  if (isChosen('types')) await declared.promise;
  return command('knip', '--no-progress')();
};

/** The longest first: as many at once as there are cores. */
const steps: Readonly<Record<string, () => Promise<Outcome>>> = {
  types,
  'test types': command('tsc', '-p', 'tsconfig.test.json', '--noEmit'),
  licences: command('node', 'tools/licences.ts', '--check'),
  architecture: command('vitest', 'run', 'test/architecture.test.ts'),
  lint: command('oxlint'),
  format: command('oxfmt', '--check', '.'),
  unused,
};

const chosen = process.argv.slice(2);
const isChosen = (name: string): boolean => chosen.length === 0 || chosen.includes(name);
const failed: string[] = [];
const told = (name: string, { well, text }: Outcome): void => {
  console.log(`\n== ${name}\n${text}`);
  if (!well) failed.push(name);
};

const unknown = chosen.filter((name) => name !== 'generated' && !Object.hasOwn(steps, name));
if (unknown.length > 0)
  throw new Error(`no such step: ${unknown.join(', ')}; there are generated, ${Object.keys(steps).join(', ')}`);

if (isChosen('generated')) told('generated', generated());
const waiting = Object.entries(steps).filter(([name]) => isChosen(name));
const work = async (): Promise<void> => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const [name, step] = next;
    told(name, await step());
  }
};
await Promise.all(Array.from({ length: availableParallelism() }, work));

console.log(failed.length === 0 ? 'check: all well' : `check failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
