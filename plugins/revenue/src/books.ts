import type { Context, Recorded, Tx } from '@plugga/kit';
import { bookBatch, cdrsNamedIn, sharesIn } from './batch.ts';
import type { RevenueTables } from './migrations.ts';
import { cdrsWith, soldWith, write } from './store.ts';

export type BooksContext = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, RevenueTables>,
  'db'
>;

/** What a batch has changed that others may want to know. */
export interface BatchBooked {
  /** Days, in the zones of their sites, whose rows are others now. */
  readonly days: readonly string[];
  /** There was more than running prices, which will soon be told anew. */
  readonly lasting: boolean;
}

/** Keeps the books by what each event adds: at most three statements a batch, however many sessions it is about. */
export const createBooks =
  ({ db }: BooksContext) =>
  async (events: readonly Recorded[], tx: Tx): Promise<BatchBooked> => {
    const fresh = new Map(sharesIn(events).map((share) => [share.id, share]));
    const named = cdrsNamedIn(events);
    const cdrs = await cdrsWith(
      db(tx),
      named.filter((id) => !fresh.has(id)),
    );
    for (const [id, share] of fresh) cdrs.set(id, share);
    const ids = new Set<string>(events.flatMap(({ session }) => session ?? []));
    for (const id of named) ids.add(cdrs.get(id)?.sold ?? id);
    const changes = bookBatch(events, await soldWith(db(tx), [...ids]), cdrs);
    await write(db(tx), tx.tenant, changes);
    return { days: [...new Set(changes.days.map(({ day }) => day))], lasting: changes.whole.length > 0 };
  };
