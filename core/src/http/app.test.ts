import { afterAll, beforeAll, expect, test } from 'vitest';
import { testApi, type TestApi } from './app.test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await testApi('http app');
});
afterAll(() => api.close());

test('without a key, or with one that is not ours, nothing is said', async () => {
  for (const key of [null, 'nonsense', 'plg_admin.0', `plg_x.${'a'.repeat(43)}`]) {
    const { status, body, headers } = await api.get('stations', { key });
    expect({ key, status }).toEqual({ key, status: 401 });
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('www-authenticate')).toContain('Bearer');
    expect(body).toMatchObject({
      code: 'unauthenticated',
      status: 401,
      title: expect.any(String),
      type: expect.any(String),
    });
  }
});

test('what is not valid names every field, what is not there is 404, both as problem documents', async () => {
  const invalid = await api.post('tokens', { type: 7, valeu: 'x' });
  expect(invalid).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
  expect(invalid.headers.get('content-type')).toBe('application/problem+json');
  expect(invalid.body.errors.map((it: { pointer: string }) => it.pointer)).toEqual(
    expect.arrayContaining(['/type', '/value']),
  );
  expect(invalid.headers.get('x-request-id')).toBe(invalid.body.requestId);

  for (const path of [
    'tokens/none',
    'stations/none',
    'sessions/none',
    'sessions/none/readings',
    'locations/none',
    'nothing',
    '/nowhere',
  ]) {
    const { status, body, headers } = await api.get(path);
    expect({ path, status, code: body.code }).toEqual({ path, status: 404, code: 'not-found' });
    expect(headers.get('content-type')).toBe('application/problem+json');
  }
  expect(await api.post('tokens', '{"value": ')).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
  expect(await api.get('tokens?limit=201')).toMatchObject({ status: 400 });
  expect(await api.get('tokens?cursor=nonsense')).toMatchObject({ status: 400, body: { code: 'invalid-cursor' } });
  expect(await api.post('tokens', { value: 'x'.repeat(2_000_000) })).toMatchObject({ status: 400 });
});

test('what PostgreSQL cannot store is a fault of the request, not of ours', async () => {
  expect(await api.post('locations', { name: 'a\0b' })).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
  expect(await api.get('stations/%00')).toMatchObject({ status: 400 });
  expect(await api.get('tokens?cursor=WyJ4IiwieSJd')).toMatchObject({ status: 400 });
});

test('a request id that is given comes back, in the header and in the problem', async () => {
  const { body, headers } = await api.get('tokens/none', { headers: { 'x-request-id': 'from-a-partner-1' } });
  expect(body.requestId).toBe('from-a-partner-1');
  expect(headers.get('x-request-id')).toBe('from-a-partner-1');
});

test('the API document covers every route, says the scope of each and refers to nothing that is missing', async () => {
  const { status, body } = await api.get('/openapi.json', { key: null });
  expect(status).toBe(200);
  expect(body.openapi).toBe('3.1.0');
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining([
      '/api/v1/stations',
      '/api/v1/stations/{identity}/calls',
      '/api/v1/sessions/{id}/timeline',
      '/api/v1/events',
    ]),
  );
  expect(body.paths['/api/v1/stations'].get.security).toEqual([{ key: ['stations:read'] }]);
  expect(body.paths['/api/v1/stations'].post.security).toEqual([{ key: ['stations:write'] }]);
  expect(body.paths['/api/v1/stations'].post.parameters).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'Idempotency-Key' })]),
  );
  const schemas = new Set(Object.keys(body.components.schemas));
  const missing = [...JSON.stringify(body).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].filter(
    ([, name]) => !schemas.has(name ?? ''),
  );
  expect(missing).toEqual([]);
});

test('the documentation is served by us, without inline script', async () => {
  const page = await api.get('/docs', { key: null });
  expect(page.status).toBe(200);
  expect(page.body).not.toMatch(/<script(?![^>]*src=)/);
  expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js'])
    expect((await api.get(`/docs/${file}`, { key: null })).status).toBe(200);
  expect((await api.get('/docs/../package.json', { key: null })).status).toBe(404);
  expect((await api.get('/docs/%2e%2e%2fpackage.json', { key: null })).status).toBe(404);
});

test('operations need no key', async () => {
  expect(await api.get('/livez', { key: null })).toMatchObject({ status: 200, body: { live: true } });
  expect(await api.get('/readyz', { key: null })).toMatchObject({ status: 200, body: { ready: true } });
  expect(await api.get('/version', { key: null })).toMatchObject({ body: { name: 'plugga', version: '0.0.0' } });
  expect((await api.get('/metrics', { key: null })).body).toContain('plugga_up 1');
});

test('text of some size is packed as the caller prefers', async () => {
  const of = async (encoding: string) => {
    const response = await api.fetch('GET', '/openapi.json', { key: null, headers: { 'accept-encoding': encoding } });
    return response.headers.get('content-encoding');
  };
  expect([await of('gzip, br'), await of('gzip'), await of('br;q=0, gzip;q=0.5'), await of('identity')]).toEqual([
    'br',
    'gzip',
    'gzip',
    null,
  ]);
  const packed = await api.fetch('GET', '/openapi.json', { key: null, headers: { 'accept-encoding': 'gzip' } });
  expect(Number(packed.headers.get('content-length'))).toBe((await packed.arrayBuffer()).byteLength);
});

test('every answer forbids what it does not need', async () => {
  const { headers } = await api.get('stations');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(headers.get('cache-control')).toBe('no-store');
});
