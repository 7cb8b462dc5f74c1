import { createClient, ProblemError, type Client, type LiveEvent } from '@plugga/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adminKey, testApi, type TestApi } from '../core/src/http/app.test-api.ts';

let api: TestApi;
let client: Client;
/** What goes wrong on the way, request by request. */
let faults: (() => Response | Error | undefined)[] = [];
const viaApp = (async (url: URL, init: RequestInit) => {
  const fault = faults.shift()?.();
  if (fault instanceof Error) throw fault;
  return fault ?? api.app.request(url.href, init);
}) as typeof fetch;

beforeAll(async () => {
  api = await testApi('client');
  client = createClient({ baseUrl: 'http://plugga.test/', key: adminKey, fetch: viaApp });
});
afterAll(() => api.close());

test('a path, its parameters and its answer are typed by the document', async () => {
  const location = await client.post('/locations', { body: { name: 'Garage' } });
  const station = await client.post('/stations', { body: { identity: 'CP-1', location: location.id } });
  expect(station.key).toMatch(/^[0-9a-f]{40}$/);
  const read = await client.get('/stations/{identity}', { path: { identity: 'CP-1' } });
  expect(read.location).toBe(location.id);
  expect(
    await client.patch('/stations/{identity}', { path: { identity: 'CP-1' }, body: { disabled: true } }),
  ).toMatchObject({ disabled: true });
  expect(await client.delete('/stations/{identity}', { path: { identity: 'CP-1' } })).toBeUndefined();
});

test('what the document does not have is a compile error', () => {
  const wrong = [
    // @ts-expect-error there is no such path
    () => client.get('/nothing'),
    // @ts-expect-error a token has a value
    () => client.post('/tokens', { body: { type: 'Central' } }),
    // @ts-expect-error the path parameter is missing
    () => client.get('/stations/{identity}'),
    // @ts-expect-error a tenant cannot be deleted
    () => client.delete('/tenants/{id}', { path: { id: 'x' } }),
  ];
  expect(wrong).toHaveLength(4);
});

test('a list gives every item, page after page', async () => {
  for (let n = 0; n < 7; n += 1) await client.post('/tokens', { body: { value: `LISTEDTOKEN${n}` } });
  const found: string[] = [];
  for await (const token of client.list('/tokens', { query: { limit: 3 } })) found.push(token.last4);
  expect(found).toEqual(['KEN6', 'KEN5', 'KEN4', 'KEN3', 'KEN2', 'KEN1', 'KEN0']);
});

test('a refusal is a ProblemError with a stable code', async () => {
  const refused = client.get('/tokens/{id}', { path: { id: 'none' } });
  await expect(refused).rejects.toBeInstanceOf(ProblemError);
  await expect(refused).rejects.toMatchObject({ problem: { code: 'not-found', status: 404 } });
});

test('a POST whose answer was lost is sent again and happens once', async () => {
  let lose = true;
  const lost = (async (url: URL, init: RequestInit) => {
    const response = await viaApp(url, init);
    if (lose) {
      lose = false;
      await response.text();
      throw new TypeError('the connection broke');
    }
    return response;
  }) as typeof fetch;
  const shaky = createClient({ baseUrl: 'http://plugga.test', key: adminKey, fetch: lost });
  const made = await shaky.post('/locations', { body: { name: 'Only once' } });
  const all = (await client.get('/locations')).items.filter(({ name }) => name === 'Only once');
  expect(all.map(({ id }) => id)).toEqual([made.id]);
});

test('a platform that is starting is asked again', async () => {
  faults = [() => new Response('starting', { status: 503 }), () => new TypeError('refused')];
  expect((await client.get('/me')).actor).toBe('admin');
});

test('events go on where a broken connection broke, none lost and none twice', async () => {
  const emit = (n: number) =>
    api.deps.transactions.run(api.deps.installation.homeTenant, { plugin: 'core' }, async (tx) =>
      api.deps.transactions.emit(tx, {
        plugin: 'core',
        type: 'test.counted',
        v: 1,
        data: { n },
        subject: { stream: 'tests' },
      }),
    );
  const over = new AbortController();
  let opened = (): void => undefined;
  const open = new Promise<void>((resolve) => (opened = resolve));
  const heard: LiveEvent[] = [];
  const reading = (async () => {
    for await (const event of client.events({ types: ['test.'], signal: over.signal, opened })) {
      heard.push(event);
      // As if the connection broke after the first: a new one goes on after its position.
      if (heard.length === 1) break;
    }
    const after = heard[0]?.position ?? '0';
    for await (const event of client.events({ types: ['test.'], after, signal: over.signal })) {
      heard.push(event);
      if (heard.length === 5) break;
    }
  })();
  await open;
  for (let n = 1; n <= 5; n += 1) await emit(n);
  await reading;
  over.abort();
  expect(heard.map(({ data }) => data.n)).toEqual([1, 2, 3, 4, 5]);
  expect(heard[0]).toMatchObject({ type: 'test.counted', station: null, actor: 'plugin:core' });
});
