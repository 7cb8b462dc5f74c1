import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import { instant, type PluginEnv } from '@plugga/kit';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWeb } from './web.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plugga-web-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const o = { clock: { now: () => instant(0) }, log: { info: () => undefined } };

test('a plugin’s pages are served under its name, or where it says, and none without web', () => {
  const web = createWeb(o);
  expect(Object.keys(web.routesOf('points', { root }))).toEqual(['/ui/points']);
  expect(Object.keys(web.routesOf('shop', { root, at: '/shop' }))).toEqual(['/shop']);
  expect(web.routesOf('quiet', undefined)).toEqual({});
});

test('pages that cannot be had are told with their plugin, the others are there, and the next visitor tries again', async () => {
  const web = createWeb(o);
  const missing = join(root, 'missing');
  await mkdir(join(root, 'there', 'dist', 'web'), { recursive: true });
  await writeFile(join(root, 'there', 'dist', 'web', 'pages.js'), 'export {}');
  const app = new OpenAPIHono<PluginEnv>();
  for (const [plugin, folder] of [
    ['late', missing],
    ['well', join(root, 'there')],
  ] as const)
    for (const [path, { mount }] of Object.entries(web.routesOf(plugin, { root: folder }))) {
      const own = new OpenAPIHono<PluginEnv>();
      mount(own);
      app.route(path, own);
    }
  const failed: string[] = [];
  await web.buildAll((plugin) => failed.push(plugin));
  expect(failed).toEqual(['late']);
  expect((await app.request('/ui/well/pages.js')).status).toBe(200);
  expect((await app.request('/ui/late/pages.js')).status).toBe(500);
  await mkdir(join(missing, 'dist', 'web'), { recursive: true });
  await writeFile(join(missing, 'dist', 'web', 'pages.js'), 'export {}');
  expect((await app.request('/ui/late/pages.js')).status).toBe(200);
});

test('a build that is under way when the platform stops is no fault, and leaves nothing behind', async () => {
  const begun = join(root, 'begun');
  // Builds for ever: what stands in for Vite says that it has begun, and writes.
  const vite = `import { mkdirSync, writeFileSync } from 'node:fs';
    const out = process.argv[process.argv.indexOf('--outDir') + 1];
    mkdirSync(out, { recursive: true });
    writeFileSync(out + '/half.js', '');
    writeFileSync(${JSON.stringify(begun)}, '');
    setInterval(() => undefined, 1000);`;
  for (const [path, text] of [
    ['package.json', '{"type":"module"}'],
    ['web/a.ts', ''],
    ['node_modules/vite/package.json', '{"type":"module","version":"1.0.0"}'],
    ['node_modules/vite/bin/vite.js', vite],
  ] as const) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const web = createWeb(o);
  web.routesOf('late', { root });
  const failed: unknown[] = [];
  const building = web.buildAll((_, error) => failed.push(error));
  await vi.waitUntil(() => existsSync(begun), { timeout: 15_000 });
  await web.stop();
  await building;
  expect(failed).toEqual([]);
  expect(await readdir(join(root, 'dist'))).toEqual([]);
});
