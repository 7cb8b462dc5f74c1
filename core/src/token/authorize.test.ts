import { instant, type QuestionName, type Questions, type StationId, type TenantId } from '@plugga/kit';
import { testDatabase, type TestDatabase } from '@plugga/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { realRandom } from '../clock.ts';
import { openDatabase, type Database } from '../db/open.ts';
import type { CoreTables } from '../db/tables.ts';
import { createTransactions } from '../db/transactions.ts';
import type { Clock } from '../ports.ts';
import { hmacOf } from '../site/installation.ts';
import { createTenant } from '../site/tenants.ts';
import { transactOf, type Transact } from '../site/transact.ts';
import { createAuthorizer, type Authorizer } from './authorize.ts';
import { changeToken, createToken, deleteToken, type NewToken } from './tokens.ts';
import { matchKeyOf } from './match-key.ts';

const tenant = 'tenant' as TenantId;
const station = 'station' as StationId;
let database: TestDatabase;
let working: Database<CoreTables>;
let transact: Transact;
let authorizer: Authorizer;
let now = Date.parse('2026-03-01T12:00:00Z');
const clock: Clock = { now: () => instant(now), at: () => () => undefined };

/** What the plugins say, by question; silent when left out. */
let said: { [K in QuestionName]?: { plugin: string; answer: Questions[K]['answer'] } } = {};
let asked: string[] = [];
let reachable = true;

beforeAll(async () => {
  database = await testDatabase('authorize');
  working = openDatabase<CoreTables>({ url: database.url, max: 4 });
  const real = transactOf(createTransactions({ pool: working.pool, clock, random: realRandom }));
  transact = (of, run) => (reachable ? real(of, run) : Promise.reject(new Error('the database is away')));
  await transact(tenant, (db) =>
    createTenant(db, tenant, {
      name: 'T',
      countryCode: 'SE',
      partyId: 'PLG',
      currency: 'SEK',
      timeZone: 'Europe/Stockholm',
    }),
  );
});
afterAll(async () => {
  await working.close();
  await database.drop();
});
beforeEach(() => {
  said = {};
  asked = [];
  reachable = true;
  now = Date.parse('2026-03-01T12:00:00Z');
  authorizer = createAuthorizer({
    transact,
    hmac: hmacOf(Buffer.alloc(32, 7)),
    clock,
    deadlineMs: 100,
    ask: async (question) => {
      asked.push(question);
      return said[question] as never;
    },
  });
});

const own = async (token: NewToken) => {
  const made = await transact(tenant, (db) => createToken(db, tenant, token, realRandom));
  authorizer.forget(tenant);
  return made;
};
const authorize = (value: string, o: { type?: string; purpose?: 'authorize' | 'start' | 'stop' } = {}) =>
  authorizer.authorize(tenant, {
    token: { value, ...(o.type === undefined ? {} : { type: o.type }) },
    station,
    evse: 1,
    purpose: o.purpose ?? 'start',
  });

test('a token is found by its value without case and separators, and stands in events by its id', async () => {
  const token = await own({ type: 'ISO14443', value: '04:A2:be:99', group: 'fleet' });
  for (const written of ['04A2BE99', '04-a2-be-99', '04 a2 BE.99'])
    expect(await authorize(written)).toEqual({
      status: 'accepted',
      by: 'local',
      ref: { id: token.id, type: 'ISO14443', last4: 'be99', group: 'fleet' },
      group: { value: 'fleet' },
    });
});

test('the type decides only between several tokens of one value', async () => {
  const card = await own({ type: 'ISO14443', value: 'TWIN' });
  const contract = await own({ type: 'eMAID', value: 'TWIN', status: 'blocked' });
  expect((await authorize('twin', { type: 'emaid' })).ref.id).toBe(contract.id);
  expect((await authorize('twin', { type: 'ISO14443' })).ref.id).toBe(card.id);
  expect((await authorize('twin')).ref.id).toBe(card.id);
  await own({ type: 'Central', value: 'ALONE' });
  expect((await authorize('alone', { type: 'ISO15693' })).status).toBe('accepted');
});

test('blocked, expired and invalid tokens are refused with their own status; expiry is judged when asked', async () => {
  await own({ type: 'Local', value: 'BLOCKED1', status: 'blocked' });
  await own({ type: 'Local', value: 'SOON1', expiresAt: new Date('2026-03-01T12:00:30Z') });
  expect(await authorize('BLOCKED1')).toMatchObject({ status: 'blocked', by: 'local', reason: 'the token is blocked' });
  expect(await authorize('SOON1')).toMatchObject({ status: 'accepted', expiresAt: Date.parse('2026-03-01T12:00:30Z') });
  now += 31_000;
  expect(await authorize('SOON1')).toMatchObject({ status: 'expired', reason: 'the token is expired' });
});

