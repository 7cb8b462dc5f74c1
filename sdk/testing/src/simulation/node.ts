import { createHmac } from 'node:crypto';
import {
  createAuthorizer,
  createCommands,
  createConnections,
  createHolders,
  createIdentityStore,
  createLadder,
  createRegistry,
  createStationStore,
  createStoreOn,
  createTransactions,
  inProcessBus,
  openJournal,
  transactOf,
  type Clock,
  type Link,
} from '@plugga/core/simulation';
import { type Adapter, type CommandId, instant, type StationId, type TenantId } from '@plugga/kit';
import type { CoreTables } from '@plugga/core/plugins';
import { Kysely, PostgresDialect } from 'kysely';
import type { Chance } from './chance.ts';
import type { Process, SimulatedDatabase } from './database.ts';
import type { SimulatedDisk } from './disk.ts';
import type { Faults } from './faults.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

/** What all nodes of a seed have in common. */
export interface World {
  readonly tenant: TenantId;
  readonly time: Timeline;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly database: SimulatedDatabase;
  readonly disk: SimulatedDisk;
  readonly adapters: readonly Adapter[];
  /** What plugins answer to `settle`. */
  readonly settle: 'now' | 'unplug' | 'silent';
  /** How far the server's clock is from the world's. */
  clockAhead: number;
}

/** The core's own modules, wired as the composition root wires them, on ports of the seed. */
export interface Node {
  readonly process: Process;
  /** Somebody knocks: lets it in, or says why not. */
  admit(identity: string, link: Link): Promise<'in' | 'unknown'>;
  /** Asks a station for something, as an operator does. */
  command(station: StationId, name: 'start' | 'stop' | 'reset' | 'unlock', payload: object): Promise<CommandId>;
  /** Units that the journal holds and the database does not. */
  journaled(): number;
  stop(): Promise<void>;
}

const NODE = 'node-1';
const HEARTBEAT_SECONDS = 300;
const QUESTION_MS = 1_500;
const secret = 'simulation';
const hmac = (value: string): Buffer => createHmac('sha256', secret).update(value).digest();

