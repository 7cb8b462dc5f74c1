import {
  openWorkbench,
  type PluginStatus,
  type SentCommand,
  type SessionRow,
  type Workbench,
} from '@plugga/core/plugins';
import {
  type AnyPlugin,
  type DataOf,
  type Deployment,
  type EventDef,
  fail,
  type Log,
  type QuestionName,
  type Questions,
  read,
  type Recorded,
  type SessionId,
  type StationId,
  type TenantId,
  z,
} from '@plugga/kit';
import { sql } from 'kysely';
import { aSession } from './builders.ts';
import { type TestClock, testClock } from './clock.ts';
import { testDatabase } from './database.ts';

export interface TestPluginOptions {
  readonly config?: unknown;
  /** Others that run beside it: those whose ports it needs, those that listen to it. */
  readonly with?: Deployment['plugins'];
  readonly ports?: Deployment['ports'];
  /** When the clock begins: 2026-01-15T12:00:00Z. */
  readonly now?: string;
  readonly log?: Log;
  /** How long until a failing piece of work is tried again; 5 s. */
  readonly retrySeconds?: number;
  /** Private hosts that plugins may reach, as PLUGGA_EGRESS_ALLOW names them; none. */
  readonly egressAllow?: readonly string[];
}

export interface GivenOptions {
  readonly tenant?: string;
  readonly station?: string;
  readonly session?: string;
  /** What `core.session` then shows, where the event alone does not say it. */
  readonly row?: Partial<SessionRow>;
  /** A plugin that cannot handle it is part of the test; else `given` rejects with what that plugin threw. */
  readonly mayFail?: boolean;
}