test('an unknown token is refused; events know it by a keyed hash that says nothing of it', async () => {
  const decision = await authorize('STRANGER-1');
  expect(decision).toMatchObject({ status: 'invalid', by: 'default', ref: { last4: 'GER1' } });
  expect(decision.ref.id).not.toContain('STRANGER');
  expect((await authorize('stranger1')).ref.id).toBe(decision.ref.id);
  expect((await authorize('stranger2')).ref.id).not.toBe(decision.ref.id);
});

test('the owner of a token that is not ours answers, and what it says is copied', async () => {
  said.authorize = {
    plugin: 'ocpi',
    answer: { decision: 'accept', reference: 'r1', payer: 'emsp', limits: { wh: 5000 }, group: { value: 'G' } },
  };
  expect(await authorize('FOREIGN1', { type: 'eMAID' })).toMatchObject({
    status: 'accepted',
    by: 'plugin:ocpi',
    reference: 'r1',
    payer: 'emsp',
    limits: { wh: 5000 },
    ref: { type: 'eMAID', group: 'G' },
  });
  said.authorize = { plugin: 'ocpi', answer: { decision: 'refuse', status: 'blocked', reason: 'no contract' } };
  expect(await authorize('FOREIGN1')).toMatchObject({ status: 'blocked', by: 'plugin:ocpi', reason: 'no contract' });
  said.authorize = { plugin: 'ocpi', answer: { decision: 'refuse', status: 'accepted' } };
  expect(await authorize('FOREIGN1')).toMatchObject({ status: 'invalid' });
});

test('while the owner is silent its last acceptance holds for a day, a refusal ends it', async () => {
  said.authorize = { plugin: 'ocpi', answer: { decision: 'accept' } };
  await authorize('FOREIGN2');
  said = {};
  expect(await authorize('FOREIGN2')).toMatchObject({ status: 'accepted', by: 'cache' });
  now += 25 * 3_600_000;
  expect(await authorize('FOREIGN2')).toMatchObject({ status: 'invalid', by: 'default' });
  said.authorize = { plugin: 'ocpi', answer: { decision: 'accept' } };
  await authorize('FOREIGN2');
  said.authorize = { plugin: 'ocpi', answer: { decision: 'refuse' } };
  await authorize('FOREIGN2');
  said = {};
  expect(await authorize('FOREIGN2')).toMatchObject({ status: 'invalid', by: 'default' });
});

test('one that does not admit refuses an accepted token; nobody is asked about a refused one, or at a stop', async () => {
  await own({ type: 'Local', value: 'ADMIT1' });
  said.admit = { plugin: 'wallet', answer: { admit: false, reason: 'no credit' } };
  expect(await authorize('ADMIT1')).toMatchObject({ status: 'blocked', by: 'plugin:wallet', reason: 'no credit' });
  said.admit = { plugin: 'wallet', answer: { admit: false, status: 'noCredit' } };
  expect(await authorize('ADMIT1')).toMatchObject({ status: 'noCredit', reason: 'not admitted' });
  expect(await authorize('ADMIT1', { purpose: 'stop' })).toMatchObject({ status: 'accepted' });
  asked = [];
  await authorize('UNKNOWN9');
  expect(asked).toEqual(['authorize']);
});

test('a token of ours is asked about nowhere else, and read once until something changes', async () => {
  const token = await own({ type: 'Local', value: 'CACHED1' });
  await authorize('CACHED1');
  expect(asked).toEqual(['admit']);
  reachable = false;
  expect(await authorize('CACHED1')).toMatchObject({ status: 'accepted', by: 'local' });
  reachable = true;
  await transact(tenant, (db) => changeToken(db, token.id, { status: 'blocked' }));
  authorizer.forget(tenant);
  expect(await authorize('CACHED1')).toMatchObject({ status: 'blocked' });
  await transact(tenant, (db) => deleteToken(db, token.id));
  authorizer.forget(tenant);
  expect(await authorize('CACHED1')).toMatchObject({ status: 'invalid', by: 'default' });
});

test('while the database is away a start is not refused for a fault of ours, a mere question is', async () => {
  reachable = false;
  expect(await authorize('ANY1', { purpose: 'start' })).toMatchObject({ status: 'accepted', by: 'offline' });
  expect(await authorize('ANY1', { purpose: 'authorize' })).toMatchObject({ status: 'invalid', by: 'offline' });
});

test('a token of nothing but separators is nobody', async () => {
  expect(await authorize(' -:. ')).toMatchObject({ status: 'invalid' });
  expect(matchKeyOf('a:b-c d.e')).toBe('ABCDE');
});

test('the value of a token of ours is given for a remote start, and gone when erased', async () => {
  const token = await own({ type: 'Local', value: 'For-Start' });
  expect(await authorizer.tokenById(tenant, token.id)).toEqual({ value: 'For-Start', type: 'Local' });
  await transact(tenant, (db) => deleteToken(db, token.id));
  expect(await authorizer.tokenById(tenant, token.id)).toBeUndefined();
});
