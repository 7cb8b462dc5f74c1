import type { CoreTables } from '@plugga/core/plugins';
import {
  type Clock,
  commandEffects,
  createCommands,
  createPendingCredentials,
  createLive,
  followChanges,
  type OpenBus,
  createConnections,
  createReach,
  createRefresh,
  createStationSide,
  createStoreOn,
  createTransactions,
  hmacOf,
  inProcessBus,
  inTime,
  type Link,
  openStanding,
  openUnits,
  readConfig,
  surroundings,
  transactOf,
} from '@plugga/core/simulation';
import { type CommandId, type CommandName, fail, instant, type StationId } from '@plugga/kit';
import { Kysely, PostgresDialect } from 'kysely';
import { keepBooks } from './bookkeeper.ts';
import type { Process } from './process.ts';
import type { World } from './world.ts';

/** The core's own modules, wired as the composition root wires them, on ports of the seed. */
export interface Node {
  readonly process: Process;
  /** Somebody knocks: lets it in, or says why not. */
  admit(guest: { identity: string; protocol: string; link: Link }): Promise<'in' | 'refused'>;
  /** Asks a station for something, as an operator does. */
  command(station: StationId, name: CommandName, payload: object): Promise<CommandId>;
  /** An operator has changed a token, and says so on the bus. */
  tokenChanged(token: string): void;
  /** Hands what is in the log to a plugin, until it has all of it. */
  keepBooks(deadlineMs: number): Promise<void>;
  /** Units that the journal holds and the database does not. */
  journaled(): number;
  stop(): Promise<void>;
}

const NODE = 'node-1';
const HEARTBEAT_SECONDS = 300;
const FIRST_ANSWER_MS = 5_000;
const secret = Buffer.from('the secret of a simulated platform');
const config = readConfig({});
const { metrics } = surroundings({ config, deployment: { adapters: [], quirks: [], plugins: [] } });

