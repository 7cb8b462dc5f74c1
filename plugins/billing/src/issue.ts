import { sql, type Kysely } from 'kysely';
import {
  credited,
  decimalOf,
  toMoney,
  totalsOf,
  type Billable,
  type CoreViews,
  type Instant,
  type PriceLine,
  type SessionId,
  type TenantId,
  type Totals,
} from '@plugga/kit';
import type { BillingTables } from './migrations.ts';

export type BillingDb = Kysely<BillingTables & CoreViews>;
export type CdrRow = BillingTables['cdr'];
export type InvoiceRow = BillingTables['invoice'];

const json = (value: unknown) => JSON.stringify(value) as never;

/** The next number of the tenant's series, taken in the caller's transaction: no gap when it rolls back, no double when two issue at once. */
export async function takeNumber(db: BillingDb, tenant: TenantId, name: 'invoice'): Promise<string> {
  const { next } = await db
    .insertInto('series')
    .values({ tenant, name, next: 1 })
    .onConflict((it) => it.columns(['tenant', 'name']).doUpdateSet({ next: sql`series.next + 1` }))
    .returning('next')
    .executeTakeFirstOrThrow();
  return String(next).padStart(6, '0');
}

const minorOf = (currency: string, value: string): string => toMoney({ currency, value }).minor.toString();

async function insertInvoice(
  db: BillingDb,
  o: {
    readonly id: string;
    readonly tenant: TenantId;
    readonly cdr: CdrRow;
    readonly kind: InvoiceRow['kind'];
    readonly credits: string | null;
    readonly body: Totals;
    readonly at: Instant;
  },
): Promise<InvoiceRow> {
  const { body, cdr } = o;
  return db
    .insertInto('invoice')
    .values({
      id: o.id,
      tenant: o.tenant,
      number: await takeNumber(db, o.tenant, 'invoice'),
      kind: o.kind,
      cdr: cdr.id,
      session: cdr.session,
      credits: o.credits,
      currency: body.currency,
      excl_vat_minor: minorOf(body.currency, body.exclVat),
      vat_minor: minorOf(body.currency, body.vatTotal),
      incl_vat_minor: minorOf(body.currency, body.inclVat),
      energy_wh: o.kind === 'credit' ? -cdr.energy_wh : cdr.energy_wh,
      body: json(body),
      issued_at: new Date(o.at),
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export interface Issue {
  readonly tenant: TenantId;
  readonly session: SessionId;
  readonly revision: number;
  readonly billable: Billable;
  readonly offer: string | null;
  readonly lines: readonly PriceLine[];
  readonly currency: string | undefined;
  readonly heldReasons: readonly string[];
  readonly at: Instant;
  newId(): string;
}

/** Takes back what was issued for the session before: one credit CDR and, where it was billed, one credit note. */
async function creditBefore(db: BillingDb, o: Issue): Promise<InvoiceRow | undefined> {
  const before = await db
    .selectFrom('cdr')
    .selectAll()
    .where('session', '=', o.session)
    .where('kind', '=', 'cdr')
    .where('revision', '<', o.revision)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (before === undefined) return undefined;
  const credit = await db
    .insertInto('cdr')
    .values({
      ...before,
      id: o.newId(),
      kind: 'credit',
      credits: before.id,
      status: 'issued',
      held_reasons: [],
      lines: json(before.lines),
      billable: json(before.billable),
      created_at: new Date(o.at),
    })
    .onConflict((it) => it.columns(['session', 'revision', 'kind']).doNothing())
    .returningAll()
    .executeTakeFirst();
  const billed = await db.selectFrom('invoice').selectAll().where('cdr', '=', before.id).executeTakeFirst();
  if (credit === undefined || billed === undefined) return undefined;
  return insertInvoice(db, {
    id: o.newId(),
    tenant: o.tenant,
    cdr: credit,
    kind: 'credit',
    credits: billed.number,
    body: credited(billed.body),
    at: o.at,
  });
}

/** Makes the CDR of a closing and bills it unless it is held; asked again for the same closing it changes nothing. */
export async function issueCdr(
  db: BillingDb,
  o: Issue,
): Promise<
  | { readonly cdr: CdrRow; readonly invoice: InvoiceRow | undefined; readonly credit: InvoiceRow | undefined }
  | undefined
> {
  const credit = await creditBefore(db, o);
  const cdr = await db
    .insertInto('cdr')
    .values({
      id: o.newId(),
      tenant: o.tenant,
      session: o.session,
      revision: o.revision,
      kind: 'cdr',
      credits: null,
      status: o.heldReasons.length > 0 ? 'held' : 'issued',
      held_reasons: [...o.heldReasons],
      offer: o.offer,
      currency: o.currency ?? null,
      energy_wh: o.billable.energyWh,
      lines: json(o.lines),
      billable: json(o.billable),
      created_at: new Date(o.at),
    })
    .onConflict((it) => it.columns(['session', 'revision', 'kind']).doNothing())
    .returningAll()
    .executeTakeFirst();
  if (cdr === undefined) return undefined;
  if (o.heldReasons.length > 0 || o.currency === undefined) return { cdr, invoice: undefined, credit };
  return {
    cdr,
    invoice: await billCdr(db, { tenant: o.tenant, cdr, currency: o.currency, at: o.at, id: o.newId() }),
    credit,
  };
}

export const billCdr = (
  db: BillingDb,
  o: {
    readonly tenant: TenantId;
    readonly cdr: CdrRow;
    readonly currency: string;
    readonly at: Instant;
    readonly id: string;
  },
): Promise<InvoiceRow> =>
  insertInvoice(db, {
    id: o.id,
    tenant: o.tenant,
    cdr: o.cdr,
    kind: 'invoice',
    credits: null,
    body: totalsOf(o.currency, o.cdr.lines),
    at: o.at,
  });

export const shownInvoice = (row: InvoiceRow) => {
  const amount = (minor: string) => decimalOf({ currency: row.currency, minor: BigInt(minor) });
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    cdr: row.cdr,
    session: row.session,
    credits: row.credits,
    energyWh: row.energy_wh,
    currency: row.currency,
    exclVat: amount(row.excl_vat_minor),
    vat: amount(row.vat_minor),
    inclVat: amount(row.incl_vat_minor),
    lines: row.body.lines,
    vatByRate: row.body.vat,
    issuedAt: row.issued_at.toISOString(),
  };
};

export const shownCdr = (row: CdrRow) => ({
  id: row.id,
  session: row.session,
  revision: row.revision,
  kind: row.kind,
  credits: row.credits,
  status: row.status,
  heldReasons: row.held_reasons,
  offer: row.offer,
  energyWh: row.energy_wh,
  lines: row.lines,
  startedAt: row.billable.startedAt,
  endedAt: row.billable.endedAt,
  evseId: row.billable.evseId ?? null,
  createdAt: row.created_at.toISOString(),
});
