import { afterAll, beforeAll, expect, test } from 'vitest';
import { isStationKey } from '../site/station-key.ts';
import { testApi, type TestApi } from './app.test-api.ts';

let api: TestApi;
let offline = true;
beforeAll(async () => {
  api = await testApi('http resources', {
    offer: ({ offer, channel }) =>
      offer === 'old'
        ? { holds: false, reason: 'it was valid until 12:00', details: { offer: { id: 'new', price: '5.00' } } }
        : offer === 'good'
          ? { holds: channel === 'adhoc' }
          : undefined,
    live: {
      call: async (_tenant, _station, { action }) => {
        if (action === 'Slow') return { messageId: 'm1', answer: { kind: 'timeout' } };
        if (action === 'Bad')
          return { messageId: 'm2', answer: { kind: 'error', code: 'NotSupported', description: 'no', details: {} } };
        if (offline) return { messageId: 'm3', answer: { kind: 'closed' } };
        return { messageId: 'm4', answer: { kind: 'result', payload: { status: 'Accepted' } } };
      },
    },
  });
});
afterAll(() => api.close());

test("a station's key is made of 20 random bytes, shown once, and kept as a keyed hash that fits its bytes and its text", async () => {
  const { body } = await api.post('stations', { identity: 'CP1' });
  expect(body.key).toMatch(/^[0-9a-f]{40}$/);
  expect(JSON.stringify((await api.get('stations/CP1')).body)).not.toContain(body.key);
  const row = await api.deps.system
    .selectFrom('core.station_row')
    .selectAll()
    .where('identity', '=', 'CP1')
    .executeTakeFirstOrThrow();
  const stored = { hash: row.key_hash ?? Buffer.alloc(0), salt: row.key_salt ?? Buffer.alloc(0) };
  const { secret } = api.deps.installation;
  expect(isStationKey(Buffer.from(body.key, 'hex'), stored, secret)).toBe(true);
  expect(isStationKey(Buffer.from(body.key, 'utf8'), stored, secret)).toBe(true);
  expect(isStationKey(Buffer.from(body.key.toUpperCase(), 'utf8'), stored, secret)).toBe(true);
  expect(isStationKey(Buffer.from(body.key.slice(2), 'hex'), stored, secret)).toBe(false);
  expect(JSON.stringify((await api.get('audit')).body)).not.toContain(body.key);
});

test('a new key closes the connection of the old one; a move does not', async () => {
  const location = (await api.post('locations', { name: 'Garage', timeZone: 'Europe/Helsinki' })).body;
  api.told.length = 0;
  expect((await api.patch('stations/CP1', { location: location.id })).body).toMatchObject({
    location: location.id,
    key: null,
  });
  expect((await api.patch('stations/CP1', { key: 'new' })).body.key).toMatch(/^[0-9a-f]{40}$/);
  expect(api.told).toEqual(['station CP1', 'station CP1 its credentials have changed']);
  expect(await api.delete(`locations/${location.id}`)).toMatchObject({ status: 409 });
});

test('a raw call: the result, the error, offline, too late', async () => {
  const call = (action: string) => api.post('stations/CP1/calls', { action });
  expect(await call('Any')).toMatchObject({ status: 409, body: { code: 'station-offline' } });
  offline = false;
  expect(await call('Any')).toMatchObject({ status: 200, body: { messageId: 'm4', result: { status: 'Accepted' } } });
  expect(await call('Bad')).toMatchObject({
    status: 200,
    body: { messageId: 'm2', error: { code: 'NotSupported', description: 'no', details: {} } },
  });
  expect(await call('Slow')).toMatchObject({ status: 504, body: { code: 'call-timeout' } });
  expect(await api.post('stations/none/calls', { action: 'Any' })).toMatchObject({ status: 404 });
});

test('a token that is made here has 16 characters, which the list finds and nothing else tells again', async () => {
  const { status, body } = await api.post('tokens', { type: 'Central', value: null });
  expect(status).toBe(201);
  expect(body.value).toMatch(/^[2-9A-HJ-NP-Z]{16}$/);
  expect((await api.post('tokens', { type: 'Central', value: null })).body.value).not.toBe(body.value);
  expect((await api.get(`tokens?value=${body.value.toLowerCase()}`)).body.items).toMatchObject([
    { id: body.id, last4: body.value.slice(-4) },
  ]);
  for (const path of [`tokens/${body.id}`, 'tokens', 'audit'])
    expect(JSON.stringify((await api.get(path)).body)).not.toContain(body.value);
  expect((await api.post('tokens', { value: 'OURS' })).body).not.toHaveProperty('value');
});

test('a command is queued and listed; what it names is stored by id', async () => {
  const token = (await api.post('tokens', { value: 'SECRETTOKEN' })).body;
  const start = await api.post('stations/CP1/commands', { type: 'start', evse: 1, token: 'secret-token' });
  expect(start).toMatchObject({
    status: 202,
    body: { type: 'start', status: 'queued', station: 'CP1', payload: { evse: 1, tokenId: token.id } },
  });
  expect(JSON.stringify(start.body)).not.toContain('SECRETTOKEN');
  expect((await api.get('stations/CP1/commands')).body.items.map((it: { id: string }) => it.id)).toEqual([
    start.body.id,
  ]);
  expect((await api.get(`stations/CP1/commands/${start.body.id}`)).body).toEqual(start.body);
  expect(await api.post('stations/CP1/commands', { type: 'start', token: 'nobody' })).toMatchObject({ status: 404 });
  expect(await api.post('stations/CP1/commands', { type: 'stop', session: 'none' })).toMatchObject({ status: 404 });
  expect(await api.post('stations/CP1/commands', { type: 'explode' })).toMatchObject({ status: 400 });
  expect(await api.post('stations/CP1/commands', { type: 'limit', evse: 1, watts: 7400 })).toMatchObject({
    status: 202,
  });
});

