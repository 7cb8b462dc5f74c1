import { currentKey, signOut } from './key.ts';
import { problemOf, unreachable } from './problem.ts';
import { hearTime } from './server-time.ts';

export const apiBase = '/api/v1';

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** Of a POST that changes nothing: nobody needs to remember that it was made. */
  readonly reads?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Gets the headers of an answer that is a success. */
  readonly answered?: (headers: Headers) => void;
  /** Instead of the key of this tab: for trying one. */
  readonly key?: string;
}

/** crypto.randomUUID is there for secure origins only; a platform in a local network is read by plain http. */
const randomKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export const urlOf = (path: string, query: Request['query'] = {}): string => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return `${path}${text === '' ? '' : `?${text}`}`;
};

/** A file of the API under that name, as the browser keeps downloads. */
export async function download(path: string, name: string): Promise<void> {
  const key = currentKey();
  const answer = await fetch(`${apiBase}${path}`, {
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
  }).catch((error: unknown) => {
    throw unreachable(error);
  });
  if (!answer.ok) throw problemOf(answer.status, await answer.json().catch(() => undefined));
  const url = URL.createObjectURL(await answer.blob());
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}

/** One call of the operator API. Throws a `Problem`; a 401 ends the session of this tab. */
export async function api<T>(path: string, o: Request = {}): Promise<T> {
  const { method = 'GET', body, query, signal, reads = false, key = currentKey() } = o;
  const url = urlOf(`${apiBase}${path}`, query);
  const headers = {
    ...o.headers,
    accept: 'application/json',
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    // The same press of a button twice is one effect.
    ...(method === 'POST' && !reads ? { 'idempotency-key': randomKey() } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const sent = { method, headers, signal: signal ?? null, body: body === undefined ? null : JSON.stringify(body) };
  const askedAt = Date.now();
  const answer = await fetch(url, sent).catch((error: unknown) => {
    throw signal?.aborted === true ? error : unreachable(error);
  });
  hearTime(answer.headers.get('date'), askedAt, Date.now());
  if (answer.ok) o.answered?.(answer.headers);
  if (answer.status === 204) return undefined as T;
  const read: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return read as T;
  if (answer.status === 401 && o.key === undefined) signOut('expired');
  throw problemOf(answer.status, read);
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** The pages of a list one after the other, at most so many; `more` says whether there would have been further ones. */
export async function everyPage<T>(
  path: string,
  o: Request & { readonly pages: number },
): Promise<{ readonly items: readonly T[]; readonly more: boolean }> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < o.pages; page += 1) {
    const found = await api<Page<T>>(path, { ...o, query: { ...o.query, limit: 200, cursor } });
    items.push(...found.items);
    if (found.next === null) return { items, more: false };
    cursor = found.next;
  }
  return { items, more: true };
}
