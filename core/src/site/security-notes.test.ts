import type { StationId } from '@plugga/kit';
import { testClock, testDatabase } from '@plugga/testing';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { randomBytes } from 'node:crypto';
import type { StationCredentials } from '../charger/face.ts';
import { openDatabase } from '../db/open.ts';
import { appRole } from '../db/migrations/guard.ts';
import { createTransactions } from '../db/transactions.ts';
import { silentLog } from '../log.ts';
import { createSecurityNotes } from './security-notes.ts';

const MINUTE = 60_000;
let made: Awaited<ReturnType<typeof testDatabase>>;
let database: ReturnType<typeof openDatabase<never>>;
let reader: pg.Client;
beforeAll(async () => {
  made = await testDatabase('security_notes');
  database = openDatabase<never>({ url: made.url, max: 2, role: appRole });
  reader = new pg.Client({ connectionString: made.url });
  await reader.connect();
});
afterAll(async () => {
  await database.close();
  await reader.end();
  await made.drop();
});

const credentialsOf = (station: string): StationCredentials => ({
  ...{ station: station as StationId, tenant: 'tenant' as never, identity: station, securityProfile: 1 },
  ...{ allowInsecure: false, disabled: false, keyHash: undefined, keySalt: undefined },
});
const setUp = (station: string) => {
  const clock = testClock();
  let away = false;
  const random = { bytes: (count: number) => randomBytes(count) };
  const notes = createSecurityNotes({
    transactions: createTransactions({ pool: database.pool, clock, random }),
    ...{ clock, log: silentLog, away: () => away },
  });
  const credentials = credentialsOf(station);
  return {
    ...{ clock, notes, isAway: (is: boolean) => (away = is) },
    note: (kind: string, detail: string) => notes.noted({ credentials, identity: station, kind, detail }),
    told: async () => {
      const { rows } = await reader.query<{ data: unknown }>(
        'select data from core.event_log where stream = $1 order by seq',
        [`core:${station}`],
      );
      return rows.map(({ data }) => data);
    },
  };
};
const event = (kind: string, detail: string, count?: number) => ({
  ...{ kind, origin: 'csms', detail },
  ...(count === undefined ? {} : { count }),
});

test('the first of a kind is told at once, a flood after it in one with its number, none is lost', async () => {
  const { clock, notes, note, told } = setUp('s-1');
  note('wrong-key', 'first');
  note('no-certificate', 'other');
  await clock.advance(100);
  await expect.poll(told).toEqual([event('wrong-key', 'first'), event('no-certificate', 'other')]);
  for (let n = 1; n <= 500; n += 1) note('wrong-key', `again ${n}`);
  await clock.advance(9 * MINUTE);
  expect(await told()).toHaveLength(2);
  await clock.advance(2 * MINUTE);
  await expect.poll(told).toContainEqual(event('wrong-key', 'again 500', 500));
  note('wrong-key', 'at the end');
  await notes.stop();
  expect((await told()).at(-1)).toEqual(event('wrong-key', 'at the end'));
});

test('what is seen while the database is away is told when it is back', async () => {
  const { clock, notes, note, told, isAway } = setUp('s-2');
  isAway(true);
  note('wrong-key', 'first');
  note('wrong-key', 'second');
  await clock.advance(MINUTE);
  expect(await told()).toEqual([]);
  isAway(false);
  await clock.advance(10_000);
  await expect.poll(told).toEqual([event('wrong-key', 'second', 2)]);
  await notes.stop();
});
