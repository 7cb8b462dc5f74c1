import { join } from 'node:path';
import { child, root } from '../e2e/process.ts';

/** Runs one of our commands to its end, and gives its exit code with all that it said. */
export const plugga = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly text: string }> => {
  const run = child([join(root, 'core/src/bin.ts'), ...args], env);
  const code = await run.exited;
  return { code, text: run.log() };
};

/** As above, for what must go well; gives what it said with `--json`. */
export const pluggaJson = async <T>(args: readonly string[], env: Readonly<Record<string, string>>): Promise<T> => {
  const { code, text } = await plugga([...args, '--json'], env);
  if (code !== 0) throw new Error(`plugga ${args.join(' ')} ended with ${code}\n${text}`);
  const line = text.split('\n').find((one) => one.startsWith('{'));
  return JSON.parse(line ?? 'null') as T;
};
