import { OpenAPIHono } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { apiRoutes, jsonRoute } from './json-route.ts';
import type { PluginEnv } from './plugin.ts';

const offer = z.object({ id: z.string(), price: z.string() });
const group = apiRoutes(
  jsonRoute(
    {
      method: 'get',
      path: '/{id}',
      summary: 'One offer',
      params: z.object({ id: z.string() }),
      query: z.object({ days: z.coerce.number().int().default(1) }),
      gives: offer,
    },
    async ({ tenant, params, query }) => ({ id: `${tenant}/${params.id}`, price: `${query.days}.00`, margin: '0.50' }),
  ),
  jsonRoute(
    { method: 'post', path: '/', summary: 'A new offer', body: offer, gives: offer, status: 201 },
    async ({ body }) => body,
  ),
  jsonRoute(
    {
      method: 'put',
      path: '/{id}',
      summary: 'Another price',
      params: z.object({ id: z.string() }),
      body: offer,
      gives: offer,
      etag: ({ price }) => price,
    },
    async ({ body, ifMatch, changed }) => {
      changed({ subject: body.id, before: ifMatch, after: body.price });
      return body;
    },
  ),
  jsonRoute({ method: 'get', path: '/odd/one', summary: 'Breaks its word', gives: offer }, async () => ({}) as never),
);
const app = new OpenAPIHono<PluginEnv>();
app.use('*', async (c, next) => {
  c.set('caller', { tenant: 'one' as never, actor: 'key:1', scopes: [] });
  await next();
});
app.use('*', async (c, next) => {
  await next();
  audited = c.get('changed');
});
let audited: unknown;
app.onError((error, c) => c.text(error.message, 500));
group.mount(app);

test('what a route takes is parsed, and it gives no more than its schema names', async () => {
  expect(await (await app.request('/7?days=3')).json()).toEqual({ id: 'one/7', price: '3.00' });
  expect((await app.request('/7?days=some')).status).toBe(400);
});

test('a body is checked before the route runs, and the status is as declared', async () => {
  const post = (body: unknown) =>
    app.request('/', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const made = await post({ id: 'a', price: '1.00' });
  expect([made.status, await made.json()]).toEqual([201, { id: 'a', price: '1.00' }]);
  expect((await post({ id: 'a' })).status).toBe(400);
});

test('an answer that breaks its schema is a fault of the plugin, not of the caller', async () => {
  const answer = await app.request('/odd/one');
  expect([answer.status, await answer.text()]).toEqual([500, 'get /odd/one gives what its schema does not allow']);
});

test.each([
  ['"3"', '3'],
  ['W/"3"', '3'],
  ['*', undefined],
  [undefined, undefined],
])('a change says its tag, and hears the one that it is conditional on: %s', async (header, before) => {
  const headers = { 'content-type': 'application/json', ...(header === undefined ? {} : { 'if-match': header }) };
  const answer = await app.request('/a', { method: 'PUT', headers, body: JSON.stringify({ id: 'a', price: '4' }) });
  expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"4"']);
  expect(audited).toEqual({ subject: 'a', before, after: '4' });
});

test('all of it stands in the OpenAPI document', () => {
  const { paths } = app.getOpenAPI31Document({ openapi: '3.1.0', info: { title: '', version: '' } });
  expect(Object.keys(paths ?? {})).toEqual(['/{id}', '/', '/odd/one']);
  expect(paths?.['/{id}']?.get?.parameters).toHaveLength(2);
});
