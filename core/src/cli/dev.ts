import { fileURLToPath } from 'node:url';
import { runChild } from './child.ts';
import type { Command } from './command.ts';

const bin = fileURLToPath(new URL('../bin.ts', import.meta.url));

export const dev: Command = {
  usage: 'plugga dev',
  summary: 'Runs the platform and starts it anew whenever a source of it or of a plugin changes',
  run: ({ args, ended }) =>
    runChild([...process.execArgv, '--watch', '--watch-preserve-output', bin, 'start', ...args], ended),
};
