import {
  type Context,
  instant,
  type Instant,
  type Recorded,
  revenueChanged,
  sql,
  type TenantId,
  type Tx,
  z,
} from '@plugga/kit';
import type { BatchBooked } from './books.ts';
import type { RevenueTables } from './migrations.ts';
import { shownDay, sumOfDays } from './totals.ts';

const EVERY_MS = 1_000;
/** What is older is history that is gone through again: nobody waits for it. */
const NEWS_MS = 120_000;
const MOST_DAYS = 7;

export const announceWork = { announce: z.object({ position: z.string(), days: z.array(z.string()) }) };

export type AnnounceContext = Pick<
  Context<unknown, unknown, Record<never, never>, typeof announceWork, RevenueTables, typeof revenueChanged>,
  'db' | 'emit' | 'enqueue' | 'clock' | 'transaction'
>;

const newestOf = (days: ReadonlySet<string>): string[] => [...days].toSorted().slice(-MOST_DAYS);

/** Tells that revenue has changed, at most once a second an operator. */
export const createAnnouncer = ({ db, emit, enqueue, clock, transaction }: AnnounceContext) => {
  const last = new Map<TenantId, Instant>();
  /** Days that have changed since it was last told. */
  const untold = new Map<TenantId, Set<string>>();
  /** When what is untold will be told at the latest, so that it is asked for once. */
  const planned = new Map<TenantId, Instant>();
  /** How far the books have come. */
  const booked = new Map<TenantId, bigint>();

  const tell = async (tx: Tx, position: string, more: readonly string[] = []): Promise<void> => {
    const days = newestOf(new Set([...(untold.get(tx.tenant) ?? []), ...more]));
    if (days.length === 0) return;
    untold.delete(tx.tenant);
    last.set(tx.tenant, clock.now());
    const rows = await sumOfDays(db(tx), sql`d.day = any(${days})`);
    const told = rows.map(shownDay).filter(({ currency }) => currency !== '');
    await emit(tx, revenueChanged, { stream: tx.tenant }, { days: told, position });
  };

  return {
    /** After a batch was booked, in its transaction. */
    booked: async (events: readonly Recorded[], { days, lasting }: BatchBooked, tx: Tx): Promise<void> => {
      const newest = events.at(-1);
      const now = clock.now();
      if (newest === undefined || days.length === 0 || now - newest.receivedAt > NEWS_MS) return;
      const waiting = untold.get(tx.tenant) ?? new Set();
      untold.set(tx.tenant, waiting);
      for (const day of days) waiting.add(day);
      const position = newest.position.toString();
      booked.set(tx.tenant, newest.position);
      const dueAt = instant((last.get(tx.tenant) ?? 0) + EVERY_MS);
      if (dueAt <= now) await tell(tx, position);
      // Nothing may follow. Of running prices the first asks for it: the next are told with it, or sooner.
      else if (lasting || planned.get(tx.tenant) !== dueAt) {
        planned.set(tx.tenant, dueAt);
        await enqueue(tx, 'announce', { position, days: newestOf(waiting) }, { key: 'announce', after: dueAt });
      }
    },
    work: {
      /** Perhaps on another node than the one that booked: what is to be told comes with the work. */
      announce: async (
        { position, days }: z.output<(typeof announceWork)['announce']>,
        { tenant }: { readonly tenant: TenantId },
      ): Promise<void> => {
        if (last.has(tenant) && !untold.has(tenant)) return;
        const far = booked.get(tenant) ?? 0n;
        const newest = far > BigInt(position) ? far.toString() : position;
        await transaction(tenant, (tx) => tell(tx, newest, days));
      },
    },
  };
};
