import { instant, type Instant, iso } from '@plugga/kit';
import type pg from 'pg';
import type { Clock } from '../ports.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** Events that one transaction looks at. */
const window = 5_000;
/** What could not be moved when it was passed (its session was open, say) is looked at again after so long. */
const passMs = 30 * dayMs;
const longestMs = 10 * 60_000;
const key = 'archive-cursor';

/** Where the last run stopped, and when this pass over the log began. */
interface Cursor {
  readonly position: string;
  readonly began: Instant;
}

interface Step {
  readonly through: string | null;
  readonly moved: number;
}
const move = 'select through, moved from core.archive_events($1::bigint, $2::timestamptz, $3)';

/**
 * Moves meter values of closed sessions out of the log, in windows of bounded size, each a transaction of its own: what is
 * cut off goes on from the last whole one. `pool` sees the rows of all tenants. Returns how many were moved.
 */
export const archive = async (o: {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly days: number;
  readonly signal: AbortSignal;
}): Promise<number> => {
  const { pool, clock, signal } = o;
  const began = clock.now();
  const before = iso(instant(began - o.days * dayMs));
  let cursor = await read(pool);
  if (cursor === undefined || cursor.began < began - passMs) cursor = { position: '0', began };
  let moved = 0;
  while (!signal.aborted && clock.now() - began < longestMs) {
    const step: Step | undefined = (await pool.query<Step>(move, [cursor.position, before, window])).rows[0];
    if (step?.through == null) break;
    moved += step.moved;
    cursor = { ...cursor, position: step.through };
    await write(pool, cursor);
  }
  return moved;
};

const read = async (pool: pg.Pool): Promise<Cursor | undefined> => {
  const { rows } = await pool.query<{ value: string }>('select value from core.installation where key = $1', [key]);
  return rows[0] && (JSON.parse(rows[0].value) as Cursor);
};

const write = async (pool: pg.Pool, cursor: Cursor): Promise<void> => {
  await pool.query(
    `insert into core.installation (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value`,
    [key, JSON.stringify(cursor)],
  );
};