/** A plugin that runs in the real host on a database of its own. */
export interface PluginTest {
  readonly clock: TestClock;
  readonly tenant: TenantId;
  readonly station: StationId;
  readonly session: SessionId;
  /** Commands that plugins have sent. */
  readonly commands: readonly SentCommand[];
  /** Something happens at the station; resolves when every plugin has handled it and what followed from it. */
  given<E extends EventDef>(def: E, data: DataOf<E>, options?: GivenOptions): Promise<void>;
  /** Rows of a table of the plugin, as the tenant sees them, oldest first. */
  rows(table: string, tenant?: string): Promise<readonly Record<string, unknown>[]>;
  /** What the plugin has emitted, in the order of the log. */
  emitted<E extends EventDef>(def: E): Promise<readonly Recorded<E>[]>;
  /** The JSON of a GET; rejects, saying what came, where the answer is no success. */
  get<T = unknown>(path: string): Promise<T>;
  request(path: string, init?: RequestInit & { readonly tenant?: TenantId }): Promise<Response>;
  ask<K extends QuestionName>(question: K, ask: Questions[K]['ask']): Promise<Questions[K]['answer'] | undefined>;
  /** As an operator sets them. Rejects what the plugin's schema refuses. */
  settings(value: unknown): Promise<void>;
  runJob(name: string): Promise<void>;
  /** Resolves when no work is waiting or under way. */
  worked(): Promise<void>;
  /** Of the plugin itself, or of one beside it. */
  status(name?: string): Promise<PluginStatus>;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const deadlineMs = 10_000;
const pollMs = 10;

/** Starts the plugin; rejects, with the reason, when it does not come up. `await using` ends it. */
export async function testPlugin(plugin: AnyPlugin, options: TestPluginOptions = {}): Promise<PluginTest> {
  const started = await startPlugin(plugin, options);
  const { state, reason } = await started.status();
  if (state === 'running') return started;
  await started.close();
  throw fail('plugin-failed', `"${plugin.name}" is ${state}: ${reason}`);
}

/** As `testPlugin`, also where the plugin does not come up: for tests of what is broken. */
export async function startPlugin(plugin: AnyPlugin, options: TestPluginOptions = {}): Promise<PluginTest> {
  const { with: others = [], config, ports, now, log, retrySeconds, egressAllow } = options;
  const clock = testClock(now);
  const database = await testDatabase(plugin.name);
  const tenant = 'tenant-1' as TenantId;
  const bench = await openWorkbench({
    url: database.url,
    clock,
    deployment: { plugins: [{ plugin, config }, ...others], ...(ports === undefined ? {} : { ports }) },
    ...(log === undefined ? {} : { log }),
    ...(egressAllow === undefined ? {} : { egressAllow }),
    ...(retrySeconds === undefined ? {} : { retry: { limit: 20, delaySeconds: retrySeconds, maxDelaySeconds: 3_600 } }),
  });
  const world = worldOf(bench, clock);
  await world.operator(tenant);

  const test: PluginTest = {
    clock,
    tenant,
    station: 'station-1' as StationId,
    session: 'session-1' as SessionId,
    commands: bench.commands,
    given: async (def, data, o = {}) => {
      const of = (o.tenant ?? tenant) as TenantId;
      await world.operator(of);
      await world.happens(def, data, of, o);
      const failures = await bench.handled(deadlineMs);
      const told = failures.map(({ plugin, error }) => `"${plugin}" could not: ${error}`).join('; ');
      if (failures.length > 0 && o.mayFail !== true)
        throw fail('plugin-failed', `${def.type} was not handled: ${told}`);
    },
    rows: (table, of = tenant) =>
      bench.transaction(of as TenantId, async (db) => {
        const name = sql.id(plugin.name.replaceAll('-', '_'), table);
        return (await sql<Record<string, unknown>>`select * from ${name} order by ctid`.execute(db)).rows;
      }),
    emitted: async (def) => {
      const events = await bench.log();
      const own = events.filter(({ actor, type }) => actor === `plugin:${plugin.name}` && type === def.type);
      return own.map((event) => read(def, event));
    },
    get: async <T>(path: string) => {
      const response = await test.request(path);
      if (response.ok) return (await response.json()) as T;
      throw fail('broken-assumption', `GET ${path} gave ${response.status}: ${await response.text()}`);
    },
    request: (path, init) => bench.request(path, { tenant, ...init }),
    ask: async (question, ask) => (await bench.host.ask(question, ask, { tenant, deadlineMs: 1_000 }))?.answer,
    settings: (value) =>
      bench.transaction(tenant, async (_db, tx) => {
        await bench.host.settingsOf(plugin.name).write(tx, value, new Date(clock.now()));
      }),
    runJob: async (name) => {
      await bench.host.runJob(plugin.name, name);
      await bench.handled(deadlineMs);
    },
    worked: async () => {
      const end = Date.now() + deadlineMs;
      while ((await bench.host.status()).some(({ work }) => work.waiting > 0)) {
        if (Date.now() > end) throw fail('broken-assumption', 'work is still waiting; see status()');
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
      await bench.handled(deadlineMs);
    },
    status: async (name = plugin.name) => {
      const found = (await bench.host.status()).find((it) => it.name === name);
      if (found === undefined) throw fail('not-found', `there is no plugin "${name}"`);
      return found;
    },
    close: async () => {
      await bench.close();
      await database.drop();
    },
    [Symbol.asyncDispose]: () => test.close(),
  };
  return test;
}

/** Operators with a location and stations, and the sessions there. */
function worldOf(bench: Workbench, clock: TestClock) {
  const known = new Set<string>();
  const sessions = new Map<string, SessionRow>();
  const once = async (what: string, make: () => Promise<unknown>): Promise<void> => {
    if (known.has(what)) return;
    known.add(what);
    await make();
  };
  const addStation = (tenant: TenantId, id: string): Promise<void> =>
    once(`station ${id}`, () =>
      bench.transaction(tenant, (db) =>
        db
          .insertInto('core.station_row')
          .values({
            ...{ id, tenant, identity: id, location: locationOf(tenant), security_profile: 0, key_hash: null },
            ...{ key_salt: null, allow_insecure: true, disabled: false, protocol: 'ocpp1.6', vendor: 'Plain' },
            ...{ model: 'One', firmware: null, serial: null, registration: 'accepted', time_zone: null },
          })
          .execute(),
      ),
    );
  return {
    operator: (id: TenantId): Promise<void> =>
      once(`tenant ${id}`, () =>
        bench.transaction(id, async (db) => {
          const operator = { id, name: id, country_code: 'SE', party_id: 'PLG' };
          const place = { time_zone: 'Europe/Stockholm' };
          await db
            .insertInto('core.tenant')
            .values({ ...operator, ...place, currency: 'SEK' })
            .execute();
          const address = { address: null, city: null, postal_code: null, latitude: null, longitude: null };
          const location = {
            id: locationOf(id),
            tenant: id,
            name: 'Default site',
            country: 'SE',
            ...place,
            ...address,
          };
          await db.insertInto('core.location_row').values(location).execute();
        }),
      ),
    happens: async <E extends EventDef>(def: E, data: DataOf<E>, tenant: TenantId, o: GivenOptions): Promise<void> => {
      const station = (o.station ?? (tenant === 'tenant-1' ? 'station-1' : `station-of-${tenant}`)) as StationId;
      await addStation(tenant, station);
      const ofSession = def.type.startsWith('session.');
      const session = ofSession ? ((o.session ?? 'session-1') as SessionId) : undefined;
      const before =
        session && (sessions.get(session) ?? aSession({ id: session, location: locationOf(tenant) as never }));
      const row = before && { ...before, ...shownBy(def.type, data), ...o.row };
      if (row) sessions.set(row.id, row);
      await bench.append({
        ...{ tenant, station, type: def.type, v: def.v, at: clock.now(), data: z.encode(def.data, data as never) },
        ...(session === undefined ? {} : { session }),
        ...(row === undefined ? {} : { row }),
      });
    },
  };
}

const locationOf = (tenant: string): string => (tenant === 'tenant-1' ? 'location-1' : `location-of-${tenant}`);

/** What the core's own fold would show after the event, as far as plugins read it. */
function shownBy(type: string, data: unknown): Partial<SessionRow> {
  if (type === 'session.started') return { status: 'active' };
  if (type === 'session.ended') return { status: 'ended' };
  if (type !== 'session.closed' && type !== 'session.corrected') return {};
  const given = data as { billable?: { energyWh: number }; after?: { energyWh: number } };
  return { status: 'closed', energyWh: (given.billable ?? given.after)?.energyWh ?? null };
}
