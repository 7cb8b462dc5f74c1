import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** Runs a command of the workspace, shown as it happens; true when it ended with 0. */
export const run = (command: readonly string[], cwd = root): boolean => {
  const [program = '', ...args] = command;
  const bins = [join(cwd, 'node_modules', '.bin'), join(root, 'node_modules', '.bin')];
  const path = [...bins, process.env.PATH].join(delimiter);
  const { status, error } = spawnSync(program, args, { cwd, stdio: 'inherit', env: { ...process.env, PATH: path } });
  if (error) console.error(`${program}: ${error.message}`);
  return status === 0;
};
