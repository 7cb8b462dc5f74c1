import {
  type Clock,
  createDelivery,
  createStoreOn,
  createTransactions,
  keepCost,
  type RunningDelivery,
} from '@plugga/core/simulation';
import { type Billable, type Log, onBatch, sessionClosed, sessionCorrected, sessionPriced } from '@plugga/kit';
import { sql } from 'kysely';
import type pg from 'pg';

/** A plugin of one seed, by its name among those of the others. */
export const bookkeeperOf = (tenant: string): string => `bookkeeper-${tenant}`;

/** What it keeps: a row for each time that it was told what a session costs. Nothing in the table forbids a second one. */
export const bookkeeperTable = `
  create schema if not exists simulated;
  create table if not exists simulated.entry (
    n bigint generated always as identity, tenant text, session text, event text, wh integer
  );
  create index if not exists entry_tenant on simulated.entry (tenant);
  grant usage on schema simulated to plugga_app;
  grant select, insert on simulated.entry to plugga_app`;

/**
 * The real delivery with one small plugin: a row in its schema for each closing and correction, and the price of it emitted,
 * in the transaction that moves its cursor. Crashes within that transaction must neither lose nor double a row.
 */
export async function keepBooks(o: {
  readonly tenant: string;
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly random: { bytes(count: number): Uint8Array };
  readonly log: Log;
  readonly deadlineMs: number;
}): Promise<void> {
  const { tenant, pool, clock, random, log } = o;
  const plugin = bookkeeperOf(tenant);
  const given = {
    ...{ pool, clock, random, log, onEmit: keepCost },
    // Not which: whether they follow each other without a gap depends on what other seeds append to the same log.
    appended: () => delivery.wake(),
  };
  const transactions = createTransactions(given);
  const store = createStoreOn({ lane: pool, readers: pool }, { clock, random, log });
  const delivery: RunningDelivery = createDelivery({ ...given, store, system: pool });
  const noted = onBatch([sessionClosed, sessionCorrected], async (events, tx) => {
    const rows = events.map(({ id, session, data }) => ({ session, event: id, wh: billableIn(data).energyWh }));
    await sql`insert into simulated.entry (tenant, session, event, wh)
      select ${tenant}, session, event, wh from json_to_recordset(${JSON.stringify(rows)}) as j(session text, event text, wh integer)`.execute(
      transactions.kyselyOf(tx),
    );
    for (const event of events) {
      const { energyWh } = billableIn(event.data);
      const amount = String(energyWh);
      const total = { currency: 'SEK', exclVat: amount, vat: '0', inclVat: amount };
      // A running price: the final one, which is billed, is that of the tariffs.
      const price = { offer: 'simulated', total, lines: [], energyWh, final: false };
      transactions.emit(tx, { plugin, type: sessionPriced.type, v: sessionPriced.v, data: price, subject: event });
    }
  });
  await delivery.start([{ plugin, after: [], subscriptions: [noted] }]);
  try {
    await delivery.settled(o.deadlineMs);
  } finally {
    await delivery.stop();
    await store.close();
  }
}

const billableIn = (data: { readonly billable: Billable } | { readonly after: Billable }): Billable =>
  'billable' in data ? data.billable : data.after;
