import { adminKey } from './process.ts';

/** The operator API as a script uses it: JSON in, JSON out, an error for anything but 2xx. */
export interface Api {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  delete(path: string): Promise<void>;
  /** Every item of a list, page by page. */
  all<T>(path: string): Promise<T[]>;
  /** The answer as it came, whatever its status. */
  raw(method: string, path: string, body?: unknown): Promise<Response>;
}

export const api = (url: string, key: string = adminKey): Api => {
  const raw = (method: string, path: string, body?: unknown): Promise<Response> =>
    fetch(`${url}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
  const json = async (method: string, path: string, body?: unknown): Promise<never> => {
    const response = await raw(method, path, body);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as never;
  };
  return {
    raw,
    get: (path) => json('GET', path),
    post: (path, body) => json('POST', path, body ?? {}),
    patch: (path, body) => json('PATCH', path, body),
    delete: (path) => json('DELETE', path),
    async all(path) {
      const items: never[] = [];
      let cursor: string | null = null;
      do {
        const query = new URLSearchParams({ limit: '200', ...(cursor === null ? {} : { cursor }) });
        const page: { items: never[]; next: string | null } = await json(
          'GET',
          `${path}${path.includes('?') ? '&' : '?'}${query}`,
        );
        items.push(...page.items);
        cursor = page.next;
      } while (cursor !== null);
      return items;
    },
  };
};

/** A session as the API shows it. */
export interface SessionView {
  readonly id: string;
  readonly status: 'pending' | 'active' | 'ended' | 'closed' | 'void';
  readonly station: string;
  readonly evse: number | null;
  readonly connector: number | null;
  readonly transactionId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly energyWh: number | null;
  readonly meterStartWh: number | null;
  readonly meterStopWh: number | null;
  readonly stopReason: string | null;
  readonly flags: readonly string[];
  readonly cost: { readonly currency: string; readonly inclVat: string; readonly final: boolean } | null;
}

export interface CdrView {
  readonly id: string;
  readonly session: string;
  readonly kind: 'cdr' | 'credit';
  readonly status: 'issued' | 'held';
  readonly heldReasons: readonly string[];
  readonly energyWh: number;
}

export interface InvoiceView {
  readonly number: string;
  readonly kind: 'invoice' | 'credit';
  readonly session: string;
  readonly energyWh: number;
  readonly currency: string;
  readonly exclVat: string;
  readonly vat: string;
  readonly inclVat: string;
}
