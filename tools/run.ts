import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** Ours, with the programs of a folder's packages and of the workspace on the path. */
export const environment = (cwd: string): NodeJS.ProcessEnv => {
  const bins = [join(cwd, 'node_modules', '.bin'), join(root, 'node_modules', '.bin')];
  return { ...process.env, PATH: [...bins, process.env.PATH].join(delimiter) };
};

/** Runs a command of the workspace, shown as it happens; true when it ended with 0. */
export const run = (command: readonly string[], cwd = root): boolean => {
  const [program = '', ...args] = command;
  const { status, error } = spawnSync(program, args, { cwd, stdio: 'inherit', env: environment(cwd) });
  if (error) console.error(`${program}: ${error.message}`);
  return status === 0;
};
