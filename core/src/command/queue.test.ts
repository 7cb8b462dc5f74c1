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

/** Commands of a platform whose connections come from there, and at which no station is. */
function commandsOver(clock: ReturnType<typeof testClock>, connect: () => Promise<unknown>) {
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
  return { transactions, commands };
}

test('a command that ended while the database was away is written as ended when it is back', async () => {
  const clock = testClock();
  let away = false;
  const connect = () =>
    away ? Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })) : working.pool.connect();
  const { transactions, commands } = commandsOver(clock, connect);
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

test('what was told of a driver is kept before its command is done', async () => {
  const clock = testClock();
  const held = Promise.withResolvers<void>();
  let holds = false;
  const connect = async () => {
    const waits = holds;
    holds = false;
    if (waits) await held.promise;
    return working.pool.connect();
  };
  const { transactions, commands } = commandsOver(clock, connect);
  const tenant = 'tenant-1' as TenantId;
  const id = await transactions.run(tenant, { plugin: 'core' }, (tx) =>
    commands.queue(tx, 'operator', 'gone' as StationId, { name: 'readCustomer', payload: { customer: 'C-1' } }),
  );
  await commands.idle();
  holds = true;
  commands.customerTold(tenant, id, { part: 0, last: true, text: 'Ada' });
  commands.effectSeen(tenant, id, 'reported in 1 parts');
  const effectOf = async () =>
    (await system.kysely.selectFrom('core.command_row').select('effect_state').where('id', '=', id).executeTakeFirst())
      ?.effect_state;
  for (let n = 0; n < 20; n += 1) expect(await effectOf()).not.toBe('seen');
  held.resolve();
  await expect.poll(effectOf, { timeout: 20_000 }).toBe('seen');
  const kept = await system.kysely.selectFrom('core.customer_information').select('told').where('command', '=', id);
  expect(await kept.execute()).toEqual([{ told: 'Ada' }]);
});