/** Starts a node; undefined when it died meanwhile, rejected when it cannot start. */
export async function startNode(world: World, process: Process): Promise<Node | undefined> {
  const { tenant, time, chance, adapters, quirks, faults } = world;
  const clock: Clock = {
    now: () => instant(Math.round(time.now + world.clockAhead)),
    // Timers count elapsed time, whatever the clock says meanwhile.
    at: (when, run) => time.after(when - (time.now + world.clockAhead), atItsTime(world, process, run), process),
  };
  const random = {
    bytes: (count: number) => {
      const failure = world.probe?.('random');
      if (failure === 'crash') process.crash('when it drew a random number');
      if (failure !== undefined) throw fail('broken-assumption', 'there are no random numbers');
      return world.ids.bytes(count);
    },
  };
  const log = logOf(world, process);
  const ends: (() => unknown)[] = [];
  const around = {
    ...{ config, clock, random, log, metrics, deployment: { adapters, quirks, plugins: [] } },
    ends: (end: () => unknown) => void ends.push(end),
  };

  // ---- what is kept ----
  const pool = world.database.poolOf(process);
  const system = { pool, kysely: new Kysely<CoreTables>({ dialect: new PostgresDialect({ pool }) }) };
  const transactions = createTransactions({ pool, clock, random });
  const store = createStoreOn({ lane: pool, readers: pool }, { clock, random, log });
  const standing = openStanding({ path: world.machine.standingFile(), clock, log, boot: world.machine.boot });
  world.machine.opened(() => standing.close());
  const answers = () => pool.query('select 1');
  const isThere = await inTime(clock, FIRST_ANSWER_MS, answers(), 'the first answer of the database').then(
    () => true,
    () => false,
  );
  if (!isThere && standing.installation() === undefined) throw fail('unavailable', 'the database is away');
  let isPrepared = isThere;
  const belong = (): void => standing.belongsTo({ secret, homeTenant: tenant });
  if (isThere) belong();
  const reach = createReach({ clock, log, probe: answers, away: !isThere });
  ends.push(
    () => standing.close(),
    () => store.close(),
    () => reach.stop(),
  );
  const path = { system, transact: transactOf(transactions) };
  const units = await openUnits(around, {
    ...{ storage: { standing, reach, log: store }, installation: 'simulation', node: NODE },
    ...{ isPrepared: () => isPrepared, disk: world.machine.diskOf(process) },
  });

  // ---- stations ----
  const bus = unreliable(inProcessBus({ clock, log }), world, process);
  const side = createStationSide(around, {
    ...{ storage: { path, standing, reach, system }, units, bus, node: NODE, frames: noFrames },
    installation: { secret, homeTenant: tenant, hmac: hmacOf(secret) },
    // One roaming partner, which answers after a while, or too late.
    ask: async (question, asked) => {
      if (question === 'settle') {
        await pause(chance.between(0, 50));
        return world.settle === 'silent'
          ? undefined
          : ({ plugin: 'tariffs', answer: { waitUntil: world.settle } } as never);
      }
      if (question !== 'authorize') return undefined;
      const { value } = (asked as { readonly token: { readonly value: string } }).token;
      await pause(chance.between(5, 400));
      if (!value.startsWith('ROAM') || (faults.active && chance.of(0.05))) return undefined;
      return { plugin: 'partner', answer: { decision: 'accept' } } as never;
    },
    effects: commandEffects(() => commands),
    answer: () => Promise.reject(fail('station-offline', 'there is no other node')),
  });
  const pause = (ms: number): Promise<void> => new Promise((resolve) => void time.after(ms, resolve, process));
  const { registry, authorizer, holders } = side;
  const commands = createCommands({
    ...{ transactions, system: system.kysely, registry, holders, node: NODE, alone: true, clock, random, log },
    credentials: createPendingCredentials({
      ...{ transact: path.transact, secret, random },
      changed: (_station, identity) => registry.forget(identity),
    }),
    publicUrl: 'http://simulated',
    tokenById: authorizer.tokenById,
    stationTariff: async () => undefined,
    authorize: (of, station, asked) => authorizer.authorize(of, { ...asked, station }),
  });
  ends.push(() => commands.idle());
  const refresh = createRefresh({ standing, reach, system: system.kysely, clock, log });
  ends.push(() => refresh.stop());
  const live = createLive({ registry, holders, commands, bus, system: system.kysely, clock });
  ends.push(followChanges({ registry, bus, refresh, clock, tokens: authorizer }));
  const connections = createConnections(
    { ...{ clock, random, log, frames: noFrames, heartbeatSeconds: HEARTBEAT_SECONDS }, count: () => undefined },
    registry,
  );
  connections.shut = units.ladder.state() === 'shut';
  units.ladder.onChange((state) => {
    connections.shut = state === 'shut';
  });
  ends.push(() => connections.drain(5));
  const tick = (): void => {
    ticking = connections.count > 0;
    if (ticking) time.after(1_000, tick, process);
    connections.tick();
  };
  let ticking = false;

  const bringUp = async (): Promise<void> => {
    await commands.recover();
    refresh.start();
  };
  if (isPrepared) await bringUp();
  else
    reach.before(async () => {
      belong();
      isPrepared = true;
      await bringUp();
    });
  if (!process.alive) return undefined;
  registry.start();

  return {
    process,
    admit: async ({ identity, protocol, link }) => {
      const credentials = connections.shut ? undefined : await registry.lookUp(identity);
      const adapter = adapters.find((it) => it.protocol === protocol);
      if (credentials === undefined || adapter === undefined) return 'refused';
      const actor = await registry.actor(credentials);
      const generation = await registry.nextGeneration(credentials.station, adapter.protocol);
      const guest = {
        ...{ credentials, adapter, actor, generation },
        ...{ adopted: false, securityProfile: 0, address: '192.0.2.1' },
      };
      if (link.open) connections.open(guest, link);
      else connections.vanished(guest);
      if (!ticking) {
        ticking = true;
        time.after(1_000, tick, process);
      }
      return 'in';
    },
    command: (station, name, payload) =>
      transactions.run(tenant, { plugin: 'core' }, (tx) =>
        commands.queue(tx, 'operator', station, { name, payload: payload as Record<string, unknown> }),
      ),
    tokenChanged: (token) => live.tokensChanged(tenant, token as never),
    keepBooks: (deadlineMs) => keepBooks({ tenant, pool, clock, random, log, deadlineMs }),
    journaled: () => units.ladder.figures().entries,
    stop: async () => {
      for (const end of ends.reverse()) {
        try {
          await end();
        } catch (error) {
          log.error('stopping failed', { error });
        }
      }
      world.machine.letGo();
    },
  };
}

/** A timer that fails is late: for a while the process does nothing. */
function atItsTime({ probe, time }: World, process: Process, run: () => void): () => void {
  if (probe === undefined) return run;
  return () => {
    const failure = probe('clock');
    if (failure === 'crash') return process.crash('when a timer ran');
    if (failure === undefined) return run();
    process.stalledUntil = time.now + STALL_MS;
    time.after(STALL_MS, run, process);
  };
}
const STALL_MS = 8_000;

/** What is published may be lost: it is a hint. */
const unreliable = (bus: OpenBus, { probe }: World, process: Process): OpenBus => ({
  ...bus,
  publish: (subject, message) => {
    const failure = probe?.('bus');
    if (failure === 'crash') process.crash('when it told the bus');
    if (failure === undefined) bus.publish(subject, message);
  },
});

const noFrames = {
  record: () => undefined,
  dropped: () => 0,
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

function logOf({ trace }: World, { name }: Process) {
  const say = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) => {
    if (trace.keep) trace.say(name, `${level} ${message} ${fieldsOf(fields)}`);
  };
  return { debug: () => undefined, info: say('info'), warn: say('warn'), error: say('error') };
}

/** A path of this machine would make each run another story. */
const fieldsOf = (fields: Readonly<Record<string, unknown>> = {}): string =>
  Object.entries(fields)
    .filter(([name]) => name !== 'path')
    .map(([name, value]) => `${name}=${value instanceof Error ? value.message : String(value)}`)
    .join(' ');