/** Starts a node; undefined when it died meanwhile. */
export async function startNode(world: World, process: Process): Promise<Node | undefined> {
  const { tenant, time, chance, trace, adapters, faults } = world;
  const clock: Clock = {
    now: () => instant(Math.round(time.now + world.clockAhead)),
    // Timers count elapsed time, whatever the clock says meanwhile.
    at: (when, run) => time.after(when - (time.now + world.clockAhead), run, process),
  };
  const random = { bytes: (count: number) => chance.bytes(count) };
  const say = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    if (trace.keep) trace.say(process.name, `${level} ${message} ${fieldsOf(fields)}`);
  };
  const log = { debug: () => undefined, info: say('info'), warn: say('warn'), error: say('error') };
  const pool = world.database.poolOf(process);
  const system = new Kysely<CoreTables>({ dialect: new PostgresDialect({ pool }) });
  const bus = inProcessBus({ clock, log });
  const store = createStoreOn({ lane: pool, readers: pool }, { clock, random, log });
  const transactions = createTransactions({ pool, clock, random });
  const transact = transactOf(transactions);
  const journal = await openJournal({
    disk: world.disk.of(process),
    ...{ clock, log, installation: 'simulation', node: 'one' },
  });
  const ladder = createLadder({ store, journal, clock, log });
  await ladder.ready();

  const authorizer = createAuthorizer({
    transact,
    hmac,
    clock,
    // One roaming partner, which answers after a while, or too late.
    ask: async (question, asked) => {
      if (question !== 'authorize') return undefined;
      const { value } = (asked as { readonly token: { readonly value: string } }).token;
      await new Promise<void>((resolve) => void time.after(chance.between(5, 400), resolve, process));
      if (!value.startsWith('ROAM') || (faults.active && chance.of(0.05))) return undefined;
      return { plugin: 'partner', answer: { decision: 'accept' } } as never;
    },
    deadlineMs: QUESTION_MS,
  });
  const stationStore = createStationStore({ system, transact, clock, random, homeTenant: tenant, node: NODE });
  const holders = createHolders({
    ...{ bus, node: NODE, whereabouts: stationStore.whereabouts },
    answer: () => Promise.reject(new Error('there is no other node')),
  });
  const registry = createRegistry({
    store: ladder,
    stations: {
      ...stationStore,
      due: nowAndThen(8, stationStore.due, []),
      seen: nowAndThen(8, stationStore.seen, undefined),
    },
    identities: createIdentityStore({ system, transact, clock, random }),
    ...{ holders, node: NODE },
    clock,
    log,
    securityNoted: ({ identity, kind, detail }) => log.warn('security', { identity, kind, detail }),
    actor: {
      store: ladder,
      clock,
      random,
      log,
      quirks: [],
      adapters,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      hmac,
      awayMs: ladder.awayMs,
      quietSince: ladder.quietSince,
      authorize: (credentials, asked) =>
        authorizer.authorize(credentials.tenant, { ...asked, station: credentials.station }),
      dataTransfer: async () => ({ status: 'unknownVendorId' }),
      settle: async () => {
        await new Promise<void>((resolve) => void time.after(chance.between(0, 50), resolve, process));
        // As the host has it: who is silent does not ask to wait.
        return world.settle === 'silent' ? 'now' : world.settle;
      },
      effectSeen: (credentials, command, effect) => commands.effectSeen(credentials.tenant, command, effect),
      counted: () => undefined,
    },
  });
  const commands = createCommands({
    transactions,
    system,
    registry,
    ...{ holders, node: NODE, alone: true },
    clock,
    random,
    log,
    tokenById: authorizer.tokenById,
    authorize: (of, station, asked) => authorizer.authorize(of, { ...asked, station }),
  });
  const connections = createConnections(
    {
      clock,
      random,
      log,
      frames: { record: () => undefined },
      heartbeatSeconds: HEARTBEAT_SECONDS,
      count: () => undefined,
    },
    registry,
  );
  const tick = (): void => {
    if (connections.count === 0) ticking = false;
    else time.after(1_000, tick, process);
    connections.tick();
  };
  let ticking = false;
  const tickOn = (): void => {
    if (ticking) return;
    ticking = true;
    time.after(1_000, tick, process);
  };

  await commands.recover();
  if (!process.alive) return undefined;
  registry.start();

  return {
    process,
    admit: async (identity, link) => {
      const credentials = await registry.lookUp(identity);
      const [adapter] = adapters;
      if (credentials === undefined || adapter === undefined) return 'unknown';
      const actor = await registry.actor(credentials);
      const generation = await registry.nextGeneration(credentials.station, adapter.protocol);
      const guest = {
        ...{ credentials, adapter, actor, generation },
        ...{ adopted: false, securityProfile: 0, address: '192.0.2.1' },
      };
      if (link.open) connections.open(guest, link);
      else connections.vanished(guest);
      tickOn();
      return 'in';
    },
    command: (station, name, payload) =>
      transactions.run(tenant, { plugin: 'core' }, (tx) =>
        commands.queue(tx, 'operator', station, { name, payload: payload as Record<string, unknown> }),
      ),
    journaled: () => journal.figures().entries,
    stop: async () => {
      await connections.drain(5);
      await commands.idle();
      await registry.stop();
      await ladder.close();
      await store.close();
    },
  };
}

/** What a node does every few seconds for hours is done each so many times: it changes nothing between. */
function nowAndThen<A extends unknown[], T>(
  times: number,
  run: (...args: A) => Promise<T>,
  otherwise: T,
): (...args: A) => Promise<T> {
  let n = 0;
  return (...args) => (n++ % times === 0 ? run(...args) : Promise.resolve(otherwise));
}

const fieldsOf = (fields: Readonly<Record<string, unknown>> = {}): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${value instanceof Error ? value.message : String(value)}`)
    .join(' ');

/** A process of the seed; `crashed` is told once. */
export function startProcess(name: string, crashed: (why: string) => void): Process {
  const ends = new Set<() => void>();
  let alive = true;
  return {
    name,
    get alive() {
      return alive;
    },
    stalledUntil: 0,
    crash: (why) => {
      if (!alive) return;
      alive = false;
      for (const end of [...ends]) end();
      crashed(why);
    },
    onEnd: (run) => {
      ends.add(run);
      return () => ends.delete(run);
    },
  };
}
