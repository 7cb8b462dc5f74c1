import { definePlugin, secret, z } from '@plugga/kit';
import { startPlatform } from '@plugga/testing';
import { expect, test } from 'vitest';

const receipts = definePlugin({
  name: 'receipts',
  replay: 'rebuild',
  settings: z.object({ footer: z.string().max(40).default('Thank you') }),
  setup: () => ({}),
});
const plain = definePlugin({ name: 'plain', setup: () => ({}) });

test('an operator sees and sets a plugin’s settings; what does not fit is refused; each change is in the audit', async () => {
  await using platform = await startPlatform({ plugins: [receipts, plain] });
  const call = async (method: string, path: string, body?: unknown, key = platform.adminKey) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${platform.url}/api/v1/${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, never> };
  };
  expect(await call('GET', 'plugins/receipts/settings')).toMatchObject({
    status: 200,
    body: { values: { footer: 'Thank you' }, schema: { properties: { footer: { maxLength: 40 } } } },
  });
  expect(await call('PUT', 'plugins/receipts/settings', { footer: 'Tack' })).toMatchObject({
    body: { footer: 'Tack' },
  });
  expect((await call('GET', 'plugins/receipts/settings')).body).toMatchObject({ values: { footer: 'Tack' } });
  expect(await call('PUT', 'plugins/receipts/settings', { footer: 1 })).toMatchObject({
    status: 400,
    body: { code: 'invalid-input', detail: expect.stringContaining('footer') },
  });
  expect((await call('GET', 'plugins/plain/settings')).body).toEqual({ schema: null, values: {} });
  expect((await call('PUT', 'plugins/plain/settings', {})).status).toBe(404);
  expect((await call('GET', 'plugins/nobody/settings')).status).toBe(404);

  const { items } = (await call('GET', 'audit')).body as unknown as { items: unknown[] };
  expect(items).toContainEqual(
    expect.objectContaining({
      action: 'plugin.set',
      subject: 'receipts',
      before: { footer: 'Thank you' },
      after: { footer: 'Tack' },
    }),
  );

  expect((await call('POST', 'plugins/receipts/rebuild')).status).toBe(202);
  expect((await call('POST', 'plugins/plain/rebuild')).body).toMatchObject({ code: 'conflict' });
  const { key } = (await call('POST', 'keys', { name: 'robot', scopes: ['*'] })).body;
  expect((await call('POST', 'plugins/receipts/rebuild', undefined, key)).status).toBe(403);
});

test('settings are set on the tag that they have: of two who began with the same, one is refused and nothing of the other is lost', async () => {
  const gateway = definePlugin({
    name: 'gateway',
    settings: z.object({ footer: z.string().default(''), apiKey: secret(z.string()).optional() }),
    setup: () => ({}),
  });
  await using platform = await startPlatform({ plugins: [gateway] });
  const call = (method: string, body?: unknown, ifMatch?: string) =>
    fetch(`${platform.url}/api/v1/plugins/gateway/settings`, {
      method,
      headers: {
        ...{ authorization: `Bearer ${platform.adminKey}`, 'content-type': 'application/json' },
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const tagNow = async (): Promise<string> => (await call('GET')).headers.get('etag') ?? '';
  const footer = async () => ((await (await call('GET')).json()) as { values: { footer: string } }).values.footer;
  const first = await tagNow();
  expect(first).toMatch(/^(W\/)?".+"$/);
  const both = await Promise.all(['Tack', 'Hej'].map((it) => call('PUT', { footer: it }, first)));
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 412]);
  const [winner, loser] = both[0]!.status === 200 ? both : both.toReversed();
  expect(await loser!.json()).toMatchObject({ code: 'changed-meanwhile' });
  expect(await footer()).toBe(both[0]!.status === 200 ? 'Tack' : 'Hej');
  const second = await tagNow();
  expect(winner!.headers.get('etag')).toBe(second);

  // Of a secret nothing is shown, and still whoever began before it was changed is told.
  expect((await call('PUT', { footer: 'x', apiKey: 'one' }, second)).status).toBe(200);
  const third = await tagNow();
  expect((await call('PUT', { footer: 'x', apiKey: 'two' }, third)).status).toBe(200);
  expect((await call('PUT', { footer: 'y', apiKey: { set: true } }, third)).status).toBe(412);
  expect((await call('PUT', { footer: 'y', apiKey: { set: true } })).status).toBe(200);
  expect(await footer()).toBe('y');
});
