import type { Log } from '@plugga/kit';
import pg from 'pg';
import type { Clock, Random } from '../ports.ts';
import { dump, type Dumped, type Progress } from './dump.ts';
import { pipeBackup, writeBackup } from './file.ts';

export interface MakeOptions {
  readonly url: string;
  /** A file that is not there yet, or `-` for standard output. */
  readonly to: string;
  readonly frames: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Pick<Log, 'warn'>;
  readonly journalDir?: string;
  readonly progress?: (now: Progress) => void;
}

export interface Made {
  readonly file: string;
  /** Of the file. */
  readonly bytes: number;
  readonly tables: number;
  readonly rows: number;
  /** The newest event in it. */
  readonly position: string;
  readonly seconds: number;
}

/** Backs a database up, while the platform runs on it or not. */
export async function makeBackup({ url, to, ...o }: MakeOptions): Promise<Made> {
  const began = o.clock.now();
  const client = new pg.Client({ connectionString: url, application_name: 'plugga backup' });
  client.on('error', () => undefined); // the query under way is told
  await client.connect();
  let came: Dumped | undefined;
  const frames = async function* (): AsyncGenerator<Buffer> {
    came = yield* dump({ ...o, client });
  };
  try {
    const bytes = to === '-' ? await pipeBackup(frames()) : await writeBackup(to, frames());
    const { tables = 0, rows = 0, header } = came ?? {};
    const seconds = Math.round((o.clock.now() - began) / 100) / 10;
    return { file: to, bytes, tables, rows, position: header?.position ?? '0', seconds };
  } finally {
    await client.end();
  }
}
