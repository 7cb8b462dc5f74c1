import type { StationId, TenantId } from '@plugga/kit';
import { testClock, testDatabase } from '@plugga/testing';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realRandom } from '../clock.ts';
import type { Holders } from '../cluster/holders.ts';
import { openDatabase, type Database } from '../db/open.ts';
import { quiet } from '../db/store.test-support.ts';
import { openSystem } from '../db/system.ts';
import { appRole } from '../db/migrations/guard.ts';
import type { CoreTables } from '../db/tables.ts';
import { createTransactions } from '../db/transactions.ts';
import type { PendingCredentials } from '../site/pending-credentials.ts';
import type { Registry } from '../station/registry.ts';
import { createCommands } from './queue.ts';

let database: Awaited<ReturnType<typeof testDatabase>>;
let working: Database<CoreTables>;
let system: Database<CoreTables>;
beforeAll(async () => {
  database = await testDatabase('commands');
  working = openDatabase<CoreTables>({ url: database.url, role: appRole });
  system = openSystem({ url: database.url, max: 2 });
});
afterAll(async () => {
  await Promise.all([working.close(), system.close()]);
  await database.drop();
});

test('a command that ended while the database was away is written as ended when it is back', async () => {
  const clock = testClock();
  let away = false;
  const connect = () =>
    away ? Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })) : working.pool.connect();
  const transactions = createTransactions({ pool: { connect } as unknown as pg.Pool, clock, random: realRandom });
  const commands = createCommands({
    ...{ transactions, system: system.kysely, clock, random: realRandom, log: quiet },
    ...{ node: 'node-1', alone: true },
    holders: { reach: async () => ({ kind: 'nobody' }) } as unknown as Holders,
    registry: { actorOf: async () => undefined, live: () => undefined } as unknown as Registry,
    credentials: {} as PendingCredentials,
    publicUrl: 'http://here',
    tokenById: async () => undefined,
    authorize: () => Promise.reject(new Error('nobody asks')),
    stationTariff: async () => undefined,
  });
  const statusOf = async (id: string): Promise<string | undefined> =>
    (await system.kysely.selectFrom('core.command_row').select('status').where('id', '=', id).executeTakeFirst())
      ?.status;

  const id = await transactions.run('tenant-1' as TenantId, { plugin: 'core' }, async (tx) => {
    const queued = await commands.queue(tx, 'operator', 'gone' as StationId, { name: 'unlock', payload: { evse: 1 } });
    transactions.afterCommit(tx, () => {
      away = true;
    });
    return queued;
  });
  await clock.advance(5_000);
  expect(await statusOf(id)).toBe('queued');
  away = false;
  await clock.advance(10_000);
  await commands.idle();
  expect(await statusOf(id)).toBe('failed');
});
