import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, type TestApi } from './app.test-api.ts';

let api: TestApi;
let answers = 0;
/** Held until the test lets the station answer. */
let answering: Promise<void> = Promise.resolve();
beforeAll(async () => {
  api = await testApi('http idempotency', {
    live: {
      call: async () => {
        answers += 1;
        await answering;
        return { messageId: `m${answers}`, answer: { kind: 'result', payload: { n: answers } } };
      },
    },
  });
  await api.post('stations', { identity: 'CP1' });
});
afterAll(() => api.close());

const withKey = (key: string) => ({ headers: { 'idempotency-key': key } });

test('the same POST with the same key happens once and gets the first answer', async () => {
  const first = await api.post('tokens', { value: 'ONCE1' }, withKey('a'));
  const again = await api.post('tokens', { value: 'ONCE1' }, withKey('a'));
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect((await api.get('tokens?value=ONCE1')).body.items).toHaveLength(1);
  // Audited once.
  expect((await api.get(`audit?subject=${first.body.id}`)).body.items).toHaveLength(1);
});

test('the key with another body or another path is 422', async () => {
  await api.post('tokens', { value: 'ONCE2' }, withKey('b'));
  expect(await api.post('tokens', { value: 'OTHER' }, withKey('b'))).toMatchObject({
    status: 422,
    body: { code: 'idempotency-mismatch' },
  });
  expect(await api.post('locations', { value: 'ONCE2' }, withKey('b'))).toMatchObject({ status: 422 });
});

test('two at once happen once', async () => {
  const both = await Promise.all(
    Array.from({ length: 8 }, () => api.post('locations', { name: 'Twice at once' }, withKey('c'))),
  );
  expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(both.map(({ body }) => body.id)).size).toBe(1);
  expect(
    (await api.get('locations')).body.items.filter((it: { name: string }) => it.name === 'Twice at once'),
  ).toHaveLength(1);
});

test('what was refused did nothing and may be tried again with its key', async () => {
  const tenant = await api.post('stations', { identity: 'CP2', location: 'none' }, withKey('d'));
  expect(tenant.status).toBe(404);
  const invalid = await api.post('stations', { identity: '' }, withKey('e'));
  expect(invalid.status).toBe(400);
  expect(await api.post('stations', { identity: 'CP3' }, withKey('e'))).toMatchObject({ status: 201 });
});

test('a secret that is shown once comes again with its key, and stands nowhere in the database', async () => {
  const first = await api.post('keys', { name: 'shown once', scopes: ['read'] }, withKey('f'));
  const again = await api.post('keys', { name: 'shown once', scopes: ['read'] }, withKey('f'));
  expect(first.body.key).toMatch(/^plg_/);
  expect(again.body.key).toBe(first.body.key);
  const rows = await api.deps.system.selectFrom('core.idempotency').select(['key', 'response']).execute();
  expect(rows.length).toBeGreaterThan(3);
  for (const { key, response } of rows) {
    expect(Buffer.from(response, 'base64').toString('latin1')).not.toContain('plg_');
    expect(key).not.toBe('f');
  }
});

test('a raw call is sent once, also while the first is still waiting for the station', async () => {
  let letAnswer = (): void => undefined;
  answering = new Promise((resolve) => (letAnswer = resolve));
  answers = 0;
  const call = () => api.post('stations/CP1/calls', { action: 'ClearCache' }, withKey('g'));
  const both = [call(), call()];
  await expect.poll(() => answers).toBe(1);
  letAnswer();
  const [one, two] = await Promise.all(both);
  expect(one?.body).toEqual({ messageId: 'm1', result: { n: 1 } });
  expect(two?.body).toEqual(one?.body);
  expect(answers).toBe(1);
});

test('keys are of their tenant: another one may use the same', async () => {
  const other = await api.tenant('OTH');
  const mine = await api.post('locations', { name: 'Mine' }, withKey('h'));
  const theirs = await api.post('locations', { name: 'Mine' }, { key: other.key, ...withKey('h') });
  expect(theirs).toMatchObject({ status: 201 });
  expect(theirs.body.id).not.toBe(mine.body.id);
});

test('a claim that a dead process left behind is taken over after a minute, not before', async () => {
  const again = () => api.post('locations', { name: 'Left behind' }, withKey('i'));
  const first = await again();
  const claim = await api.deps.system
    .selectFrom('core.idempotency')
    .select('key')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  const leave = (at: Date) =>
    api.deps.system
      .updateTable('core.idempotency')
      .set({ status: 0, response: '' })
      .where('key', '=', claim.key)
      .execute()
      .then(() =>
        api.deps.system
          .deleteFrom('core.idempotency')
          .where('key', '=', claim.key)
          .returningAll()
          .executeTakeFirstOrThrow(),
      )
      .then((row) =>
        api.deps.system
          .insertInto('core.idempotency')
          .values({ ...row, created_at: at })
          .execute(),
      );
  await leave(new Date(api.now() - 1_000));
  expect(await again()).toMatchObject({ status: 409, body: { code: 'conflict' } });
  await leave(new Date(api.now() - 61_000));
  const second = await again();
  expect(second.status).toBe(201);
  expect(second.body.id).not.toBe(first.body.id);
});
