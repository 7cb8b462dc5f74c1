import { definePlugin, type Restored, type TenantId } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { afterAll, expect, test } from 'vitest';
import { realClock, realRandom } from '../clock.ts';
import { openDatabase } from '../db/open.ts';
import type { CoreTables } from '../db/tables.ts';
import { createTransactions } from '../db/transactions.ts';
import { tellRestored } from './restored.ts';
import type { Entry } from './state.ts';

const database = await testDatabase('restored');
const owner = openDatabase<CoreTables>({ url: database.url, max: 1 });
const app = openDatabase<CoreTables>({ url: database.url, role: 'plugga_app', max: 2 });
afterAll(async () => {
  await Promise.all([owner.close(), app.close()]);
  await database.drop();
});

test('a plugin is told of a restore once for each tenant; what it did and that it was told are one', async () => {
  const values = {
    backup: 'b',
    position: '7',
    resumed_after: '1000000007',
    tenants: ['t1', 't2'],
    numbers_after: '41',
  };
  const times = { backup_at: new Date('2026-11-20T12:00:00Z'), restored_at: new Date('2026-11-21T12:00:00Z') };
  await owner.kysely
    .insertInto('core.restore')
    .values({ id: 'r1', ...values, ...times })
    .execute();
  const told: [TenantId, Restored][] = [];
  let fails = true;
  const entry: Entry = {
    ...{ plugin: definePlugin({ name: 'listener', setup: () => ({}) }), version: '0.0.0', config: {}, state: 'set up' },
    contributions: {
      offers: {},
      work: {},
      restored: async (restored, tx) => {
        if (fails && tx.tenant === 't2') throw new Error('not now');
        told.push([tx.tenant, restored]);
      },
    },
  };
  const failed: string[] = [];
  const tell = () =>
    tellRestored({
      ...{ db: app.kysely, transactions: createTransactions({ pool: app.pool, clock: realClock, random: realRandom }) },
      ...{ entries: [entry], failed: (_, error) => void failed.push(String(error)) },
    });
  await tell();
  expect(failed).toEqual(['Error: not now']);
  fails = false;
  await tell();
  await tell();
  const what = { restore: 'r1', backupAt: times.backup_at.getTime(), restoredAt: times.restored_at.getTime() };
  expect(told).toEqual(['t1', 't2'].map((tenant) => [tenant, { ...what, numbersAfter: 41 }]));
});
