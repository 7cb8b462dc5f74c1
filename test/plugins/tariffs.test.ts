import {
  sessionAuthorized,
  sessionClosed,
  sessionPriced,
  sessionRequested,
  sessionUnpriced,
  type SessionId,
} from '@plugga/kit';
import { tariffs } from '@plugga/plugin-tariffs';
import { aSessionClosed, aToken, type PluginTest, testPlugin } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let plugin: PluginTest;
beforeAll(async () => {
  plugin = await testPlugin(tariffs, { now: '2026-01-10T12:00:00Z' });
}, 60_000);
afterAll(() => plugin.close());

interface Body {
  readonly version: number;
  readonly code?: string;
  readonly tariff: { readonly elements: readonly { readonly price_components: readonly object[] }[] };
  readonly items: readonly { readonly version: number }[];
}
let sessions = 0;
const kWh = (id: string, price: string, more: object = {}) => ({
  id,
  currency: 'SEK',
  elements: [{ price_components: [{ type: 'ENERGY', price, vat: '25', step_size: 1 }] }],
  ...more,
});
const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const answer = await plugin.request(path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, etag: answer.headers.get('etag'), body: (await answer.json()) as Body };
};
const save = async (body: object) => {
  const answer = await call('POST', '/api/v1/tariffs', body);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return answer;
};
/** Closes a session there, 10 kWh, and says what it was priced with. */
const closed = async (o: Parameters<typeof aSessionClosed>[0] = {}, before?: (session: string) => Promise<void>) => {
  const session = `closed-${(sessions += 1)}`;
  await before?.(session);
  await plugin.given(sessionClosed, aSessionClosed(o), { session });
  return (await plugin.emitted(sessionPriced)).findLast((it) => it.session === session)?.data.offer;
};

