import { iso, type SessionId, type StationId } from '@plugga/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { realRandom } from '../clock.ts';
import { newId } from '../id.ts';
import { ensureConnector } from '../site/evses.ts';
import { transactOf } from '../site/transact.ts';
import { testApi, type TestApi } from './app.test-api.ts';

let api: TestApi;
let one: { readonly id: string; readonly key: string };
let two: { readonly id: string; readonly key: string };
/** Ids of the first tenant, by the parameter that names them. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  api = await testApi('http tenants');
  one = await api.tenant('ONE');
  two = await api.tenant('TWO');
  const made = async (path: string, body: unknown) => (await api.post(path, body, { key: one.key })).body;
  const location = await made('locations', { name: 'Garage' });
  const station = await made('stations', { identity: 'CP-ONE', location: location.id });
  const token = await made('tokens', { value: 'DEADBEEF01' });
  const key = await made('keys', { name: 'reader', scopes: ['read'] });
  const user = await made('users', { email: 'a@example.org', name: 'A' });
  const command = await made('stations/CP-ONE/commands', { type: 'reset' });
  const stationId = station.id as StationId;
  const session = newId(realRandom) as SessionId;
  await transactOf(api.deps.transactions)(one.id as never, async (db) => {
    const now = iso(api.now());
    const place = await ensureConnector(
      db,
      { station: stationId, evse: 1, connector: 1 },
      { tenant: one.id, random: realRandom, now },
    );
    ids.evse = place.evseId ?? '';
    ids.connector = place.connectorId ?? '';
    await db
      .insertInto('core.session_row')
      .values({
        id: session,
        tenant: one.id,
        station: stationId,
        evse: 1,
        connector: 1,
        status: 'active',
        first_seq: 1,
        first_at: new Date(now),
        flags: [],
        token: token.id,
      } as never)
      .execute();
    await db
      .insertInto('core.quarantine')
      .values({
        id: 'q-one',
        tenant: one.id,
        station: stationId,
        action: null,
        raw: Buffer.from('[]'),
        unit: 'u',
        error: 'e',
        replayed_at: null,
      })
      .execute();
  });
  Object.assign(ids, {
    identity: 'CP-ONE',
    session,
    location: location.id,
    token: token.id,
    key: key.id,
    user: user.id,
    command: command.id,
    quarantine: 'q-one',
  });
});
afterAll(() => api.close());

/** The path with the first tenant's ids in it. */
function pathOf(template: string): string {
  const [resource] = template.split('/');
  const id = {
    sessions: ids.session,
    locations: ids.location,
    tokens: ids.token,
    keys: ids.key,
    users: ids.user,
    evses: ids.evse,
    quarantine: ids.quarantine,
    tenants: one.id,
  }[resource ?? ''];
  return template
    .replace('{identity}', ids.identity ?? '')
    .replace('commands/{id}', `commands/${ids.command ?? ''}`)
    .replace('{connector}', ids.connector ?? '')
    .replace('{name}', 'billing')
    .replace('{key}', 'k')
    .replace('{how}', 'retry')
    .replace('{action}', 'GetLog')
    .replace('{id}', id ?? 'none');
}

const bodies: Readonly<Record<string, unknown>> = {
  'post stations/{identity}/calls': { action: 'ClearCache' },
  'post stations/{identity}/commands': { type: 'reset' },
  'put stations/{identity}/dialect/actions/{action}': { use: 'always' },
  'patch evses/{id}': { location: null },
  'post evses/{id}/attach': { station: 'CP-ONE', evse: 2 },
};

