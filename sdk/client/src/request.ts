import { problemOf, ProblemError } from './problem.ts';

export interface Connection {
  /** Where the platform answers, such as http://127.0.0.1:8080. */
  readonly baseUrl: string;
  /** An API key; a function where it may change. */
  readonly key: string | (() => string | Promise<string>);
  readonly fetch?: typeof fetch;
  /** How often something that failed on the way is tried again; 2 when left out. */
  readonly retries?: number;
  readonly timeoutMs?: number;
}

export interface Sent {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** Of a POST: made for each when left out, so that trying again never does it twice. */
  readonly idempotencyKey?: string;
}

const TIMEOUT_MS = 30_000;
const worthTrying: ReadonlySet<number> = new Set([429, 502, 503]);

/** `/stations/{identity}` and its parameters as a URL. */
export function urlOf({ baseUrl }: Connection, template: string, { path = {}, query = {} }: Sent): URL {
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(path[name] ?? '')));
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/api/v1${filled}`);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

export const bearer = async ({ key }: Connection): Promise<string> =>
  `Bearer ${typeof key === 'string' ? key : await key()}`;

/** One request, tried again where it did not get through. A refusal throws `ProblemError`. */
export async function send(connection: Connection, method: string, template: string, sent: Sent): Promise<unknown> {
  const { retries = 2, timeoutMs = TIMEOUT_MS } = connection;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (sent.body !== undefined) headers['content-type'] = 'application/json';
  if (method === 'POST') headers['idempotency-key'] = sent.idempotencyKey ?? randomKey();
  // A PATCH or DELETE that got through and was not answered may have been done: it is not sent twice.
  const repeatable = method === 'GET' || method === 'POST';
  for (let attempt = 0; ; attempt += 1) {
    const last = attempt >= retries || !repeatable;
    const deadline = AbortSignal.timeout(timeoutMs);
    try {
      const response = await (connection.fetch ?? fetch)(urlOf(connection, template, sent), {
        method,
        headers: { ...headers, authorization: await bearer(connection) },
        ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
        signal: sent.signal === undefined ? deadline : AbortSignal.any([sent.signal, deadline]),
      });
      if (response.ok) return response.status === 204 ? undefined : await response.json();
      if (last || !worthTrying.has(response.status)) throw new ProblemError(await problemOf(response));
    } catch (error) {
      if (last || error instanceof ProblemError || sent.signal?.aborted === true) throw error;
    }
    await pause(200 * 2 ** attempt * (0.5 + Math.random()), sent.signal);
  }
}

/** Ends at once, without an error, when the signal comes. */
export const pause = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });

const randomKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
