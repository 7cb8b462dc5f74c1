import pg from 'pg';
import { reachDatabase } from '../backup/reach.ts';
import { restore } from '../backup/restore.ts';
import { verify, type Verified } from '../backup/verify.ts';
import { realClock, realRandom } from '../clock.ts';
import { readConfig } from '../config.ts';
import { startEmbedded } from '../db/embedded.ts';
import { createLog } from '../log.ts';
import { exitCodes, UsageError, type Command, type Invocation } from './command.ts';
import { optionsOf } from './options.ts';
import { progressTo, sizeText } from './progress.ts';

const options = {
  verify: { type: 'boolean' },
  into: { type: 'string' },
  'numbers-after': { type: 'string' },
} as const;

export const restoreCommand: Command = {
  usage: 'plugga restore [<file>] [--verify] [--into <folder>|<postgresql://…>] [--numbers-after <n>]',
  summary:
    'Puts a backup into an empty PLUGGA_DATA or DATABASE_URL. --verify rebuilds sessions and stations from the log and compares; without a file it does so with what is there. --numbers-after: the last bill number that was given out, where you know it',
  async run(invocation) {
    const { values, words } = optionsOf(invocation.args, options, ['file?']);
    const env = { ...invocation.env, ...targetOf(values.into) };
    const [file] = words;
    if (file !== undefined) return restoreFrom(file, { ...invocation, env }, values);
    if (values.verify !== true) throw new UsageError('<file> is missing');
    return verifyThere({ ...invocation, env });
  },
};

const targetOf = (into: string | undefined): Record<string, string | undefined> => {
  if (into === undefined) return {};
  return /^postgres(ql)?:/.test(into) ? { DATABASE_URL: into } : { DATABASE_URL: undefined, PLUGGA_DATA: into };
};

async function restoreFrom(
  file: string,
  { env, json, out, err, deployment }: Invocation,
  values: { readonly verify?: boolean; readonly 'numbers-after'?: string },
): Promise<number> {
  const numbers = values['numbers-after'];
  if (numbers !== undefined && !/^\d{1,15}$/.test(numbers))
    throw new UsageError('--numbers-after takes a whole number');
  const { databaseUrl, dataDir } = readConfig(env);
  const embedded = databaseUrl === undefined ? await startEmbedded({ dataDir }) : undefined;
  const say = progressTo(err, realClock);
  try {
    const restored = await restore({
      file,
      url: databaseUrl ?? embedded?.url ?? '',
      deployment: await deployment(),
      verify: values.verify === true,
      ...(numbers === undefined ? {} : { numbersAfter: Number(numbers) }),
      clock: realClock,
      random: realRandom,
      log: createLog({ level: 'warn' }),
      progress: ({ table, rows, bytes }) => say(() => `${table}  ${rows} rows  ${sizeText(bytes)}`),
    });
    const { verification } = restored;
    if (json) out(JSON.stringify(restored));
    else {
      const { rows, tables, backupAt, position, unfinished, journaled } = restored;
      out(
        `restored ${rows} rows of ${tables} tables and ${journaled} units of the journal, as of ${backupAt} (event ${position})`,
      );
      out(
        `what happened since is missing; ${unfinished} sessions were not closed and are held if they end without a stop`,
      );
      out(
        numbers === undefined
          ? 'numbers of bills go on in a series of their own: numbers may have been given out since'
          : `numbers of bills go on after ${numbers}`,
      );
      out('`plugga restore report` says what is missing, as stations come back');
    }
    return verification === undefined ? exitCodes.done : told(verification, { json, out, err });
  } finally {
    await embedded?.stop();
  }
}

async function verifyThere({ env, json, out, err }: Invocation): Promise<number> {
  const reached = await reachDatabase(readConfig(env));
  const client = new pg.Client({ connectionString: reached.url });
  client.on('error', () => undefined); // the query under way is told
  const say = progressTo(err, realClock);
  try {
    await client.connect();
    const verified = await verify({
      client,
      progress: ({ stations, sessions, events }) =>
        say(() => `${events} events of ${stations} stations, ${sessions} sessions`),
    });
    if (json) out(JSON.stringify(verified));
    return told(verified, { json, out, err });
  } finally {
    await client.end();
    await reached.close();
  }
}

function told(verified: Verified, { json, out, err }: Pick<Invocation, 'json' | 'out' | 'err'>): number {
  const { stations, sessions, events, tables, differences } = verified;
  const compared = tables === 0 ? '' : `, the rows of ${tables} tables as in the backup`;
  for (const { kind, id, log, stored } of differences)
    err(`${kind} ${id} differs\n  log    ${JSON.stringify(log)}\n  stored ${JSON.stringify(stored)}`);
  if (!json)
    out(
      differences.length === 0
        ? `verified: ${sessions} sessions and ${stations} stations are what their ${events} events give${compared}`
        : `${differences.length} of ${sessions} sessions and ${stations} stations are not what their events give`,
    );
  return differences.length === 0 ? exitCodes.done : exitCodes.failed;
}
