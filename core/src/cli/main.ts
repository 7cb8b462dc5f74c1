import { PluggaError, type CliCommand } from '@plugga/kit';
import { nearest } from '../nearest.ts';
import { version } from '../version.ts';
import { ApiError } from './api.ts';
import { archiveCommand } from './archive.ts';
import { backup } from './backup.ts';
import { exitCodes, UsageError, type Command, type Invocation } from './command.ts';
import { configCheck } from './config.ts';
import { demo } from './demo.ts';
import { dev } from './dev.ts';
import { doctor } from './doctor.ts';
import { framesExport, framesReplay } from './frames.ts';
import { migrateCommand } from './migrate.ts';
import { migratePlan } from './migrate-plan.ts';
import { migrateStatus } from './migrate-status.ts';
import { openApi } from './openapi.ts';
import { pluginCommands, pluginList } from './plugins.ts';
import { restoreReport } from './restore-report.ts';
import { restoreCommand } from './restore.ts';
import { start } from './start.ts';
import { stationAdd, stationList } from './stations.ts';
import { tokenAdd, tokenList } from './tokens.ts';

/** The core's commands; those of the plugins stand beside them. */
const commands: Readonly<Record<string, Command>> = {
  start,
  dev,
  demo,
  doctor,
  'config check': configCheck,
  migrate: migrateCommand,
  'migrate up': migrateCommand,
  'migrate status': migrateStatus,
  'migrate plan': migratePlan,
  archive: archiveCommand,
  backup,
  restore: restoreCommand,
  'restore report': restoreReport,
  'station list': stationList,
  'station add': stationAdd,
  'token list': tokenList,
  'token add': tokenAdd,
  'plugin list': pluginList,
  'frames export': framesExport,
  'frames replay': framesReplay,
  openapi: openApi,
};

/** Runs one command line and gives the exit code. */
export async function main(argv: readonly string[], outside: Omit<Invocation, 'args' | 'json'>): Promise<number> {
  const json = argv.includes('--json');
  const words = argv.filter((word) => word !== '--json');
  const { out, err } = outside;
  if (words[0] === '--version' || words[0] === '-v') return say(out, version);
  if (words.length === 0 || ['help', '--help', '-h'].includes(words[0] ?? ''))
    return say(out, await help({ ...outside, args: [], json }));
  const name = nameIn(words, Object.keys(commands));
  const command = name === undefined ? undefined : commands[name];
  try {
    if (command !== undefined && name !== undefined) {
      const args = words.slice(name.split(' ').length);
      if (args.includes('--help')) return say(out, `${command.usage}\n${command.summary}`);
      return await command.run({ ...outside, args, json });
    }
    return await runPluginCommand(words, { ...outside, args: words, json });
  } catch (error) {
    return failed(error, command, err);
  }
}

async function runPluginCommand(words: readonly string[], invocation: Invocation): Promise<number> {
  const brought = await pluginCommands(invocation);
  const name = nameIn(words, [...brought.keys()]);
  const command = name === undefined ? undefined : brought.get(name);
  if (command === undefined || name === undefined) {
    const meant = nearest(words.slice(0, 2).join(' '), [...Object.keys(commands), ...brought.keys()]);
    const hint = meant === undefined ? 'see `plugga help`' : `did you mean \`plugga ${meant}\`?`;
    throw new UsageError(`there is no command "${words.slice(0, 2).join(' ')}"; ${hint}`);
  }
  const args = words.slice(name.split(' ').length);
  const { json, out, err } = invocation;
  return command.run({ args, json, out, err });
}

/** The command whose words stand first; the longest of them. */
const nameIn = (words: readonly string[], names: readonly string[]): string | undefined =>
  names
    .filter((name) => name.split(' ').every((word, index) => words[index] === word))
    .toSorted((a, b) => b.length - a.length)[0];

function failed(error: unknown, command: Command | undefined, err: (text: string) => void): number {
  if (error instanceof UsageError) {
    err(error.message);
    if (command !== undefined) err(`usage: ${command.usage}`);
    return exitCodes.usage;
  }
  if (error instanceof ApiError) {
    err(error.message);
    return error.exitCode;
  }
  if (error instanceof PluggaError) {
    err(`${error.message}\n${error.kind.hint}`);
    return error.code === 'unauthenticated' ? exitCodes.refused : exitCodes.failed;
  }
  err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitCodes.failed;
}

const say = (out: (text: string) => void, text: string): number => {
  out(text);
  return exitCodes.done;
};

async function help(invocation: Invocation): Promise<string> {
  const brought = await pluginCommands(invocation).catch((): ReadonlyMap<string, CliCommand> => new Map());
  const line = (usage: string, summary: string) => `  ${usage}\n      ${summary}`;
  return [
    `plugga ${version}`,
    '',
    ...[...new Set(Object.values(commands))].map(({ usage, summary }) => line(usage, summary)),
    ...[...brought.values()].map(({ usage, summary }) => line(usage, summary)),
    '',
    'Every command takes --json. Data goes to standard output, progress to standard error.',
    'Exit codes: 0 done, 1 failed, 2 wrong command line, 3 no platform answers, 4 refused, 5 something is left to do.',
  ].join('\n');
}
