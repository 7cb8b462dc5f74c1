import { fail, instant, type CommandId, type StationId, type TenantId, type Tx } from '@plugga/kit';
import type { Kysely } from 'kysely';
import type { Holders, Question } from './cluster/holders.ts';
import type { CommandsFace } from './command/queue.ts';
import type { CoreTables } from './db/tables.ts';
import type { Live } from './http/deps.ts';
import type { BusState, OpenBus } from './events/bus.ts';
import type { Bus, Clock } from './ports.ts';
import type { Refresh } from './standing/refresh.ts';
import type { Registry } from './station/registry.ts';

/** Subjects of the bus: hints between nodes, never the truth. */
const subjects = {
  stationChanged: 'station.changed',
  placesChanged: 'places.changed',
  tokensChanged: 'tokens.changed',
} as const;

/** The other node's answer is a little later than the station's. */
const MARGIN_SECONDS = 2;
const REPLAY_MS = 20_000;
const TEACH_MS = 5_000;
/** How old what is known may be while changes made elsewhere are not heard. */
const AWAY_KEPT_MS = 30_000;

interface StationChanged {
  readonly station: StationId;
  readonly identity: string;
  readonly close?: string;
  readonly registration?: 'accepted' | 'pending' | 'rejected';
}

interface TokensChanged {
  readonly tenant: TenantId;
  readonly token: string;
}

/** The living part as the operator API sees it; what concerns every node goes over the bus. */
export function createLive(o: {
  readonly registry: Registry;
  readonly holders: Pick<Holders, 'reach'>;
  readonly commands: CommandsFace;
  readonly bus: Bus;
  /** Sees what is in quarantine of all tenants; whose it may be was asked before. */
  readonly system: Kysely<CoreTables>;
  readonly clock: Clock;
}): Live & { answer(station: StationId, generation: number, asked: Question): Promise<unknown> } {
  const { registry, holders, commands, bus, system } = o;
  type Answered = Awaited<ReturnType<Live['call']>>;
  type Replayed = Awaited<ReturnType<Live['replay']>>;

  const replayHere = async (quarantine: string): Promise<Replayed> => {
    const kept = await keptRaw(quarantine);
    const actor = kept === undefined ? undefined : await registry.actorOf(kept.station as StationId);
    if (kept === undefined || actor === undefined) return { stored: false, detail: 'the station is gone' };
    const result = await actor.replay(kept.raw);
    if (result.stored)
      await system
        .updateTable('core.quarantine')
        .set({ replayed_at: new Date(o.clock.now()) })
        .where('id', '=', quarantine)
        .execute();
    return result;
  };
  const keptRaw = (quarantine: string) =>
    system.selectFrom('core.quarantine').select(['station', 'raw']).where('id', '=', quarantine).executeTakeFirst();

  return {
    call: async (_tenant: TenantId, station, call, timeoutSeconds) => {
      const actor = registry.live(station);
      if (actor?.online === true) return actor.call(call, timeoutSeconds);
      const timeoutMs = (timeoutSeconds + MARGIN_SECONDS) * 1000;
      const reached = await holders.reach(station, { kind: 'call', call, timeoutSeconds }, timeoutMs);
      if (reached.kind === 'answered') return reached.answer as Answered;
      throw fail(
        'station-offline',
        reached.kind === 'nobody'
          ? 'the station is not connected'
          : `the station is connected to node ${reached.node}, which cannot be reached`,
      );
    },
    command: (tx: Tx, actor, station, asked): Promise<CommandId> => commands.queue(tx, actor, station, asked),
    stationChanged: ({ id, identity }, { close, registration } = {}) => {
      const changed: StationChanged = {
        ...{ station: id, identity },
        ...(close === undefined ? {} : { close }),
        ...(registration === undefined ? {} : { registration }),
      };
      bus.publish(subjects.stationChanged, changed);
    },
    placesChanged: (station) => bus.publish(subjects.placesChanged, station),
    tokensChanged: (tenant, token) => bus.publish(subjects.tokensChanged, { tenant, token } satisfies TokensChanged),
    replay: async (quarantine) => {
      const kept = await keptRaw(quarantine);
      const station = kept?.station as StationId | undefined;
      if (station === undefined || registry.live(station)?.online === true) return replayHere(quarantine);
      const reached = await holders.reach(station, { kind: 'replay', quarantine }, REPLAY_MS);
      if (reached.kind === 'answered') return reached.answer as Replayed;
      if (reached.kind === 'nobody') return replayHere(quarantine);
      return { stored: false, detail: `the station is connected to node ${reached.node}, which cannot be reached` };
    },
    teach: async (station, taught) => {
      const tell = async (actor: Awaited<ReturnType<Registry['actorOf']>>): Promise<void> =>
        actor?.tell({ kind: 'learned', by: 'operator', ...taught });
      const actor = registry.live(station);
      if (actor?.online === true) return tell(actor);
      const reached = await holders.reach(station, { kind: 'teach', ...taught }, TEACH_MS);
      if (reached.kind === 'answered') return;
      if (reached.kind === 'nobody') return tell(await registry.actorOf(station));
      throw fail('unavailable', `the station is connected to node ${reached.node}, which cannot be reached`);
    },
    /** What another node asks of the one that holds the station. */
    answer: async (station, generation, asked) => {
      const actor = registry.live(station);
      if (asked.kind === 'takenOver') return actor?.takenOver(asked.generation);
      if (actor?.generation !== generation) throw fail('station-offline', 'the station is not connected any more');
      if (asked.kind === 'call') return actor.call(asked.call, asked.timeoutSeconds);
      if (asked.kind === 'replay') return replayHere(asked.quarantine);
      if (asked.kind === 'teach') {
        const { action, state, actor: by } = asked;
        return actor.tell({ kind: 'learned', by: 'operator', action, state, actor: by });
      }
      return commands.take(asked.tenant as TenantId, asked.id);
    },
  };
}

