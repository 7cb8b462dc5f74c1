import {
  type CommandId,
  type CommandName,
  type Deployment,
  type EventId,
  fail,
  type Instant,
  instant,
  type Log,
  type Logged,
  type PluginEnv,
  type SessionId,
  type StationId,
  type TenantId,
  type Tx,
} from '@plugga/kit';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import { realClock, realRandom } from '../clock.ts';
import { appRole } from '../db/migrations/guard.ts';
import { openDatabase } from '../db/open.ts';
import { createStore } from '../db/store.ts';
import { openSystem } from '../db/system.ts';
import type { CoreTables } from '../db/tables.ts';
import { createTransactions } from '../db/transactions.ts';
import { inProcessBus } from '../events/bus.ts';
import { createDelivery } from '../events/delivery.ts';
import { refuseInvalid } from '../http/env.ts';
import { problemOf, problemResponse } from '../http/problem.ts';
import { newId } from '../id.ts';
import { createOutside } from '../outside/outside.ts';
import type { Clock, SessionRow } from '../ports.ts';
import { keepSaid } from '../site/signed.ts';
import { installationSecret } from '../site/installation.ts';
import { createHost, type Host, type HostDeps } from './host.ts';

export interface WorkbenchOptions extends Pick<HostDeps, 'setupMs' | 'stopMs' | 'breaker' | 'retry'> {
  /** A database with the core's schema; the URL is of its owner. */
  readonly url: string;
  readonly deployment: Pick<Deployment, 'plugins' | 'ports'>;
  /** What plugins see; log, delivery and database run on the real one. */
  readonly clock: Clock;
  readonly log?: Log;
  /** Private hosts that plugins may reach: none. */
  readonly egressAllow?: readonly string[];
}

export interface GivenEvent {
  readonly tenant: TenantId;
  readonly station: StationId;
  readonly session?: SessionId;
  readonly type: string;
  readonly v: number;
  readonly at: Instant;
  readonly data: unknown;
  /** The session's row as it is after the event. */
  readonly row?: SessionRow;
}

export interface SentCommand {
  readonly id: CommandId;
  readonly station: StationId;
  readonly name: CommandName;
  readonly command: unknown;
  readonly actor: string;
}

/** The real plugin host on a real database, without stations and sockets: what plugins are tested on. */
export interface Workbench {
  readonly host: Host;
  /** Commands that plugins sent; there is no station to get them. */
  readonly commands: readonly SentCommand[];
  /** Appends to the station's stream through the committer, as its actor does. The station must be there. */
  append(event: GivenEvent): Promise<void>;
  /** The log in its order. */
  log(): Promise<readonly Logged[]>;
  /** Resolves when every plugin has come to the end of the log, with what it could not handle; rejects after the deadline. */
  handled(deadlineMs: number): Promise<readonly { readonly plugin: string; readonly error: string }[]>;
  transaction<T>(tenant: TenantId, run: (db: Kysely<CoreTables>, tx: Tx) => Promise<T>): Promise<T>;
  /** The plugins' routes, called by a key of the tenant that may do everything. */
  request(path: string, init?: RequestInit & { readonly tenant?: TenantId }): Promise<Response>;
  close(): Promise<void>;
}

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const pollMs = 10;

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { url, clock, deployment, log = quiet } = options;
  const owner = openDatabase<unknown>({ url, max: 2 });
  const database = openDatabase<CoreTables>({ url, role: appRole, max: 5 });
  const system = openSystem({ url, max: 2 });
  let wake = (): void => {};
  const given = { random: realRandom, log, onEmit: keepSaid, appended: () => wake() };
  const store = createStore({ url, clock: realClock, ...given });
  const transactions = createTransactions({ pool: database.pool, clock, ...given });
  const delivery = createDelivery({ store, pool: database.pool, system: system.pool, clock: realClock, ...given });
  wake = () => delivery.wake();
  const commands: SentCommand[] = [];
  const host = createHost({
    ...options,
    deployment,
    owner,
    database,
    transactions,
    delivery,
    clock,
    random: realRandom,
    bus: inProcessBus(),
    outside: createOutside({ allow: options.egressAllow ?? [] }),
    publicUrl: 'https://plugga.test',
    log,
    logOf: () => log,
    commands: {
      send: async (tx, actor, station, name, command) => {
        const id = newId(realRandom) as CommandId;
        transactions.afterCommit(tx, () => commands.push({ id, station, name, command, actor }));
        return id;
      },
    },
  });
  const close = async (): Promise<void> => {
    await host.stop();
    await store.close();
    await Promise.all([owner.close(), database.close(), system.close()]);
  };
  try {
    await installationSecret(system.kysely, realRandom);
    await host.migrate();
    await host.setUp();
    await host.run();
  } catch (error) {
    await close();
    throw error;
  }

  let last: Promise<unknown> = Promise.resolve();
  const app = appOf(host);
  return {
    host,
    commands,
    append: (event) => {
      const appended = last.then(() => append(store, event));
      last = appended.catch(() => undefined);
      return appended;
    },
    log: async () => store.readAfter(0n, 100_000),
    handled: async (deadlineMs) => {
      const end = realClock.now() + deadlineMs;
      for (;;) {
        const states = [...(await delivery.status())];
        const behind = states.filter(([, { lag }]) => lag > 0).map(([plugin, { lag }]) => `${plugin} by ${lag}`);
        if (behind.length === 0)
          return states.flatMap(([plugin, { parked, waits, lastError }]) =>
            parked > 0 ? [{ plugin, error: lastError ?? `waits for "${waits}"` }] : [],
          );
        if (realClock.now() > end)
          throw fail('unavailable', `still behind after ${deadlineMs} ms: ${behind.join(', ')}`);
        await new Promise<void>((resolve) => void realClock.at(instant(realClock.now() + pollMs), resolve));
      }
    },
    transaction: (tenant, run) =>
      transactions.run(tenant, { plugin: 'core' }, (tx) => run(transactions.kyselyOf(tx), tx)),
    request: async (path, { tenant, ...init } = {}) =>
      app.request(path, {
        ...init,
        headers: { ...Object.fromEntries(new Headers(init.headers)), 'x-tenant': tenant ?? '' },
      }),
    close,
  };
}

async function append(store: ReturnType<typeof createStore>, event: GivenEvent): Promise<void> {
  const { tenant, station, session, type, v, at, data, row } = event;
  const { nextSeq } = await store.load(station);
  const committed = await store.commit({
    id: newId(realRandom),
    tenant,
    station,
    firstSeq: nextSeq,
    events: [
      {
        ...{ id: newId(realRandom) as EventId, type, v, at, receivedAt: at, actor: 'station', data },
        ...(session === undefined ? {} : { session }),
      },
    ],
    sessions: row === undefined ? [] : [row],
    due: [],
    dueGone: [],
  });
  if (committed.kind !== 'stored') throw fail('invalid-input', `the event ${type} was not stored: ${committed.kind}`);
}

function appOf(host: Host): OpenAPIHono<PluginEnv> {
  const app = new OpenAPIHono<PluginEnv>();
  app.use('*', async (c, next) => {
    c.set('requestId', newId(realRandom));
    c.set('caller', { tenant: c.req.header('x-tenant') as TenantId, actor: 'key:test', scopes: ['*'] });
    await next();
  });
  app.onError((error, c) => problemResponse(c, problemOf(error, c.get('requestId'))));
  for (const routes of host.routesOf()) {
    const own = new OpenAPIHono<PluginEnv>({ defaultHook: refuseInvalid as never });
    routes.mount(own);
    app.route(routes.path, own);
  }
  return app;
}
