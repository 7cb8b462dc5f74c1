import { events, type EventsOptions, type LiveEvent } from './events.ts';
import type { InputOf, ItemOf, ListPath, Method, OutputOf, PathOf } from './operations.ts';
import { send, type Connection, type Sent } from './request.ts';

interface Extra {
  readonly signal?: AbortSignal;
  readonly idempotencyKey?: string;
}
type Given<P extends string, M extends Method> = InputOf<P, M> & Extra;
/** The argument may be left out where nothing in it is needed. */
type Arguments<P extends string, M extends Method> =
  Record<never, never> extends InputOf<P, M> ? [given?: Given<P, M>] : [given: Given<P, M>];

/** The operator API, typed by its OpenAPI document. */
export interface Client {
  get<P extends PathOf<'get'>>(path: P, ...given: Arguments<P, 'get'>): Promise<OutputOf<P, 'get'>>;
  post<P extends PathOf<'post'>>(path: P, ...given: Arguments<P, 'post'>): Promise<OutputOf<P, 'post'>>;
  patch<P extends PathOf<'patch'>>(path: P, ...given: Arguments<P, 'patch'>): Promise<OutputOf<P, 'patch'>>;
  delete<P extends PathOf<'delete'>>(path: P, ...given: Arguments<P, 'delete'>): Promise<OutputOf<P, 'delete'>>;
  /** Every item of a list, page after page, asked for as they are taken. */
  list<P extends ListPath>(path: P, ...given: Arguments<P, 'get'>): AsyncGenerator<ItemOf<P>, void, void>;
  /** Events as they happen; a connection that breaks goes on where it broke. */
  events(options?: EventsOptions): AsyncGenerator<LiveEvent, void, void>;
}

/** `createClient({ baseUrl: 'http://127.0.0.1:8080', key })`: in Node and in browsers. */
export function createClient(connection: Connection): Client {
  const call =
    (method: string) =>
    (path: string, given: Sent = {}): Promise<unknown> =>
      send(connection, method, path, given);
  async function* list(path: string, given: Sent = {}): AsyncGenerator<unknown, void, void> {
    let cursor: string | undefined;
    do {
      const query = { limit: 200, ...given.query, ...(cursor === undefined ? {} : { cursor }) };
      const page = (await send(connection, 'GET', path, { ...given, query })) as {
        items: unknown[];
        next: string | null;
      };
      yield* page.items;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }
  return {
    get: call('GET'),
    post: call('POST'),
    patch: call('PATCH'),
    delete: call('DELETE'),
    list,
    events: (options: EventsOptions = {}) => events(connection, options),
  } as Client;
}
