import { instant, iso, type Log } from '@plugga/kit';
import type pg from 'pg';
import type { Clock } from '../ports.ts';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
/** What one statement deletes at most. */
const batch = 1_000;

const replayedDays = 30;
/** Before messages go that nobody has replayed, it is said for so long. */
const warningDays = 30;
const knockingDays = 90;
const idempotencyHours = 72;
const customerHours = 24;

/** Deletes, in bounded batches, what has had its time. Facts and audit are never deleted. Returns how many of what went. */
export const tidy = async (o: {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
  readonly quarantineDays: number;
  readonly signal: AbortSignal;
}): Promise<Readonly<Record<string, number>>> => {
  const { pool, clock, log, quarantineDays, signal } = o;
  const now = clock.now();
  const ago = (ms: number): string => iso(instant(now - ms));
  const gone = async (table: string, where: string, values: readonly unknown[]): Promise<number> => {
    let count = 0;
    while (!signal.aborted) {
      const { rowCount } = await pool.query(
        `delete from ${table} where ctid = any (array(select ctid from ${table} where ${where} limit ${batch}))`,
        [...values],
      );
      count += rowCount ?? 0;
      if ((rowCount ?? 0) < batch) break;
    }
    return count;
  };
  const { rows } = await pool.query<{ n: number; oldest: Date | null }>(
    `select count(*)::integer as n, min(created_at) as oldest from core.quarantine
     where replayed_at is null and created_at < $1 and created_at >= $2`,
    [ago((quarantineDays - warningDays) * dayMs), ago(quarantineDays * dayMs)],
  );
  const [soon] = rows;
  if (soon !== undefined && soon.n > 0)
    log.warn('messages in quarantine will be deleted unless they are replayed', {
      ...{ messages: soon.n, oldest: soon.oldest?.toISOString(), keptDays: quarantineDays },
    });
  const unreplayed = await gone('core.quarantine', 'replayed_at is null and created_at < $1', [
    ago(quarantineDays * dayMs),
  ]);
  if (unreplayed > 0)
    log.error('messages in quarantine were deleted that nobody had replayed', { messages: unreplayed, quarantineDays });
  return {
    quarantine: unreplayed + (await gone('core.quarantine', 'replayed_at < $1', [ago(replayedDays * dayMs)])),
    idempotency: await gone('core.idempotency', 'created_at < $1', [ago(idempotencyHours * hourMs)]),
    customerInformation: await gone('core.customer_information', 'told_at < $1', [ago(customerHours * hourMs)]),
    knocking: await gone('core.knocking', 'last_at < $1', [ago(knockingDays * dayMs)]),
  };
};
