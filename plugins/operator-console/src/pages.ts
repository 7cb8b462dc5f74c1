import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { PluginEnv } from '@plugga/kit';
import { languageOf } from './language.ts';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

/** Same origin only, no inline script: what a station or driver writes can never run here. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** A build in memory: the page, and its assets by their path below /console/. */
export interface Built {
  readonly page: string;
  readonly assets: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** Read whole, so that a running page never meets the files of a newer build, nor a path the file system. */
export async function readBuilt(folder: string): Promise<Built> {
  const names = await readdir(join(folder, 'assets'));
  const assets = await Promise.all(
    names.map(
      async (name) => [`assets/${name}`, new Uint8Array(await readFile(join(folder, 'assets', name)))] as const,
    ),
  );
  return { page: await readFile(join(folder, 'index.html'), 'utf8'), assets: new Map(assets) };
}

/** The built files under /console; every other path there is the page itself, which routes in the browser. */
export function pages(app: OpenAPIHono<PluginEnv>, built: Promise<Built>): void {
  app.get('*', async (c) => {
    const { page, assets } = await built;
    const path = new URL(c.req.url).pathname.replace(/^\/console\/?/, '');
    const asset = assets.get(path);
    if (asset !== undefined)
      return c.body(asset, 200, {
        ...headers,
        'content-type': types[extname(path)] ?? 'application/octet-stream',
        // Their names carry a hash of their content.
        'cache-control': 'public, max-age=31536000, immutable',
      });
    if (path.startsWith('assets/')) return c.notFound();
    const language = languageOf(c.req.header('accept-language'));
    return c.body(page.replace(/<html lang="[a-z]*"/, `<html lang="${language}"`), 200, {
      ...headers,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      vary: 'accept-language',
    });
  });
}
