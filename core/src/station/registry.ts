import { fail, instant, type Instant, type Log, type StationId } from '@plugga/kit';
import type { Holders, Whereabouts } from '../cluster/holders.ts';
import type { StationActor, StationCredentials, Stations } from '../charger/face.ts';
import { TakeOvers } from '../charger/take-overs.ts';
import type { Renewed } from '../site/pending-credentials.ts';
import type { Clock, Store } from '../ports.ts';
import { createActor } from './actor.ts';
import type { ActorControl, ActorDeps } from './actor-face.ts';
import { createTallies, type Tally } from './deviations.ts';
import { identitiesOf, type IdentityStore } from './identities.ts';

/** The rows of stations, as far as the live part of the core writes them. */
export interface StationStore {
  find(identity: string): Promise<StationCredentials | undefined>;
  findById(station: StationId): Promise<StationCredentials | undefined>;
  adopt(identity: string): Promise<StationCredentials>;
  knocked(identity: string, info: { readonly address: string; readonly protocols: string }): Promise<void>;
  /** Counts up, above what is known already, and marks it online at this node; `before` is where it was. */
  nextGeneration(
    station: StationId,
    protocol: string,
    above?: number,
  ): Promise<{
    readonly generation: number;
    readonly before: { readonly node: string | undefined; readonly online: boolean };
  }>;
  whereabouts(station: StationId): Promise<Whereabouts | undefined>;
  /** Marks it offline, unless a newer connection has come. */
  offline(station: StationId, generation: number): Promise<void>;
  booted(
    station: StationId,
    boot: { readonly vendor?: string; readonly model?: string; readonly firmware?: string; readonly serial?: string },
  ): Promise<void>;
  /** One UPDATE for all. */
  seen(lastSeen: ReadonlyMap<StationId, Instant>): Promise<void>;
  /** It came with what it was given: that holds from now on. */
  renewed(station: StationId, renewed: Renewed): Promise<void>;
  /** One statement for all. */
  deviated(tallies: readonly Tally[]): Promise<void>;
  /** Stations with a rule that is due, oldest first; without those whose socket another living node has. */
  due(before: Instant, limit: number): Promise<readonly StationId[]>;
}

type Actor = StationActor & ActorControl;

export interface Registry extends Stations {
  /** The actor of a station whether or not it has a socket; undefined for an unknown station. */
  actorOf(station: StationId): Promise<Actor | undefined>;
  /** Only one that is in memory now. */
  live(station: StationId): Actor | undefined;
  byIdentity(identity: string): Promise<StationCredentials | undefined>;
  /** Credentials or location changed: read again. */
  forget(identity: string): void;
  /** Of all stations: what has changed while no other node could be heard is not known. */
  forgetAll(): void;
  online(): number;
  /** The sockets that are here, by the generation of each. */
  held(): ReadonlyMap<StationId, number>;
  start(): void;
  stop(): Promise<void>;
}

/** How often what is only "last seen" is written, how often due rules of sleeping stations are looked for, when an actor sleeps. */
const FLUSH_MS = 5_000;
const SWEEP_MS = 15_000;
const SLEEP_AFTER_MS = 10 * 60_000;
const SWEEP_LIMIT = 200;
const CREDENTIALS_KEPT_MS = 60_000;

