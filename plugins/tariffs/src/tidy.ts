import type { Instant, TenantId } from '@plugga/kit';
import type { Db } from './versions.ts';

const DAY_MS = 86_400_000;
/** A back-test looks at a month; a little more, so that a month ago is whole. */
const CLOSINGS_DAYS = 62;
/** What was asked for and never began, and what was shown and never used. */
const LEFT_DAYS = 30;
/** A correction may come late; what it says of congestion is what the bill said. */
const OCCUPANCY_DAYS = 800;
const BATCH = 5_000;

/**
 * Takes away what nobody will ask for any more, a bounded part of it, with the first closing of each tenant a day. Prices, and
 * the offers that sessions were priced with, stay.
 */
export function createTidy(): (db: Db, tenant: TenantId, now: Instant) => Promise<void> {
  const done = new Map<TenantId, number>();
  return async (db, tenant, now) => {
    const day = Math.floor(now / DAY_MS);
    if (done.get(tenant) === day) return;
    done.set(tenant, day);
    const before = (days: number): Date => new Date(now - days * DAY_MS);
    await db
      .deleteFrom('closing')
      .where('session', 'in', (it) =>
        it.selectFrom('closing').select('session').where('ended_at', '<', before(CLOSINGS_DAYS)).limit(BATCH),
      )
      .execute();
    await db
      .deleteFrom('offer')
      .where('id', 'in', (it) =>
        it
          .selectFrom('offer')
          .select('id')
          .where('bound', '=', false)
          .where('valid_until', '<', before(LEFT_DAYS))
          .limit(BATCH),
      )
      .execute();
    await db.deleteFrom('occupancy').where('at', '<', before(OCCUPANCY_DAYS)).execute();
    await db.deleteFrom('claim').where('created_at', '<', before(LEFT_DAYS)).execute();
  };
}
