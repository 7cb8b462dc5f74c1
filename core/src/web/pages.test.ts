import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { PluginEnv } from '@plugga/kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pages, readBuilt } from './pages.ts';

let root: string;
let app: OpenAPIHono<PluginEnv>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'plugga-pages-'));
  const folder = join(root, 'web');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await mkdir(join(folder, 'shared', '1'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<!doctype html><html lang="en"><body>page</body></html>');
  await writeFile(join(root, 'secret.txt'), 'not to be served');
  await writeFile(join(folder, '.key'), 'not to be served');
  await writeFile(join(folder, 'licences.md'), 'not to be served');
  await writeFile(join(folder, 'shared', '1', 'react.js'), 'export {}');
  await writeFile(join(folder, 'assets', 'index-1.js'), 'export {}');
  await writeFile(join(folder, 'assets', 'index-1.css'), 'a{}');
  const own = new OpenAPIHono<PluginEnv>();
  const built = readBuilt(folder);
  pages(own, { at: '/console', built: () => built });
  app = new OpenAPIHono<PluginEnv>();
  app.route('/console', own);
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('the page', () => {
  test.each([
    '/console',
    '/console/',
    '/console/stations',
    '/console/sessions/x%2Fy?status=active',
    '/console/%ff%zz',
    '/console/a%00b',
  ])('%s is the page, which routes in the browser', async (path) => {
    const answer = await app.request(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toContain('page');
  });

  test('says its language as the browser prefers it, and that it depends on that', async () => {
    const answer = await app.request('/console', { headers: { 'accept-language': 'sv-SE' } });
    expect(await answer.text()).toContain('<html lang="sv"');
    expect(answer.headers.get('vary')).toBe('accept-language');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });

  test('allows no inline script and no other origin', async () => {
    const policy = (await app.request('/console')).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('http');
  });
});

describe('assets', () => {
  test.each([
    ['/console/assets/index-1.js', 'text/javascript; charset=utf-8'],
    ['/console/assets/index-1.css', 'text/css; charset=utf-8'],
  ])('%s is kept for ever: its name is its content', async (path, type) => {
    const answer = await app.request(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('cache-control')).toContain('immutable');
  });

  test.each(['/console/assets/index-0.js', '/console/shared/2/react.js'])(
    '%s, which is not there, is 404, not the page',
    async (path) => {
      expect((await app.request(path)).status).toBe(404);
    },
  );

  test('one whose name stays when its content changes is asked for each time, and sent when it has changed', async () => {
    const answer = await app.request('/console/shared/1/react.js');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const tag = answer.headers.get('etag') ?? '';
    const again = (known: string) => app.request('/console/shared/1/react.js', { headers: { 'if-none-match': known } });
    expect((await again(tag)).status).toBe(304);
    expect((await again(`W/${tag}`)).status).toBe(304);
    expect((await again('"other"')).status).toBe(200);
  });

  test.each([
    '/console/assets/..%2Fsecret.txt',
    '/console/assets/%2e%2e/secret.txt',
    '/console/secret.txt',
    '/console/../secret.txt',
    '/console/.key',
    '/console/licences.md',
    '/console//etc/passwd',
  ])('nothing but the assets is read through %s', async (path) => {
    const answer = await app.request(path);
    expect([200, 404]).toContain(answer.status);
    expect(await answer.text()).not.toContain('not to be served');
  });
});

describe('pages of a plugin, which are modules alone', () => {
  test('are served under the plugin’s own path, and nothing else is there', async () => {
    const folder = join(root, 'plugin');
    await mkdir(folder);
    await writeFile(join(folder, 'pages.js'), 'export const mount = () => () => undefined');
    const own = new OpenAPIHono<PluginEnv>();
    const built = readBuilt(folder);
    pages(own, { at: '/ui/points', built: () => built });
    const app = new OpenAPIHono<PluginEnv>();
    app.route('/ui/points', own);
    const answer = await app.request('/ui/points/pages.js');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8']);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    for (const path of ['/ui/points', '/ui/points/', '/ui/points/other.js', '/ui/points/index.html'])
      expect((await app.request(path)).status, path).toBe(404);
  });
});
