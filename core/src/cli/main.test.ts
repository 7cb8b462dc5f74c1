import { defineDeployment, definePlugin } from '@plugga/kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { main } from './main.ts';

const lister = definePlugin({
  name: 'lister',
  setup: () => ({
    cli: {
      'lister say': {
        usage: 'plugga lister say <word>',
        summary: 'Says a word',
        run: async ({ args, json, out }) => {
          out(json ? JSON.stringify(args) : args.join(' '));
          return args.length === 0 ? 2 : 0;
        },
      },
    },
  }),
});

/** Runs one command line as the shell would. */
async function plugga(line: string, env: Record<string, string> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(
    line.split(' ').filter((word) => word !== ''),
    {
      env,
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
      deployment: async () => defineDeployment({ adapters: [], quirks: [], plugins: [lister] }),
      ended: new Promise(() => undefined),
    },
  );
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** What a platform would answer. */
let server: Server;
let url = '';
let asked: { method: string; url: string; body: string; authorization: string }[] = [];
const answers: Record<string, { status: number; body: unknown }> = {};
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = `${request.method ?? ''} ${request.url ?? ''}`;
      asked.push({
        method: request.method ?? '',
        url: request.url ?? '',
        body: Buffer.concat(chunks).toString(),
        authorization: request.headers.authorization ?? '',
      });
      const answer = answers[path] ?? { status: 404, body: { detail: `nothing at ${path}`, hint: 'look it up' } };
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

test('without a command the help lists every command, those of plugins too', async () => {
  const { code, out } = await plugga('');
  expect(code).toBe(0);
  for (const usage of [
    'plugga start',
    'plugga doctor',
    'plugga config check',
    'plugga station add',
    'plugga lister say',
  ])
    expect(out).toContain(usage);
});

test('a plugin brings its own command, which runs without a platform or a database', async () => {
  expect(await plugga('lister say hello')).toMatchObject({ code: 0, out: 'hello' });
  expect(await plugga('lister say hello --json')).toMatchObject({ code: 0, out: '["hello"]' });
});

test('a command that is not there ends with 2 and says what was probably meant', async () => {
  const { code, err } = await plugga('statoin list');
  expect(code).toBe(2);
  expect(err).toContain('did you mean `plugga station list`?');
});

test('a wrong option or a missing word ends with 2 and the usage', async () => {
  expect(await plugga('station add', { PLUGGA_KEY: 'k' })).toMatchObject({
    code: 2,
    err: expect.stringContaining('usage: plugga station add'),
  });
  expect(await plugga('config check --loud')).toMatchObject({ code: 2 });
});

test('config check prints every setting with its source, and fails naming the wrong one', async () => {
  const good = await plugga('config check --json', { PLUGGA_PORT: '9000', PLUGGA_ADMIN_KEY: 'canary-canary-canary' });
  expect(good.code).toBe(0);
  expect(good.out).not.toContain('canary');
  expect(JSON.parse(good.out).settings).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: 'PLUGGA_PORT', source: 'environment', value: '9000' })]),
  );
  expect(await plugga('config check', { PLUGGA_PROT: '9000' })).toMatchObject({
    code: 1,
    err: expect.stringContaining('did you mean PLUGGA_PORT?'),
  });
});

test('stations and tokens are listed through all pages and added by the operator API', async () => {
  asked = [];
  answers['GET /api/v1/stations?limit=200'] = {
    status: 200,
    body: { items: [{ identity: 'CP1', online: true }], next: 'n' },
  };
  answers['GET /api/v1/stations?limit=200&cursor=n'] = {
    status: 200,
    body: { items: [{ identity: 'CP2', online: false }], next: null },
  };
  answers['POST /api/v1/stations'] = { status: 201, body: { identity: 'CP3', key: 'ab12' } };
  answers['POST /api/v1/tokens'] = { status: 201, body: { id: 't1' } };
  const list = await plugga(`station list --url ${url} --key secret`);
  expect(list.out.split('\n').map((line) => line.split(/ +/).slice(0, 2))).toEqual([
    ['IDENTITY', 'ONLINE'],
    ['CP1', 'true'],
    ['CP2', 'false'],
  ]);
  expect(await plugga(`station add CP3 --url ${url}`, { PLUGGA_ADMIN_KEY: 'from-the-environment' })).toMatchObject({
    code: 0,
    out: 'ab12',
  });
  expect(await plugga(`token add DEADBEEF --group fleet --url ${url} --key secret`)).toMatchObject({
    code: 0,
    out: 't1',
  });
  expect(asked.map(({ authorization }) => authorization)).toEqual([
    'Bearer secret',
    'Bearer secret',
    'Bearer from-the-environment',
    'Bearer secret',
  ]);
  expect(JSON.parse(asked.at(-1)?.body ?? '')).toEqual({ value: 'DEADBEEF', group: 'fleet' });
});

test('a refusal ends with 4 and the reason, no platform with 3, no key with 4', async () => {
  expect(await plugga(`plugin list --url ${url} --key secret`)).toMatchObject({
    code: 4,
    err: expect.stringContaining('nothing at GET'),
  });
  expect(await plugga('plugin list --url http://127.0.0.1:1 --key secret')).toMatchObject({
    code: 3,
    err: expect.stringContaining('no platform answers'),
  });
  expect(await plugga('plugin list')).toMatchObject({ code: 4 });
});
