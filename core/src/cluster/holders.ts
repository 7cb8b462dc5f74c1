import { PluggaError, type StationId } from '@plugga/kit';
import { z } from '@plugga/kit';
import type { OpenBus } from '../events/bus.ts';

/** What one node asks of the one that holds a station's socket. */
export const question = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    call: z.object({ action: z.string(), payload: z.unknown() }),
    timeoutSeconds: z.number(),
  }),
  /** The row of the command says the rest. */
  z.object({ kind: z.literal('command'), tenant: z.string(), id: z.string() }),
  z.object({ kind: z.literal('replay'), quarantine: z.string() }),
  z.object({
    kind: z.literal('teach'),
    action: z.string(),
    state: z.enum(['allowed', 'supported']),
    actor: z.string(),
  }),
  z.object({ kind: z.literal('takenOver'), generation: z.number() }),
]);
export type Question = z.output<typeof question>;

/** Where a station's newest connection came to. */
export interface Whereabouts {
  /** 0: it never came. */
  readonly generation: number;
  readonly node: string | undefined;
  /** As the database has it: a node that died is found out after a while. */
  readonly online: boolean;
  /** Whether that node has been seen lately. */
  readonly nodeLives: boolean;
}

export type Reached =
  | { readonly kind: 'answered'; readonly answer: unknown }
  /** No node has a socket of the station: what needs none can be done here. */
  | { readonly kind: 'nobody' }
  /** Another node has, and cannot be asked. */
  | { readonly kind: 'cutOff'; readonly node: string };

export interface Holders {
  /** The newest connection of the station is here: from now on this node answers for it. */
  hold(station: StationId, generation: number): void;
  release(station: StationId, generation: number): void;
  /** Asks the node that holds the station's newest connection. Throws what that throws, `call-timeout` where it is silent. */
  reach(station: StationId, asked: Question, timeoutMs: number): Promise<Reached>;
  /** A newer connection came here: whoever holds the one before it lets go. */
  takenOver(station: StationId, generation: number): void;
}

/** The one that was frozen hears it when it is thawed. */
const TAKEN_OVER_MS = 10 * 60_000;

/**
 * Who holds a station. Each connection has a subject of its own, `station.<id>.<generation>`, on which the node with its
 * socket responds: a question reaches the newest connection or nobody, never an older one that has not noticed.
 */
export function createHolders(o: {
  readonly bus: OpenBus;
  readonly node: string;
  whereabouts(station: StationId): Promise<Whereabouts | undefined>;
  answer(station: StationId, generation: number, asked: Question): Promise<unknown>;
}): Holders {
  const { bus } = o;
  const held = new Map<StationId, { readonly generation: number; leave(): void }>();
  const between = bus.state().kind !== 'alone';
  const subjectOf = (station: StationId, generation: number): string => `station.${station}.${generation}`;

  return {
    hold: (station, generation) => {
      if (!between) return;
      held.get(station)?.leave();
      const leave = bus.respond(subjectOf(station, generation), async (message) =>
        o.answer(station, generation, question.parse(message)),
      );
      held.set(station, { generation, leave });
    },
    release: (station, generation) => {
      const ours = held.get(station);
      if (ours?.generation !== generation) return;
      held.delete(station);
      ours.leave();
    },
    reach: async (station, asked, timeoutMs) => {
      let before: Whereabouts | undefined;
      for (;;) {
        const where = await o.whereabouts(station);
        if (where === undefined || where.generation === 0) return { kind: 'nobody' };
        if (before?.generation === where.generation) return absent(where);
        before = where;
        try {
          return {
            kind: 'answered',
            answer: await bus.request(subjectOf(station, where.generation), asked, timeoutMs),
          };
        } catch (error) {
          // It may have moved between the look and the question: then it is looked for once more.
          if (!(error instanceof PluggaError) || error.code !== 'station-offline') throw error;
        }
      }
    },
    takenOver: (station, generation) => {
      if (!between) return;
      const asked: Question = { kind: 'takenOver', generation };
      bus.request(subjectOf(station, generation - 1), asked, TAKEN_OVER_MS).catch(() => undefined);
    },
  };

  function absent({ node, online, nodeLives }: Whereabouts): Reached {
    return online && nodeLives && node !== undefined && node !== o.node ? { kind: 'cutOff', node } : { kind: 'nobody' };
  }
}
