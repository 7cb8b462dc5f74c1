import type { Logged } from '@plugga/kit';
import pg from 'pg';
import type { Planned } from '../db/prepared.ts';

/** SQL on cursors and parked keys. With literals, so that several statements go in one round trip. */

const text = (value: string): string => pg.escapeLiteral(value);
const number = (value: bigint | number): string => value.toString();

export interface Cursor {
  readonly position: bigint;
  /** Another epoch than before: a rebuild has moved the cursor back. */
  readonly epoch: number;
  /** Events up to it were handled before a rebuild. */
  readonly replayUntil: bigint;
}

export interface Parked {
  readonly plugin: string;
  readonly tenant: string;
  readonly key: string;
  readonly from: bigint;
  readonly waitsFor: string | undefined;
  readonly attempts: number;
  readonly due: boolean;
}

/** Locks the cursor unless another runner has it, then reads, as of the lock, what is parked of the plugin and of those before it. */
export const lockCursor = (plugin: string, before: readonly string[]): Planned[] => [
  {
    text: `select position, epoch, replay_until from core.plugin_cursor where plugin = $1 for update skip locked`,
    types: ['text'],
    literals: [text(plugin)],
  },
  {
    text: `select plugin, tenant, key, from_position, waits_for, attempts, due_at <= clock_timestamp() as due
     from core.parked where plugin = any ($1)`,
    types: ['text[]'],
    literals: [`array[${[plugin, ...before].map(text).join(', ')}]`],
  },
];

export const lockedOf = (answers: readonly pg.QueryResult[]) => {
  const [cursors, parked] = answers;
  const cursor = cursors?.rows[0] as { position: string; epoch: number; replay_until: string } | undefined;
  return {
    cursor:
      cursor &&
      ({
        position: BigInt(cursor.position),
        epoch: cursor.epoch,
        replayUntil: BigInt(cursor.replay_until),
      } satisfies Cursor),
    parked: (parked?.rows ?? []).map((row): Parked => ({
      plugin: row.plugin,
      tenant: row.tenant,
      key: row.key,
      from: BigInt(row.from_position),
      waitsFor: row.waits_for ?? undefined,
      attempts: row.attempts,
      due: row.due,
    })),
  };
};

export const moveCursor = (plugin: string, position: bigint): Planned => ({
  text: 'update core.plugin_cursor set position = $2, updated_at = clock_timestamp() where plugin = $1',
  types: ['text', 'bigint'],
  literals: [text(plugin), number(position)],
});

export interface ToPark {
  readonly plugin: string;
  readonly key: string;
  readonly event: Logged;
  readonly waitsFor?: string;
  readonly attempts: number;
  /** Undefined: only an operator frees it. */
  readonly againMs: number | undefined;
  readonly error: string;
}

/** From this event on the key waits. */
export const park = ({ plugin, key, event, waitsFor, attempts, againMs, error }: ToPark): string => `
  insert into core.parked (plugin, tenant, key, from_position, waits_for, attempts, due_at, error, event_type)
  values (${text(plugin)}, ${text(event.tenant)}, ${text(key)}, ${number(event.position)},
    ${waitsFor === undefined ? 'null' : text(waitsFor)}, ${number(attempts)},
    ${againMs === undefined ? `'infinity'` : `clock_timestamp() + interval '${number(againMs)} milliseconds'`},
    ${text(error.replaceAll('\0', '').toWellFormed().slice(0, 4_000))}, ${text(event.type)})
  on conflict (plugin, key) do update set from_position = excluded.from_position, waits_for = excluded.waits_for,
    attempts = excluded.attempts, due_at = excluded.due_at, error = excluded.error, event_type = excluded.event_type`;

/** The event of the key was handled: the next goes on after it. */
export const passParked = (plugin: string, key: string, position: bigint): string => `
  update core.parked set from_position = ${number(position + 1n)}, waits_for = null, attempts = 0,
    due_at = clock_timestamp(), error = ''
  where plugin = ${text(plugin)} and key = ${text(key)}`;

/** Nothing of the key is left behind the cursor: it has rejoined. */
export const unpark = (plugin: string, key: string): string =>
  `delete from core.parked where plugin = ${text(plugin)} and key = ${text(key)}`;
