import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { MiddlewareHandler } from 'hono';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);
const smallest = 1024;
const worthwhile = /^(text\/|application\/(json|problem\+json|javascript|xml|manifest\+json|yaml)|image\/svg)/;

/** br or gzip, as the caller prefers, for text of 1 KiB and more. Streams (SSE) pass as they are. */
export const compress = (): MiddlewareHandler => async (c, next) => {
  await next();
  const type = c.res.headers.get('content-type') ?? '';
  const done = c.res.headers.has('content-encoding') || c.res.body === null || c.req.method === 'HEAD';
  if (done || !worthwhile.test(type) || type.startsWith('text/event-stream')) return;
  const encoding = encodingOf(c.req.header('accept-encoding') ?? '');
  c.res.headers.append('vary', 'accept-encoding');
  if (encoding === undefined) return;
  const body = Buffer.from(await c.res.clone().arrayBuffer());
  if (body.byteLength < smallest) return;
  const packed =
    encoding === 'br' ? await brotli(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }) : await zip(body);
  const headers = new Headers(c.res.headers);
  headers.set('content-encoding', encoding);
  headers.set('content-length', String(packed.byteLength));
  // A strong tag names other bytes than these.
  const tag = headers.get('etag');
  if (tag !== null && !tag.startsWith('W/')) headers.set('etag', `W/${tag}`);
  const { status } = c.res;
  // Hono would carry the old headers over to the new response.
  c.res = undefined;
  c.res = new Response(packed, { status, headers });
};

/** What the caller accepts and we can; q=0 is a refusal. */
function encodingOf(accepted: string): 'br' | 'gzip' | undefined {
  const refused = (part: string) => /;\s*q=0(\.0*)?\s*$/.test(part);
  const parts = accepted
    .toLowerCase()
    .split(',')
    .filter((part) => !refused(part));
  const names = parts.map((part) => part.split(';')[0]?.trim());
  if (names.includes('br')) return 'br';
  return names.includes('gzip') || names.includes('*') ? 'gzip' : undefined;
}
