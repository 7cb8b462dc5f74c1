import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { PluginEnv } from '@plugga/kit';
import { keyFile } from './build.ts';
import { languageOf } from './language.ts';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};
/** Notes of the build that are no part of a page: the licences stand in the tarball. */
const unserved: ReadonlySet<string> = new Set([keyFile, 'index.html', 'licences.md']);

/** Same origin only, no inline script: what a station or driver writes can never run here. */
const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly tag: string;
}

/** A build in memory: the page, where it has one, and its other files by their path below it. */
export interface Built {
  readonly page: string | undefined;
  readonly assets: ReadonlyMap<string, Asset>;
}

/** Read whole, so that a running page never meets the files of a newer build, nor a path the file system. */
export async function readBuilt(folder: string): Promise<Built> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !unserved.has(path));
  const assets = await Promise.all(
    paths.map(async (path): Promise<readonly [string, Asset]> => {
      const bytes = new Uint8Array(await readFile(join(folder, path)));
      return [path, { bytes, tag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` }];
    }),
  );
  const page = join(folder, 'index.html');
  return { page: existsSync(page) ? await readFile(page, 'utf8') : undefined, assets: new Map(assets) };
}

const matches = (asked: string | undefined, tag: string): boolean =>
  asked !== undefined && asked.split(',').some((it) => it.trim().replace(/^W\//, '') === tag);

/** The built files under `at`; where there is a page, every other path there is it, which routes in the browser. */
export function pages(
  app: OpenAPIHono<PluginEnv>,
  { at, built }: { readonly at: string; readonly built: () => Promise<Built> },
): void {
  app.get('*', async (c) => {
    const { page, assets } = await built();
    const path = new URL(c.req.url).pathname.slice(at.length).replace(/^\//, '');
    const asset = assets.get(path);
    if (asset !== undefined) {
      // Names under assets/ carry a hash of their content; the others are the same name for newer content.
      const kept = path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      const said = { ...headers, 'cache-control': kept, etag: asset.tag };
      if (matches(c.req.header('if-none-match'), asset.tag)) return c.body(null, 304, said);
      return c.body(asset.bytes, 200, { ...said, 'content-type': types[extname(path)] ?? 'application/octet-stream' });
    }
    if (page === undefined || path.startsWith('assets/') || path.startsWith('shared/')) return c.notFound();
    const language = languageOf(c.req.header('accept-language'));
    return c.body(page.replace(/<html lang="[a-z]*"/, `<html lang="${language}"`), 200, {
      ...headers,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      vary: 'accept-language',
    });
  });
}