/**
 * Hears what other nodes and this one's API changed. What was missed while the bus was away is not known: then everything
 * is read again. Returns how to stop.
 */
export function followChanges(o: {
  readonly registry: Registry;
  readonly bus: OpenBus;
  readonly clock: Clock;
  readonly tokens: { forget(tenant: TenantId): void; forgetAll(): void };
  readonly refresh: Pick<Refresh, 'stationChanged' | 'tokenChanged'>;
}): () => void {
  const { registry, bus, clock, tokens, refresh } = o;
  let cancel = (): void => undefined;
  const forgetAll = (): void => {
    tokens.forgetAll();
    registry.forgetAll();
    refresh.tokenChanged(undefined);
  };
  const grow = (): void => {
    cancel = clock.at(instant(clock.now() + AWAY_KEPT_MS), () => {
      forgetAll();
      grow();
    });
  };
  const follow = ({ kind }: BusState): void => {
    cancel();
    if (kind === 'away') grow();
    else if (kind === 'connected') forgetAll();
  };
  follow(bus.state());
  const stops = [
    bus.follow(follow),
    bus.subscribe(subjects.stationChanged, (message) => {
      const { station, identity, close, registration } = message as StationChanged;
      registry.forget(identity);
      refresh.stationChanged(station);
      const actor = registry.live(station);
      actor?.placesChanged();
      if (registration !== undefined) actor?.registerAs(registration);
      if (close !== undefined) actor?.close(close);
    }),
    bus.subscribe(subjects.placesChanged, (message) => registry.live(message as StationId)?.placesChanged()),
    bus.subscribe(subjects.tokensChanged, (message) => {
      // A node of the version before says the tenant alone.
      const { tenant, token } =
        typeof message === 'string' ? { tenant: message as TenantId, token: undefined } : (message as TokensChanged);
      tokens.forget(tenant);
      refresh.tokenChanged(token);
    }),
  ];
  return () => {
    cancel();
    for (const stop of stops) stop();
  };
}
