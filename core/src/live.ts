import { fail, type CommandId, type StationId, type TenantId, type Tx } from '@plugga/kit';
import type { Kysely } from 'kysely';
import type { CommandsFace } from './command/queue.ts';
import type { CoreTables } from './db/tables.ts';
import type { Live } from './http/deps.ts';
import type { Bus, Clock } from './ports.ts';
import type { Registry } from './station/registry.ts';

/** Subjects of the bus: hints between nodes, never the truth. */
const subjects = {
  stationChanged: 'station.changed',
  placesChanged: 'places.changed',
  tokensChanged: 'tokens.changed',
} as const;

interface StationChanged {
  readonly station: StationId;
  readonly identity: string;
  readonly close?: string;
}

/** The living part as the operator API sees it; what concerns every node goes over the bus. */
export function createLive(o: {
  readonly registry: Registry;
  readonly commands: CommandsFace;
  readonly bus: Bus;
  /** Sees what is in quarantine of all tenants; whose it may be was asked before. */
  readonly system: Kysely<CoreTables>;
  readonly clock: Clock;
}): Live {
  const { registry, commands, bus, system } = o;
  return {
    call: async (_tenant: TenantId, station, call, timeoutSeconds) => {
      const actor = registry.live(station);
      if (actor === undefined) throw fail('station-offline', 'the station is not connected');
      return actor.call(call, timeoutSeconds);
    },
    command: (tx: Tx, actor, station, asked): Promise<CommandId> => commands.queue(tx, actor, station, asked),
    stationChanged: ({ id, identity }, close) => {
      const changed: StationChanged = { station: id, identity, ...(close === undefined ? {} : { close }) };
      bus.publish(subjects.stationChanged, changed);
    },
    placesChanged: (station) => bus.publish(subjects.placesChanged, station),
    tokensChanged: (tenant) => bus.publish(subjects.tokensChanged, tenant),
    replay: async (quarantine) => {
      const kept = await system
        .selectFrom('core.quarantine')
        .select(['station', 'raw'])
        .where('id', '=', quarantine)
        .executeTakeFirst();
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
    },
  };
}

/** Hears what other nodes and this one's API changed. Returns how to stop. */
export function followChanges(o: {
  readonly registry: Registry;
  readonly bus: Bus;
  tokensChanged(tenant: TenantId): void;
}): () => void {
  const stops = [
    o.bus.subscribe(subjects.stationChanged, (message) => {
      const { station, identity, close } = message as StationChanged;
      o.registry.forget(identity);
      const actor = o.registry.live(station);
      actor?.placesChanged();
      if (close !== undefined) actor?.close(close);
    }),
    o.bus.subscribe(subjects.placesChanged, (message) => o.registry.live(message as StationId)?.placesChanged()),
    o.bus.subscribe(subjects.tokensChanged, (message) => o.tokensChanged(message as TenantId)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
