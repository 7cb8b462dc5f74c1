import { randomBytes } from 'node:crypto';
import { openWorkbench } from '@plugga/core/plugins';
import { definePlugin, instant, type PriceLine, Pricing, type SessionId, type TenantId } from '@plugga/kit';
import { billing } from '@plugga/plugin-billing';
import { aBillable, testClock } from '@plugga/testing';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import type { Closed } from '../../plugins/billing/src/cdrs.ts';
import { alone, type BillingDb } from '../../plugins/billing/src/db.ts';
import { issueCdrs } from '../../plugins/billing/src/issue.ts';
import { billingSettings } from '../../plugins/billing/src/settings.ts';

const tenant = 'tenant-1' as TenantId;

/** The schema of billing, in a database of its own. */
export async function migrated(url: string): Promise<void> {
  const prices = definePlugin({
    name: 'prices',
    offers: { pricing: Pricing },
    setup: () => ({ offers: { pricing: { priceOf: () => Promise.resolve(undefined) } } }),
  });
  const bench = await openWorkbench({ url, clock: testClock(), deployment: { plugins: [prices, billing] } });
  await bench.close();
}

export interface Issuers {
  readonly db: Kysely<unknown>;
  /** Issues CDRs and receipts of sessions in one transaction, as a batch of delivery does. `spoil` rolls it back at its end. */
  issue(sessions: readonly string[], spoil?: boolean): Promise<number>;
  close(): Promise<void>;
}

export function openIssuers(url: string, connections: number): Issuers {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  // A server that ends the connection of a killed one says so here.
  pool.on('error', () => undefined);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const settings = billingSettings.parse({});
  const newId = (): string => randomBytes(16).toString('base64url');
  return {
    db,
    issue: (sessions, spoil = false) =>
      db.transaction().execute(async (trx) => {
        await sql`select set_config('plugga.tenant', ${tenant}, true)`.execute(trx);
        const own = trx.withSchema('billing') as unknown as BillingDb;
        await alone(own, tenant);
        const at = instant(Date.parse('2026-01-15T14:00:00Z'));
        const issuing = { tenant, at, settings, random: { bytes: (n: number) => randomBytes(n) }, newId };
        const issued = await issueCdrs(own, issuing, sessions.map(closedOf));
        if (spoil) throw new Error('spoiled');
        return issued.length;
      }),
    close: () => db.destroy(),
  };
}

const line: PriceLine = {
  ...{
    dimension: 'energy',
    text: 'Energy',
    quantity: '10',
    unit: 'kWh',
    unitPrice: '4',
    exclVat: '40',
    vatPercent: '25',
  },
};
const closedOf = (session: string): Closed => ({
  ...{ session: session as SessionId, revision: 0, billable: aBillable(), offer: 'tariff 1', lines: [line] },
  ...{ currency: 'SEK', priced: undefined, signed: undefined, heldReasons: [] },
});

export interface Books {
  readonly invoices: number;
  readonly sessions: number;
  /** Numbers between the first and the last that are missing. */
  readonly gaps: number;
  readonly last: number;
}

export async function booksOf(db: Kysely<unknown>): Promise<Books> {
  const { rows } = await sql<Books>`
    select count(*)::int as invoices, count(distinct i.session)::int as sessions, max(number::int) as last,
      (max(number::int) - count(distinct number))::int as gaps
    from billing.invoice i join billing.cdr c on c.id = i.cdr join billing.document d on d.invoice = i.id`.execute(db);
  return rows[0]!;
}
