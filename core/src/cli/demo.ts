import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { runChild } from './child.ts';
import { exitCodes, type Command } from './command.ts';

export const demo: Command = {
  usage: 'plugga demo [--fleet] [--once]',
  summary: 'Runs the platform with a simulated site that charges and is billed (in a clone of the repository)',
  run({ args, err, ended }) {
    const main = resolve('examples/demo/src/main.ts');
    if (existsSync(main)) return runChild([...process.execArgv, main, ...args], ended);
    err(`${main} is not there: the demo runs in a clone of the repository`);
    return Promise.resolve(exitCodes.failed);
  },
};
