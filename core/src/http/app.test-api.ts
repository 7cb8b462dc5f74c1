import { fail, instant, type Answer, type Call, type CommandId, type Questions, type TenantId } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { realClock, realRandom } from '../clock.ts';
import { openDatabase } from '../db/open.ts';
import { openSystem } from '../db/system.ts';
import type { CoreTables } from '../db/tables.ts';
import { createTransactions } from '../db/transactions.ts';
import { newId } from '../id.ts';
import { silentLog } from '../log.ts';
import type { MountedRoutes } from '../plugins/routes.ts';
import { seed } from '../site/seed.ts';
import { createApp } from './app.ts';
import type { HttpDeps, Live } from './deps.ts';

export const adminKey = 'an-admin-key-for-tests';

export interface Reply {
  readonly status: number;
  // The tests read what a partner would read; the schemas are checked by the document's own tests.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly headers: Headers;
}

export interface Request {
  readonly key?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The application as a function, on a database of its own. */
export async function testApi(
  name: string,
  o: {
    readonly routes?: readonly MountedRoutes[];
    readonly ui?: ReturnType<HttpDeps['plugins']['ui']>;
    readonly live?: Partial<Live>;
    /** What plugins say of an offer that a start names. */
    readonly offer?: (ask: Questions['offer']['ask']) => Questions['offer']['answer'] | undefined;
    readonly dialects?: HttpDeps['dialects'];
  } = {},
) {
  const database = await testDatabase(name);
  const working = openDatabase<CoreTables>({ url: database.url, max: 10 });
  const system = openSystem({ url: database.url, max: 2 });
  const listeners = new Set<() => void>();
  const appended = () => listeners.forEach((listener) => listener());
  const transactions = createTransactions({ pool: working.pool, clock: realClock, random: realRandom, appended });
  const installation = await seed({
    transactions,
    system: system.kysely,
    random: realRandom,
    party: { countryCode: 'SE', partyId: 'PLG' },
    onboarding: 'closed',
    adminKey,
  });
  const told: string[] = [];
  const live: Live = {
    call: async (_tenant, _station, _call: Call) => ({ messageId: 'm1', answer: { kind: 'closed' } as Answer }),
    command: async (tx, actor, station, asked) => {
      const id = newId(realRandom) as CommandId;
      const at = new Date(realClock.now());
      await transactions
        .kyselyOf(tx)
        .insertInto('core.command_row')
        .values({
          id,
          tenant: tx.tenant,
          station,
          name: asked.name,
          payload: JSON.stringify(asked.payload),
          status: 'queued',
          detail: null,
          result: null,
          effect: null,
          actor,
          created_at: at,
          updated_at: at,
        })
        .execute();
      return id;
    },
    stationChanged: ({ identity }, { close = '' } = {}) => void told.push(`station ${identity} ${close}`.trim()),
    placesChanged: (station) => void told.push(`places ${station}`),
    tokensChanged: (tenant) => void told.push(`tokens ${tenant}`),
    teach: async (station, { action, state }) => void told.push(`teach ${station} ${action} ${state}`),
    replay: async () => ({ stored: true, detail: 'stored' }),
    ...o.live,
  };
  const deps: HttpDeps = {
    transactions,
    system: system.kysely,
    installation,
    adminKey,
    clock: realClock,
    random: realRandom,
    log: silentLog,
    live,
    plugins: {
      ask: async (_question, ask) => {
        const answer = o.offer?.(ask as Questions['offer']['ask']);
        return answer === undefined ? undefined : { plugin: 'tariffs', answer: answer as never };
      },
      routesOf: () => o.routes ?? [],
      status: async () => [],
      ui: () => o.ui ?? [],
      release: async () => true,
      rebuild: async () => undefined,
      settingsOf: (name) => {
        throw fail('not-found', `there is no plugin "${name}"`);
      },
    },
    version: '0.0.0',
    publicUrl: () => 'http://plugga.test',
    dialects: o.dialects ?? { adapters: [], quirks: [] },
    readiness: async () => ({ ready: true, checks: { database: 'ok' } }),
    metrics: async () => 'plugga_up 1\n',
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const app = createApp(deps);
  const fetch = (method: string, path: string, { key = adminKey, body, headers = {} }: Request = {}) =>
    app.request(path.startsWith('/') ? path : `/api/v1/${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const call = async (method: string, path: string, request: Request = {}): Promise<Reply> => {
    const response = await fetch(method, path, request);
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return { status: response.status, body: json ? JSON.parse(text) : text, headers: response.headers };
  };
  return {
    app,
    deps,
    told,
    fetch,
    get: (path: string, request?: Request) => call('GET', path, request),
    post: (path: string, body: unknown, request?: Request) => call('POST', path, { ...request, body }),
    patch: (path: string, body: unknown, request?: Request) => call('PATCH', path, { ...request, body }),
    delete: (path: string, request?: Request) => call('DELETE', path, request),
    /** Streams that are open. */
    listening: () => listeners.size,
    now: () => instant(realClock.now()),
    async tenant(partyId: string): Promise<{ readonly id: TenantId; readonly key: string }> {
      const { body } = await call('POST', 'tenants', { body: { name: partyId, countryCode: 'SE', partyId } });
      return body;
    },
    async close() {
      await Promise.all([working.close(), system.close()]);
      await database.drop();
    },
  };
}
export type TestApi = Awaited<ReturnType<typeof testApi>>;