test('an ad hoc start names an offer that holds; else it says what to show instead, and nothing is queued', async () => {
  const start = { type: 'start', evse: 1, token: 'SECRETTOKEN', channel: 'adhoc' };
  const before = (await api.get('stations/CP1/commands')).body.items.length;
  expect(await api.post('stations/CP1/commands', start)).toMatchObject({
    status: 409,
    body: { code: 'offer-missing' },
  });
  expect(await api.post('stations/CP1/commands', { ...start, offer: 'old' })).toMatchObject({
    status: 409,
    body: { code: 'offer-refused', detail: expect.stringContaining('12:00'), offer: { id: 'new', price: '5.00' } },
  });
  expect(await api.post('stations/CP1/commands', { ...start, offer: 'unknown' })).toMatchObject({
    status: 409,
    body: { code: 'offer-refused', detail: expect.stringContaining('nothing here makes offers') },
  });
  expect((await api.get('stations/CP1/commands')).body.items).toHaveLength(before);
  expect(await api.post('stations/CP1/commands', { ...start, offer: 'good' })).toMatchObject({
    status: 202,
    body: { payload: { channel: 'adhoc', offer: 'good' } },
  });
});

test('a token never shows its value; change and erasure are told to every node', async () => {
  api.told.length = 0;
  const { body } = await api.post('tokens', {
    type: 'ISO14443',
    value: '04:a2:Be:77',
    group: 'fleet',
    expiresAt: '2030-01-01T00:00:00+01:00',
  });
  expect(body).toEqual({
    id: body.id,
    type: 'ISO14443',
    last4: 'Be77',
    group: 'fleet',
    status: 'accepted',
    expiresAt: '2029-12-31T23:00:00.000Z',
    createdAt: expect.any(String),
  });
  expect(await api.post('tokens', { type: 'ISO14443', value: '04a2be77' })).toMatchObject({ status: 409 });
  expect((await api.get('tokens?value=04-A2-BE-77')).body.items).toHaveLength(1);
  expect((await api.patch(`tokens/${body.id}`, { status: 'blocked', group: null })).body).toMatchObject({
    status: 'blocked',
    group: null,
  });
  expect(await api.delete(`tokens/${body.id}`)).toMatchObject({ status: 204 });
  expect(api.told).toHaveLength(3);
  const audit = (await api.get(`audit?subject=${body.id}`)).body.items;
  expect(audit.map((it: { action: string }) => it.action)).toEqual(['token.deleted', 'token.changed', 'token.created']);
  expect(audit[1]).toMatchObject({ actor: 'admin', before: { status: 'accepted' }, after: { status: 'blocked' } });
  expect(JSON.stringify(audit).toUpperCase()).not.toContain('04:A2');
});

test('of a short value less than four characters are shown', async () => {
  expect((await api.post('tokens', { value: 'AB12' })).body.last4).toBe('12');
  expect((await api.post('tokens', { value: '7' })).body.last4).toBe('');
});

test('a key gives at most what it has itself, and is dead at once when revoked', async () => {
  const limited = (await api.post('keys', { name: 'tokens', scopes: ['tokens:write', 'keys:write'] })).body;
  const as = { key: limited.key };
  expect(await api.get('tokens', as)).toMatchObject({ status: 200 });
  expect(await api.get('stations', as)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await api.post('keys', { name: 'more', scopes: ['*'] }, as)).toMatchObject({ status: 403 });
  expect(await api.post('keys', { name: 'less', scopes: ['tokens:read'] }, as)).toMatchObject({ status: 201 });
  expect(await api.delete(`keys/${limited.id}`)).toMatchObject({ status: 204 });
  expect(await api.get('tokens', as)).toMatchObject({ status: 401 });
  expect(
    (await api.get('keys')).body.items.find((it: { id: string }) => it.id === limited.id).revokedAt,
  ).not.toBeNull();
});

test('a change and its audit row are one: what fails leaves neither', async () => {
  const count = async () => (await api.get('audit?limit=200')).body.items.length;
  const before = await count();
  expect(await api.post('stations', { identity: 'CP1' })).toMatchObject({ status: 409 });
  expect(await api.patch('stations/none', { disabled: true })).toMatchObject({ status: 404 });
  expect(await count()).toBe(before);
});

test('users have roles and one e-mail address each', async () => {
  const user = (await api.post('users', { email: 'a@example.org', name: 'A' })).body;
  expect(user.role).toBe('viewer');
  expect(await api.post('users', { email: 'A@Example.org', name: 'B' })).toMatchObject({ status: 409 });
  expect((await api.patch(`users/${user.id}`, { role: 'operator' })).body.role).toBe('operator');
  expect(await api.delete(`users/${user.id}`)).toMatchObject({ status: 204 });
  expect(await api.get(`users/${user.id}`)).toMatchObject({ status: 404 });
});

test('a station that charged is disabled, one that never did can be deleted', async () => {
  await api.post('stations', { identity: 'CP9' });
  expect(await api.delete('stations/CP9')).toMatchObject({ status: 204 });
  expect(await api.get('stations/CP9')).toMatchObject({ status: 404 });
});
