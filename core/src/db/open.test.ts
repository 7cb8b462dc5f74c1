import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { startEmbedded } from './embedded.ts';
import { openDatabase, unsupportedServer } from './open.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'plugga-open-'));
await chmod(dataDir, 0o711); // as root the server runs as another user, from systemDir
const server = await startEmbedded({ dataDir, systemDir: join(dataDir, 'system'), fsync: false });
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

test('every connection works as the role that is asked for', async () => {
  const owner = openDatabase({ url: server.url });
  await owner.pool.query('create role working nologin');
  const database = openDatabase({ url: server.url, role: 'working' });
  expect((await sql<{ me: string }>`select current_user as me`.execute(database.kysely)).rows).toEqual([
    { me: 'working' },
  ]);
  await Promise.all([owner.close(), database.close()]);
});

test('a connection that is lost while idle is reported and replaced', async () => {
  let lost = (_error: Error): void => {};
  const reported = new Promise<Error>((done) => (lost = done));
  const database = openDatabase({ url: server.url, onLost: lost });
  const other = openDatabase({ url: server.url });
  const { rows } = await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
  await other.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
  expect((await reported).message).toMatch(/terminat/);
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await Promise.all([other.close(), database.close()]);
});

test('a connection that is lost between two statements of a transaction fails it and nothing else', async () => {
  const database = openDatabase({ url: server.url });
  const other = openDatabase({ url: server.url });
  const pidOf = sql<{ pid: number }>`select pg_backend_pid() as pid`;
  const work = database.kysely.transaction().execute(async (tx) => {
    const { rows } = await pidOf.execute(tx);
    await other.pool.query('select pg_terminate_backend($1, 5000)', [rows[0]?.pid]);
    await pidOf.execute(tx);
  });
  await expect(work).rejects.toThrow(/terminat|connection/i);
  expect((await database.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await Promise.all([other.close(), database.close()]);
});

test('PostgreSQL 14 is refused with what is needed, 15 is not', () => {
  expect(unsupportedServer(140_020, '14.20')?.message).toBe('the server is PostgreSQL 14.20; 15 or later is needed');
  expect(unsupportedServer(150_000, '15.0')).toBeUndefined();
});
