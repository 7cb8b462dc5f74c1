import type { z } from 'zod';
import type { EventId, Instant, SessionId, StationId, TenantId } from './domain.ts';

/** An event is a value: its schema runs, its type is inferred, `up` lifts data of older versions. */
export interface EventDef<K extends string = string, S extends z.ZodType = z.ZodType> {
  readonly type: K;
  readonly v: number;
  readonly data: S;
  readonly up?: (data: unknown, v: number) => unknown;
}

/** Type names are past tense with the owner in front: `session.started`. Raise `v` and give `up` when the data changes its shape. */
export const defineEvent = <const K extends string, S extends z.ZodType>(def: {
  type: K;
  v: number;
  data: S;
  up?: (data: unknown, v: number) => unknown;
}): EventDef<K, S> => def;

export type DataOf<E> = E extends EventDef<string, infer S> ? z.output<S> : never;

/** What the log keeps of an event. Plain JSON: instants ISO text, amounts decimal text. */
export interface Logged {
  readonly id: EventId;
  /** Order of commit in the whole log; also SSE's `Last-Event-ID`. */
  readonly position: bigint;
  readonly tenant: TenantId;
  /** Who writes in order: a station, or `<plugin>:<subject stream>`. */
  readonly stream: string;
  readonly seq: number;
  readonly station?: StationId;
  readonly session?: SessionId;
  readonly type: string;
  readonly v: number;
  /** When it happened: the station's trusted time, else when we received it. */
  readonly at: Instant;
  readonly receivedAt: Instant;
  /** The event or message that led to it. */
  readonly cause?: string;
  /** Who: `key:<id>`, `station`, `plugin:<name>`, `core`. */
  readonly actor?: string;
  readonly data: unknown;
}

export interface Recorded<E extends EventDef = EventDef> extends Logged {
  readonly type: E['type'];
  readonly data: DataOf<E>;
}

/** Whether an event that a handler of several was given is of that one. */
export const isEvent = <E extends EventDef>(def: E, event: Recorded): event is Recorded<E> => event.type === def.type;

/** Reads a logged event as its definition says: lifted to the current version, then parsed. Throws a ZodError on data that no version allows. */
export function read<E extends EventDef>(def: E, event: Logged): Recorded<E> {
  const lifted = event.v === def.v || def.up === undefined ? event.data : def.up(event.data, event.v);
  return { ...event, data: def.data.parse(lifted) } as Recorded<E>;
}
