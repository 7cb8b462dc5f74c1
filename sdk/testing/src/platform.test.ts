import { definePlugin } from '@plugga/kit';
import { expect, test } from 'vitest';
import { startPlatform } from './platform.ts';

const hello = definePlugin({
  name: 'hello',
  setup: () => ({
    routes: {
      '/hello': { auth: 'api', mount: (app) => app.get('/', (c) => c.json({ tenant: c.get('caller').tenant })) },
      '/hello-page': { auth: 'public', mount: (app) => app.get('/', (c) => c.text('hello')) },
      '/broken': {
        auth: 'api',
        mount: (app) =>
          app.get('/', () => {
            throw new Error('inside');
          }),
      },
    },
  }),
});

test('the platform starts with the plugins it is given, behind its own keys', async () => {
  await using platform = await startPlatform({ plugins: [hello] });
  const get = (path: string, key = platform.adminKey) =>
    fetch(`${platform.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  expect((await get('/api/v1/hello', 'wrong')).status).toBe(401);
  expect(await (await get('/api/v1/hello')).json()).toEqual({ tenant: expect.any(String) });
  expect(await (await fetch(`${platform.url}/hello-page`)).text()).toBe('hello');
  const broken = await get('/api/v1/broken');
  expect(broken.status).toBe(500);
  expect(await broken.json()).toMatchObject({ code: 'plugin-failed', plugin: 'hello', requestId: expect.any(String) });
  const { items } = (await (await get('/api/v1/plugins')).json()) as { items: unknown[] };
  expect(items).toMatchObject([{ name: 'hello', state: 'running', lastError: { where: 'route GET /api/v1/broken' } }]);
});

test('two platforms share nothing', async () => {
  await using one = await startPlatform();
  await using two = await startPlatform();
  expect(one.url).not.toBe(two.url);
  const answer = await fetch(`${two.url}/api/v1/stations`, { headers: { authorization: `Bearer ${one.adminKey}` } });
  expect(answer.status).toBe(401);
});

test.each([
  ['/stations', 'api'],
  ['/docs', 'public'],
  ['/api/v1', 'own'],
] as const)('a plugin that claims %s of the core is refused at start', async (prefix, auth) => {
  const greedy = definePlugin({ name: 'greedy', setup: () => ({ routes: { [prefix]: { auth, mount: () => {} } } }) });
  await expect(startPlatform({ plugins: [greedy] })).rejects.toThrow(/"greedy" claims the path .* belongs to the core/);
});
