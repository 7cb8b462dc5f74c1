import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { folderDisk } from '../db/journal-disk.ts';
import { inspect, type Inspected } from '../db/journal-segment.ts';
import { journalFolder, RESERVE_BYTES } from '../db/journal.ts';
import { installationAt } from './doctor-installation.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

const MIB = 1024 ** 2;

/** The steps of the outage ladder, as far as they can be seen without a running platform. */
export async function examineJournal(config: Config): Promise<readonly Finding[]> {
  const folder = resolve(journalFolder(config.dataDir));
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [ok('journal', `${folder}, made at first start`)];
    return [
      wrong(
        'journal',
        `${folder} cannot be written: with the database away stations would be closed; give us the folder`,
      ),
    ];
  }
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const room =
    free < RESERVE_BYTES
      ? wrong(
          'journal',
          `${folder}: ${mib(free)} MiB are free, ${mib(RESERVE_BYTES)} are always left: with the database away stations would be closed; make room`,
        )
      : ok('journal', `${folder}, room for ${mib(free - RESERVE_BYTES)} MiB while the database is away`);
  const found = await inspect(folderDisk(folder));
  return [room, ...waitingIn(found), ...damagedIn(found), ...(await foreignIn(found, config))];
}

function waitingIn({ segments }: Inspected): readonly Finding[] {
  const waiting = segments.reduce((sum, { entries }) => sum + entries, 0);
  if (waiting === 0) return [];
  const oldest = segments.find(({ entries }) => entries > 0)?.oldest;
  const since = oldest === undefined ? '' : `, the oldest since ${new Date(oldest).toISOString()}`;
  return [
    warning(
      'journal units',
      `${waiting} wait for the database${since}; a running platform and the next start drain them`,
    ),
  ];
}

function damagedIn({ segments, aside }: Inspected): readonly Finding[] {
  const files = [...segments.flatMap(({ damaged, name }) => (damaged ? [name] : [])), ...aside];
  if (files.length === 0) return [];
  return [
    wrong(
      'journal damage',
      `${files.join(', ')}: something acknowledged cannot be read; what can be is stored. Compare the stations' own records of that time, then move the files away`,
    ),
  ];
}

async function foreignIn({ segments }: Inspected, config: Config): Promise<readonly Finding[]> {
  const owners = new Set(segments.filter(({ entries }) => entries > 0).map(({ installation }) => installation));
  const ours = await installationAt(config);
  const foreign = [...owners].filter((it) => it !== ours);
  if (foreign.length === 0 || (ours === undefined && owners.size === 1)) return [];
  return [
    wrong(
      'journal owner',
      `units of installation ${foreign.join(', ')} lie in it${ours === undefined ? '' : `, the database is ${ours}`}: start with the database they belong to, or move the files away`,
    ),
  ];
}

const mib = (bytes: number): string => String(Math.floor(bytes / MIB));
