import { lookup as resolve } from 'node:dns';
import { type ClientRequest, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { fail, type Outside, type OutsideAnswer, type OutsideRequest, PluggaError } from '@plugga/kit';
import { isPublic } from './addresses.ts';

const KIB = 1024;
const MOST_BYTES = 64 * KIB;
/** At once from this node: what stations make us ask is not to crowd out everything else. */
const MOST_AT_ONCE = 64;

export interface OutsideOptions {
  /** Hosts, or host:port, that may be reached although private, and by plain http: PLUGGA_EGRESS_ALLOW. */
  readonly allow: readonly string[];
}

/** What a plugin may reach of the world outside: the addresses are looked at when the connection is made, not before it. */
export function createOutside({ allow }: OutsideOptions): Outside {
  const allowed = new Set(allow.map((entry) => entry.toLowerCase()));
  let underWay = 0;
  return {
    request: async (text, asked) => {
      const url = urlOf(text);
      const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
      const port = url.port || (url.protocol === 'https:' ? '443' : '80');
      const isAllowed = allowed.has(host) || allowed.has(`${url.hostname}:${port}`.toLowerCase());
      if (url.protocol === 'http:' && !isAllowed && asked.plain !== true)
        throw refused(url, 'plain http is not taken there');
      if (!isAllowed && isIP(host) !== 0 && !isPublic(host)) throw refused(url, 'the address is private');
      if (underWay >= MOST_AT_ONCE) throw failed(url, 'too many requests are under way from here');
      underWay += 1;
      try {
        return await exchanged(url, asked, isAllowed ? undefined : publicOnly(url));
      } catch (error) {
        if (error instanceof PluggaError) throw error;
        throw failed(url, reasonOf(error, asked), error);
      } finally {
        underWay -= 1;
      }
    },
  };
}

/** Without path and query: they may hold what is not for a log. */
const refused = ({ origin }: URL, why: string): PluggaError => fail('outside-refused', `${origin}: ${why}`);
const failed = ({ origin }: URL, why: string, cause?: unknown): PluggaError =>
  fail('outside-failed', `${origin}: ${why}`, { cause });

function urlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw fail('outside-refused', 'that is no http(s) URL');
  if (url.username !== '' || url.password !== '') throw refused(url, 'a URL with a user in it is not taken');
  return url;
}

function reasonOf(error: unknown, { withinMs, signal }: OutsideRequest): string {
  if (!(error instanceof Error)) return String(error);
  if (signal?.aborted === true) return 'it was given up';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return `no answer within ${withinMs} ms`;
  return error.message === '' ? error.name : error.message;
}

/** One name may stand for several addresses, and for others at the next look: each that is connected to is looked at. */
const publicOnly =
  (url: URL): LookupFunction =>
  (host, options, done) =>
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '');
      const reachable = addresses.filter(({ address }) => isPublic(address));
      const [first] = reachable;
      if (first === undefined) return done(refused(url, 'the address is private'), '');
      return options.all === true ? done(null, reachable) : done(null, first.address, first.family);
    });

function exchanged(url: URL, asked: OutsideRequest, lookup: LookupFunction | undefined): Promise<OutsideAnswer> {
  const { method = 'GET', headers = {}, body, withinMs, mostBytes = MOST_BYTES } = asked;
  const limit = AbortSignal.timeout(withinMs);
  const signal = asked.signal === undefined ? limit : AbortSignal.any([asked.signal, limit]);
  const request = url.protocol === 'https:' ? requestTls : requestPlain;
  return new Promise((gives, rejects) => {
    const sent: ClientRequest = request(
      url,
      // No agent: a connection that is kept would not be looked at again.
      { method, headers: { ...headers }, signal, agent: false, ...(lookup !== undefined && { lookup }) },
      (answer) => {
        bytesOf(answer, mostBytes).then(
          (bytes) => gives({ status: answer.statusCode ?? 0, body: bytes }),
          (error: unknown) => {
            sent.destroy();
            rejects(error);
          },
        );
      },
    );
    sent.on('error', rejects);
    sent.end(body);
  });
}

async function bytesOf(answer: IncomingMessage, most: number): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > most) throw new RangeError(`the answer is longer than ${most} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}