test('the other tenant sees nothing in any list and gets 404 for every id, whatever is asked', async () => {
  const { body: document } = await api.get('/openapi.json');
  const answers: string[] = [];
  let lists = 0;
  let named = 0;
  for (const [path, item] of Object.entries<Record<string, unknown>>(document.paths)) {
    const template = path.replace('/api/v1/', '');
    for (const method of ['get', 'post', 'put', 'patch', 'delete'].filter((it) => it in item)) {
      const request = `${method} ${template}`;
      if (
        template.startsWith('tenants') ||
        template.startsWith('nodes') ||
        template === 'events' ||
        template === 'me' ||
        (method === 'post' && !template.includes('{'))
      )
        continue;
      const body = method === 'get' || method === 'delete' ? undefined : (bodies[request] ?? {});
      const isFrames = template === 'frames' || template === 'frames/export';
      const url = isFrames ? `${template}?station=CP-ONE` : pathOf(template);
      const response = await api.fetch(method.toUpperCase(), url, { key: two.key, body });
      const text = await response.text();
      const isId = template.includes('{') || isFrames;
      if (isId) {
        named += 1;
        if (response.status !== 404) answers.push(`${request}: ${response.status} ${text.slice(0, 100)}`);
      } else {
        lists += 1;
        const own = template === 'keys' ? 1 : template === 'audit' ? 1 : 0;
        const items = (JSON.parse(text) as { items: unknown[] }).items.length;
        if (items !== own) answers.push(`${request}: ${items} items`);
      }
      for (const [what, id] of Object.entries(ids))
        if (what !== 'identity' && text.includes(`"${id}"`) && response.status !== 404)
          answers.push(`${request} shows ${what}`);
    }
  }
  expect(answers).toEqual([]);
  expect({ lists, named }).toMatchObject({
    lists: expect.toSatisfy((n: number) => n >= 10),
    named: expect.toSatisfy((n: number) => n >= 25),
  });
});

test('the walk would find what it looks for: the owner gets all of it', async () => {
  for (const template of [
    'stations/{identity}',
    'sessions/{id}',
    'sessions/{id}/readings',
    'sessions/{id}/timeline',
    'locations/{id}',
    'tokens/{id}',
    'keys/{id}',
    'users/{id}',
    'evses/{id}',
    'stations/{identity}/commands',
    'stations/{identity}/commands/{id}',
  ])
    expect({ template, status: (await api.get(pathOf(template), { key: one.key })).status }).toEqual({
      template,
      status: 200,
    });
  expect((await api.get('quarantine', { key: one.key })).body.items).toHaveLength(1);
  expect((await api.get('sessions', { key: one.key })).body.items).toHaveLength(1);
});

test('tenants and nodes are for the admin of the installation; a tenant key is refused', async () => {
  expect(await api.get('nodes', { key: one.key })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await api.get('tenants', { key: one.key })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(await api.post('tenants', { name: 'x', countryCode: 'SE', partyId: 'XXX' }, { key: one.key })).toMatchObject({
    status: 403,
  });
  expect((await api.get('tenants')).body.items.map((it: { partyId: string }) => it.partyId).sort()).toEqual([
    'ONE',
    'PLG',
    'TWO',
  ]);
  expect(await api.post('tenants', { name: 'again', countryCode: 'SE', partyId: 'ONE' })).toMatchObject({
    status: 409,
  });
});

test('the admin acts for another tenant by naming it', async () => {
  const asOne = { headers: { 'plugga-tenant': one.id } };
  expect((await api.get('me', asOne)).body.tenant).toMatchObject({ partyId: 'ONE' });
  expect((await api.get('stations', asOne)).body.items).toHaveLength(1);
  expect((await api.get('stations')).body.items).toHaveLength(0);
  expect(await api.get('stations', { headers: { 'plugga-tenant': 'none' } })).toMatchObject({ status: 404 });
  // A tenant's own key stays where it is.
  expect((await api.get('me', { key: two.key, ...asOne })).body.tenant).toMatchObject({ partyId: 'TWO' });
});

test("another tenant's location cannot be referred to", async () => {
  expect(await api.post('stations', { identity: 'CP-TWO', location: ids.location }, { key: two.key })).toMatchObject({
    status: 404,
  });
});

test('an identity that another tenant has is taken, and nothing is said of whose it is', async () => {
  const { status, body } = await api.post('stations', { identity: 'CP-ONE' }, { key: two.key });
  expect(status).toBe(409);
  expect(JSON.stringify(body)).not.toContain(one.id);
});
