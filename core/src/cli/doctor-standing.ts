import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { iso } from '@plugga/kit';
import type { Config } from '../config.ts';
import { hmacOf, installationIdOf } from '../site/installation.ts';
import { inspectStanding, standingOnDisk } from '../standing/figures.ts';
import { installationAt } from './doctor-installation.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

const WITHOUT = 'while the database is away stations could not reconnect';

/** What this node would know of its stations and tokens without its database. */
export async function examineStanding(config: Config): Promise<readonly Finding[]> {
  const path = resolve(join(config.dataDir, 'standing.db'));
  const onDisk = standingOnDisk(path);
  if (onDisk === undefined) return [ok('standing', `${path}, made at first start`)];
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch {
    return [wrong('standing', `${path} cannot be read and written: ${WITHOUT}; give us the file`)];
  }
  const size = `${(onDisk.bytes / 1024 ** 2).toFixed(1)} MiB, last written ${new Date(onDisk.changedAt).toISOString()}`;
  const found = inspectStanding(path);
  if (found.kind === 'inUse') return [ok('standing', `${path}, ${size}; in use by a running platform`)];
  if (found.kind === 'unreadable')
    return [
      warning(
        'standing',
        `${path} cannot be used: ${found.why}; the next start needs its database and makes a new one, ${WITHOUT} until then`,
      ),
    ];
  const { secret, inStepAt, stations, states, tokens, accepted } = found;
  const held = `${stations} stations, the state of ${states}, ${tokens + accepted} tokens`;
  if (inStepAt === undefined)
    return [warning('standing', `${path}, ${size}: ${held}; never whole: ${WITHOUT}. Start with the database once`)];
  const ours = await installationAt(config);
  const theirs = secret === undefined ? undefined : installationIdOf(hmacOf(secret));
  if (ours !== undefined && theirs !== undefined && ours !== theirs)
    return [
      warning(
        'standing',
        `${path} is of installation ${theirs}, the database is ${ours}: the next start makes a new one`,
      ),
    ];
  return [ok('standing', `${path}, ${size}: ${held}, in step with the database at ${iso(inStepAt)}`)];
}