/** Which actors are awake on this node, and what is known of who may knock. */
export function createRegistry(o: {
  readonly store: Store;
  readonly stations: StationStore;
  readonly identities: IdentityStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly actor: Omit<ActorDeps, 'connected' | 'disconnected' | 'isNewest' | 'seen' | 'booted' | 'deviated' | 'gone'>;
  readonly holders: Pick<Holders, 'hold' | 'release' | 'takenOver'>;
  readonly node: string;
  /** What this node remembers beside what it has at hand. */
  readonly isKnown?: (identity: string) => boolean;
  readonly securityNoted: Stations['securityNoted'];
  /** While the database is away nobody falls asleep: what is in memory may be all that is at hand. */
  readonly away?: () => boolean;
}): Registry {
  const { clock, log, stations } = o;
  const actors = new Map<StationId, Promise<Actor>>();
  const awake = new Map<StationId, Actor>();
  const credentialsKept = new Map<string, { readonly credentials: StationCredentials; readonly until: Instant }>();
  const lastSeen = new Map<StationId, Instant>();
  const tallies = createTallies();
  let cancels: (() => void)[] = [];
  let stopping = false;

  const failed = (what: string, fields: Record<string, unknown>) => (error: unknown) =>
    log.error(what, { ...fields, error });

  /** As within one node: now and then is usual, again and again it is two stations under one identity. */
  const takeOvers = new TakeOvers(clock);
  const noteTakeOver = (station: StationId, from: string): void => {
    if (!takeOvers.add(station, from, o.node)) return;
    const credentials = [...credentialsKept.values()].find((it) => it.credentials.station === station)?.credentials;
    o.securityNoted({
      ...{ credentials, identity: credentials?.identity ?? station, kind: 'identity-conflict' },
      detail: `taken over again, from node ${from} to ${o.node}`,
    });
  };

  const lookUp = async (identity: string): Promise<StationCredentials | undefined> => {
    const kept = credentialsKept.get(identity);
    if (kept !== undefined && kept.until > clock.now()) return kept.credentials;
    const credentials = await stations.find(identity);
    if (credentials === undefined) credentialsKept.delete(identity);
    else credentialsKept.set(identity, { credentials, until: instant(clock.now() + CREDENTIALS_KEPT_MS) });
    return credentials;
  };

  const wake = async (credentials: StationCredentials): Promise<Actor> => {
    const { station, tenant } = credentials;
    const [stored, identities] = await Promise.all([
      o.store.load(station),
      identitiesOf(o.identities, tenant, station),
    ]);
    const actor = createActor(
      {
        ...o.actor,
        seen: (_, at) => lastSeen.set(station, at),
        deviated: (of, action, deviation) => {
          o.actor.counted('deviation', { code: deviation.code });
          tallies.add(of, action, deviation, clock.now());
        },
        booted: (_, boot) =>
          void stations
            .booted(station, boot)
            .then(() => {
              const { identity } = credentials;
              // Its certificate may name it by its serial number.
              if (boot.serial !== undefined && boot.serial !== credentialsKept.get(identity)?.credentials.serial)
                credentialsKept.delete(identity);
            })
            .catch(failed('boot not written', { station })),
        connected: (_, generation) => o.holders.hold(station, generation),
        disconnected: (_, generation) => {
          o.holders.release(station, generation);
          void stations.offline(station, generation).catch(failed('offline not written', { station }));
        },
        isNewest: async (_, generation) => (await stations.whereabouts(station))?.generation === generation,
        gone: () => {
          // A newer one may have been made since.
          if (awake.get(station) !== actor) return;
          actors.delete(station);
          awake.delete(station);
        },
      },
      credentials,
      stored,
      identities,
    );
    awake.set(station, actor);
    return actor;
  };

  const actor = (credentials: StationCredentials): Promise<Actor> => {
    if (stopping) return Promise.reject(fail('unavailable', 'the platform is stopping'));
    const known = actors.get(credentials.station);
    if (known !== undefined) {
      void known
        .then((it) => {
          it.keepQuiet(credentials.quiet === true);
          it.registerAs(credentials.registration ?? 'accepted');
        })
        .catch(() => undefined);
      return known;
    }
    const waking = wake(credentials);
    actors.set(credentials.station, waking);
    waking.catch(() => actors.delete(credentials.station));
    return waking;
  };

  const actorOf = async (station: StationId): Promise<Actor | undefined> => {
    const known = actors.get(station);
    if (known !== undefined) return known;
    const credentials = await stations.findById(station);
    return credentials === undefined ? undefined : actor(credentials);
  };

  const flush = async (): Promise<void> => {
    if (lastSeen.size > 0) {
      const batch = new Map(lastSeen);
      lastSeen.clear();
      await stations.seen(batch);
    }
    const counted = tallies.take();
    if (counted.length === 0) return;
    await stations.deviated(counted).catch((error: unknown) => {
      tallies.giveBack(counted);
      throw error;
    });
  };

  /** Wakes the stations whose rules are due though nobody is connected, and lets those sleep that have nothing to do. */
  const sweep = async (): Promise<void> => {
    for (const station of await stations.due(clock.now(), SWEEP_LIMIT))
      if (!actors.has(station)) await actorOf(station);
    takeOvers.sweep();
    if (o.away?.() === true) return;
    for (const [station, sleepy] of awake) {
      if (sleepy.online || sleepy.hasTimers || clock.now() - sleepy.idleSince < SLEEP_AFTER_MS) continue;
      actors.delete(station);
      awake.delete(station);
      await sleepy.stop();
    }
  };

  const every = (ms: number, what: string, run: () => Promise<void>): void => {
    let cancel = (): void => undefined;
    const again = (): void => {
      cancel = clock.at(
        instant(clock.now() + ms),
        () =>
          void run()
            .catch(failed(what, {}))
            .finally(() => stopping || again()),
      );
    };
    again();
    cancels.push(() => cancel());
  };

  return {
    lookUp,
    isKnown: (identity) => credentialsKept.has(identity) || o.isKnown?.(identity) === true,
    adopt: async (identity) => {
      const credentials = await stations.adopt(identity);
      credentialsKept.set(identity, { credentials, until: instant(clock.now() + CREDENTIALS_KEPT_MS) });
      return credentials;
    },
    knocked: (identity, info) => void stations.knocked(identity, info).catch(failed('knock not written', {})),
    renewed: async ({ station, identity }, renewed) => {
      await stations.renewed(station, renewed);
      credentialsKept.delete(identity);
    },
    nextGeneration: async (station, protocol) => {
      const { generation, before } = await stations.nextGeneration(station, protocol);
      if (before.node !== undefined && before.node !== o.node) {
        o.holders.takenOver(station, generation);
        if (before.online) noteTakeOver(station, before.node);
      }
      return generation;
    },
    actor,
    securityNoted: o.securityNoted,
    actorOf,
    live: (station) => awake.get(station),
    byIdentity: lookUp,
    forget: (identity) => credentialsKept.delete(identity),
    forgetAll: () => {
      credentialsKept.clear();
      for (const it of awake.values()) it.placesChanged();
    },
    online: () => [...awake.values()].filter((it) => it.online).length,
    held: () =>
      new Map(
        [...awake].flatMap(([station, { generation }]) => (generation === undefined ? [] : [[station, generation]])),
      ),
    start: () => {
      every(FLUSH_MS, 'last seen not written', flush);
      every(SWEEP_MS, 'sweep failed', sweep);
    },
    stop: async () => {
      stopping = true;
      for (const cancel of cancels) cancel();
      cancels = [];
      // One that is just being woken would else come to life after its store has closed.
      await Promise.allSettled(actors.values());
      await Promise.all([...awake.values()].map((it) => it.stop()));
      await flush().catch(failed('last seen not written', {}));
      awake.clear();
      actors.clear();
    },
  };
}
