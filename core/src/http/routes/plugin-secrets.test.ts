import { apiRoutes, definePlugin, jsonRoute, secret, z } from '@plugga/kit';
import { startPlatform, testDatabase } from '@plugga/testing';
import { Pool } from 'pg';
import { expect, test } from 'vitest';

const key = 'hush-5d0c-keep-it';
const gateway = definePlugin({
  name: 'gateway',
  settings: z.object({
    mode: z.enum(['live', 'test']).default('test'),
    accessWord: secret(z.string().min(4)).optional(),
    mail: z.object({ user: z.string(), word: secret(z.string()).optional() }).optional(),
  }),
  setup: ({ settings, transaction }) => ({
    routes: {
      '/gateway': apiRoutes(
        jsonRoute({ method: 'get', path: '/', summary: 'What it would sign with', gives: z.unknown() }, ({ tenant }) =>
          transaction(tenant, async (tx) => [...((await settings(tx)).accessWord ?? '')].toReversed()),
        ),
      ),
    },
  }),
});
const careless = definePlugin({
  name: 'careless',
  settings: z.object({ hooks: z.array(z.object({ word: secret(z.string()) })).default([]) }),
  setup: () => ({}),
});

/** Every row of every table of the database, as text. */
const whole = async (url: string): Promise<string> => {
  const pool = new Pool({ connectionString: url, max: 1 });
  try {
    const { rows: tables } = await pool.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const texts: string[] = [];
    for (const { name } of tables) {
      const { rows } = await pool.query<{ text: string }>(`select it::text as text from ${name} it`);
      texts.push(...rows.map(({ text }) => text));
    }
    return texts.join('\n');
  } finally {
    await pool.end();
  }
};

test('a secret is read by its plugin alone: the API, the audit and the database do not have it', async () => {
  const database = await testDatabase('secrets');
  const platform = await startPlatform({ plugins: [gateway, careless], env: { DATABASE_URL: database.url } });
  try {
    const call = async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(`${platform.url}/api/v1/${path}`, {
        method,
        headers: { authorization: `Bearer ${platform.adminKey}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const set = (values: unknown) => call('PUT', 'plugins/gateway/settings', values);
    const values = async () => (await call('GET', 'plugins/gateway/settings')).body['values'];
    const used = async () => ((await call('GET', 'gateway')).body as unknown as string[]).toReversed().join('');

    expect(await values()).toEqual({ mode: 'test', accessWord: { set: false } });
    const mail = { user: 'post', word: `${key}-too` };
    expect(await set({ mode: 'live', accessWord: key, mail })).toEqual({
      status: 200,
      body: { mode: 'live', accessWord: { set: true }, mail: { user: 'post', word: { set: true } } },
    });
    expect(await used()).toBe(key);

    // As it is shown, with something else changed: the secret stays.
    expect((await set({ ...((await values()) as object), mode: 'test' })).status).toBe(200);
    expect([await used(), await values()]).toMatchObject([key, { mode: 'test', mail: { word: { set: true } } }]);

    const refused = await set({ accessWord: 'ab' });
    expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.not.stringContaining('"ab"')]);
    expect(await whole(database.url)).not.toContain(key);
    const audit = JSON.stringify((await call('GET', 'audit')).body);
    expect(audit).toContain('"word":{"set":true}');
    expect(audit).not.toContain('hush');

    // Left out, or written as not set: gone, and there is nothing to keep then.
    await set({ accessWord: { set: false } });
    expect([await used(), await values()]).toEqual(['', { mode: 'test', accessWord: { set: false } }]);
    expect(await set({ accessWord: { set: true } })).toMatchObject({ status: 400, body: { code: 'invalid-input' } });
    expect((await call('GET', 'plugins')).body).toMatchObject({
      items: [
        { name: 'gateway', state: 'running' },
        { name: 'careless', state: 'disabled', reason: expect.stringContaining('hooks.items.word') },
      ],
    });
  } finally {
    await platform.stop();
    await database.drop();
  }
});
