import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, type Log } from '@plugga/kit';
import type pg from 'pg';
import { createDrain } from '../db/drain.ts';
import { folderDisk } from '../db/journal-disk.ts';
import { openJournal } from '../db/journal.ts';
import { createStore } from '../db/store.ts';
import type { Clock, Random } from '../ports.ts';
import { hmacOf, installationIdOf } from '../site/installation.ts';
import type { Client } from './catalog.ts';

/** A file of the journal as far as it reached when it was opened: what is acknowledged and may not be in the database yet. */
export interface JournalFile {
  readonly name: string;
  read(): AsyncIterable<Buffer>;
}

/** Who is the installation in this database; nobody before its first start. */
const installationIn = async (client: Client): Promise<string | undefined> => {
  const { rows } = await client.query<{ value: string }>(`select value from core.installation where key = 'secret'`);
  return rows[0] && installationIdOf(hmacOf(Buffer.from(rows[0].value, 'base64')));
};

/** Opens the files that this installation's journal has now. An open file is read to its end even when it is drained and removed meanwhile. */
export async function journalIn(folder: string, client: Client): Promise<readonly JournalFile[]> {
  const installation = await installationIn(client);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(`-${installation}.journal`));
  const files: JournalFile[] = [];
  for (const name of names.toSorted()) {
    const handle = await open(join(folder, name)).catch(() => undefined); // drained since it was listed
    if (handle === undefined) continue;
    const { size } = await handle.stat();
    if (size === 0) await handle.close();
    else files.push({ name, read: () => handle.createReadStream({ start: 0, end: size - 1 }) });
  }
  return files;
}

/** Where the journal of a backup is put while it is restored; removed afterwards. */
export async function withFolder<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'plugga-journal-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Stores what the restored journal holds, unchanged and in order; what the snapshot has already is not stored again. */
export async function drainInto(o: {
  readonly folder: string;
  readonly url: string;
  readonly client: pg.ClientBase;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}): Promise<number> {
  const installation = await installationIn(o.client);
  if (installation === undefined) return 0;
  const { clock, log } = o;
  const journal = await openJournal({ disk: folderDisk(o.folder), clock, log, installation, node: 'restore' });
  const store = createStore({ url: o.url, clock, random: o.random, log, readers: 1 });
  try {
    const { foreign, damaged } = journal.figures();
    if (foreign.length > 0 || damaged.length > 0)
      throw fail('backup-damaged', `the journal in the backup cannot be read: ${[...foreign, ...damaged].join(', ')}`);
    const drain = createDrain({
      store,
      journal,
      clock,
      merged: () => {},
      refused: () => {},
      passed: () => {},
      isLast: () => {},
    });
    await drain.toTheEnd(() => false);
    return drain.drained();
  } finally {
    await Promise.all([journal.close(), store.close()]);
  }
}