describe('assignments', () => {
  test('who charges goes before where, and the more specific place before the wider one', async () => {
    await save(kWh('for-tenant', '1', { assign: [{ to: 'tenant' }] }));
    await save(kWh('for-location', '2', { assign: [{ to: 'location', id: 'site-a' }] }));
    await save(kWh('for-evse', '3', { assign: [{ to: 'evse', id: 'evse-a' }] }));
    await save(kWh('for-connector', '4', { assign: [{ to: 'connector', id: 'connector-a' }] }));
    await save(kWh('for-adhoc', '5', { assign: [{ to: 'adhoc' }] }));
    await save(kWh('for-adhoc-there', '6', { assign: [{ to: 'adhoc', id: 'site-a' }] }));
    await save(kWh('for-group', '7', { assign: [{ to: 'group', id: 'fleet' }] }));
    await save(kWh('for-plan', '8', { assign: [{ to: 'plan', id: 'gold' }] }));
    await save(kWh('for-partner', '9', { assign: [{ to: 'partner', id: 'NL*TNM' }] }));
    const there = { location: 'site-a', evseId: 'evse-a', connectorId: 'connector-a' };
    const at = (place: object, who: object = {}) => closed({ ...there, ...place, ...who });
    const elsewhere = { location: 'site-b', evseId: 'evse-b', connectorId: 'connector-b' };
    expect(await at(elsewhere)).toBe('for-tenant@1');
    expect(await at({ evseId: 'evse-b', connectorId: 'connector-b' })).toBe('for-location@1');
    expect(await at({ connectorId: 'connector-b' })).toBe('for-evse@1');
    expect(await at({})).toBe('for-connector@1');
    expect(await at(elsewhere, { channel: 'adhoc' })).toBe('for-adhoc@1');
    expect(await at({}, { channel: 'adhoc' })).toBe('for-adhoc-there@1');
    const fleet = { token: aToken({ group: 'fleet' }) };
    expect(await at({}, fleet)).toBe('for-group@1');
    expect(await at({}, { ...fleet, payer: 'plan:gold' })).toBe('for-plan@1');
    expect(await at({}, { ...fleet, payer: 'gold' })).toBe('for-plan@1');
    expect(await at({}, { ...fleet, payer: 'partner:NL*TNM' })).toBe('for-partner@1');
  });

  test('what is taken back goes on holding for a session that began before, and its place is taken at once', async () => {
    const place = { location: 'site-t', evseId: 'evse-t', connectorId: 'connector-t' };
    const visit = (hour: string) =>
      closed({ ...place, startedAt: `2026-01-20T${hour}:00:00.000Z`, endedAt: `2026-01-20T${hour}:30:00.000Z` });
    plugin.clock.set('2026-01-20T08:00:00Z');
    await save(kWh('early', '1', { assign: [{ to: 'evse', id: 'evse-t' }] }));
    plugin.clock.set('2026-01-20T10:00:00Z');
    await call('PUT', '/api/v1/tariffs/early/assign', { assign: [] });
    await save(kWh('late', '2', { assign: [{ to: 'evse', id: 'evse-t' }] }));
    plugin.clock.set('2026-01-20T13:00:00Z');
    expect(await visit('09')).toBe('early@1');
    expect(await visit('11')).toBe('late@1');
    // Older than anything that was assigned: the first that was.
    expect(await visit('07')).toBe('early@1');
  });

  test('an assignment holds from and until, and a version from its own date', async () => {
    const place = { location: 'site-f', evseId: 'evse-f', connectorId: 'connector-f' };
    const visit = (hour: string) =>
      closed({ ...place, startedAt: `2026-01-21T${hour}:00:00.000Z`, endedAt: `2026-01-21T${hour}:30:00.000Z` });
    plugin.clock.set('2026-01-21T00:00:00Z');
    await save(kWh('always', '1', { assign: [{ to: 'location', id: 'site-f' }] }));
    await save(
      kWh('noon', '2', {
        assign: [{ to: 'location', id: 'site-f', from: '2026-01-21T12:00:00Z', until: '2026-01-21T14:00:00+01:00' }],
      }),
    );
    await save(kWh('always', '3', { start_date_time: '2026-01-21T15:00:00Z' }));
    plugin.clock.set('2026-01-21T23:00:00Z');
    expect([await visit('11'), await visit('12'), await visit('13'), await visit('15')]).toEqual([
      'always@1',
      'noon@1',
      'always@1',
      'always@2',
    ]);
  });

  test('what a request and an authorization say of the driver decides while the session runs', async () => {
    const { session } = { session: 'running-1' };
    await plugin.given(sessionRequested, { expiresAt: '2026-01-22T12:05:00.000Z', channel: 'adhoc' }, { session });
    await plugin.given(
      sessionAuthorized,
      { token: aToken({ group: 'fleet' }), by: 'plugin:ocpi', payer: 'NL*TNM' },
      { session },
    );
    expect(await plugin.rows('claim')).toMatchObject([
      { session, token: '', channel: 'adhoc' },
      { session, token: 'token-1', payer: 'NL*TNM', group_id: 'fleet' },
    ]);
  });

  test('without a tariff in force nothing is priced 0: it is told that there is no price', async () => {
    const session = 'of-another' as SessionId;
    await plugin.given(sessionClosed, aSessionClosed(), { session, tenant: 'tenant-2' });
    expect((await plugin.emitted(sessionPriced)).filter((it) => it.session === session)).toEqual([]);
    expect((await plugin.emitted(sessionUnpriced)).filter((it) => it.session === session)).toMatchObject([
      { data: { reason: expect.stringContaining('no tariff') } },
    ]);
  });

  test('an assignment that says too little or ends before it begins is refused by name', async () => {
    const refused = async (it: object) => (await call('POST', '/api/v1/tariffs', kWh('x', '1', { assign: [it] }))).body;
    expect(JSON.stringify(await refused({ to: 'group' }))).toContain('names whom or what');
    expect(JSON.stringify(await refused({ to: 'moon', id: 'x' }))).toContain('assign');
    expect(
      JSON.stringify(await refused({ to: 'tenant', from: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' })),
    ).toContain('later than from');
  });
});

describe('versions', () => {
  test('a change is the next version; the old one stays as it was, and the same content again changes nothing', async () => {
    await save(kWh('versioned', '1', { assign: [{ to: 'evse', id: 'nowhere' }] }));
    const second = await save(kWh('versioned', '2'));
    expect(second.body).toMatchObject({ version: 2, assign: [{ to: 'evse', id: 'nowhere' }], affects: { evses: 0 } });
    expect((await save(kWh('versioned', '2'))).body.version).toBe(2);
    const { items } = (await call('GET', '/api/v1/tariffs/versioned/versions')).body;
    expect(items.map((it) => it.version)).toEqual([2, 1]);
    expect(
      (await call('GET', '/api/v1/tariffs/versioned/versions/1')).body.tariff.elements[0]?.price_components[0],
    ).toMatchObject({
      price: '1',
    });
    expect(await call('GET', '/api/v1/tariffs/versioned/versions/9')).toMatchObject({ status: 404 });
  });

  test.each(['POST', 'PUT'])(
    'of %s requests at once with one tag one is done, and the others are refused',
    async (method) => {
      const id = `at-once-${method}`;
      const etag = (await save(kWh(id, '1'))).etag ?? '';
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, n) =>
          method === 'POST'
            ? call(method, '/api/v1/tariffs', kWh(id, `${n + 2}`), { 'if-match': etag })
            : call(
                method,
                `/api/v1/tariffs/${id}/assign`,
                { assign: [{ to: 'group', id: `g${n}` }] },
                { 'if-match': etag },
              ),
        ),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([
        method === 'POST' ? 201 : 200,
        ...Array(7).fill(412),
      ]);
    },
  );

  test('a change that is conditional on an older tag is refused and changes nothing', async () => {
    const first = await save(kWh('tagged', '1'));
    expect(first.etag).toBe((await call('GET', '/api/v1/tariffs/tagged')).etag);
    const changed = await call('POST', '/api/v1/tariffs', kWh('tagged', '2'), { 'if-match': first.etag ?? '' });
    expect([changed.status, changed.body.version]).toEqual([201, 2]);
    expect(changed.etag).not.toBe(first.etag);
    const late = await call('POST', '/api/v1/tariffs', kWh('tagged', '3'), { 'if-match': first.etag ?? '' });
    expect(late).toMatchObject({ status: 412, body: { code: 'tariff-changed' } });
    const given = await call('PUT', '/api/v1/tariffs/tagged/assign', { assign: [{ to: 'group', id: 'g' }] });
    expect(given.etag).not.toBe(changed.etag);
    expect((await call('GET', '/api/v1/tariffs/tagged')).body).toMatchObject({ version: 2, assign: [{ to: 'group' }] });
  });
});
