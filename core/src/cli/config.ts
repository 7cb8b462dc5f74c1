import { checkConfig } from '../config.ts';
import { exitCodes, type Command } from './command.ts';
import { optionsOf } from './options.ts';
import { tableOf } from './table.ts';

export const configCheck: Command = {
  usage: 'plugga config check',
  summary: 'Every setting with its source and value, secrets hidden; fails where one is wrong or unknown',
  run({ args, json, env, out, err }) {
    optionsOf(args, {});
    const { settings, problems, warnings } = checkConfig(env);
    out(
      json ? JSON.stringify({ settings, problems, warnings }) : tableOf(settings, ['name', 'source', 'value', 'about']),
    );
    for (const problem of problems) err(problem);
    for (const warning of warnings) err(`warning: ${warning}`);
    return Promise.resolve(problems.length === 0 ? exitCodes.done : exitCodes.failed);
  },
};
