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
import { failBilling } from './errors.ts';
import type { BillingTables } from './migrations.ts';

export type BillingDb = Kysely<BillingTables & CoreViews>;
export type CdrRow = BillingTables['cdr'];
export type InvoiceRow = BillingTables['invoice'];

const json = (value: unknown) => JSON.stringify(value) as never;

/** The next numbers of the tenant's series, taken in the caller's transaction: no gap when it rolls back, no double when two issue at once. */
async function takeNumbers(db: BillingDb, tenant: TenantId, name: 'invoice', count: number): Promise<string[]> {
  const { next, prefix } = await db
    .insertInto('series')
    .values({ tenant, name, next: count })
    .onConflict((it) => it.columns(['tenant', 'name']).doUpdateSet({ next: sql`series.next + excluded.next` }))
    .returning(['next', 'prefix'])
    .executeTakeFirstOrThrow();
  return Array.from({ length: count }, (_, at) => numberOf(prefix, Number(next) - count + 1 + at));
}

const numberOf = (prefix: string, n: number): string => `${prefix}${String(n).padStart(6, '0')}`;

const minorOf = (currency: string, value: string): string => toMoney({ currency, value }).minor.toString();

interface NewInvoice {
  readonly id: string;
  readonly cdr: CdrRow;
  readonly kind: InvoiceRow['kind'];
  readonly credits: string | null;
  readonly body: Totals;
}

/** Numbered in the order given. */
async function insertInvoices(
  db: BillingDb,
  o: { readonly tenant: TenantId; readonly at: Instant; readonly invoices: readonly NewInvoice[] },
): Promise<InvoiceRow[]> {
  if (o.invoices.length === 0) return [];
  const numbers = await takeNumbers(db, o.tenant, 'invoice', o.invoices.length);
  return db
    .insertInto('invoice')
    .values(
      o.invoices.map(({ id, cdr, kind, credits, body }, at) => ({
        id,
        tenant: o.tenant,
        number: numbers[at] ?? '',
        kind,
        cdr: cdr.id,
        session: cdr.session,
        credits,
        currency: body.currency,
        excl_vat_minor: minorOf(body.currency, body.exclVat),
        vat_minor: minorOf(body.currency, body.vatTotal),
        incl_vat_minor: minorOf(body.currency, body.inclVat),
        energy_wh: kind === 'credit' ? -cdr.energy_wh : cdr.energy_wh,
        body: json(body),
        issued_at: new Date(o.at),
      })),
    )
    .returningAll()
    .execute();
}

async function insertInvoice(
  db: BillingDb,
  { tenant, at, ...invoice }: NewInvoice & { readonly tenant: TenantId; readonly at: Instant },
): Promise<InvoiceRow> {
  const [row] = await insertInvoices(db, { tenant, at, invoices: [invoice] });
  if (row === undefined) throw failBilling('cdr-unpriced', `the bill of CDR "${invoice.cdr.id}" was not stored`);
  return row;
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

/** What a correction has taken back. */
export interface Credit {
  readonly credit: CdrRow;
  readonly before: CdrRow;
  /** Where it was billed. */
  readonly note: InvoiceRow | undefined;
}

/** Takes back what was issued for the session before: one credit CDR and, where it was billed, one credit note. */
export async function creditBefore(
  db: BillingDb,
  o: Pick<Issue, 'tenant' | 'session' | 'revision' | 'at' | 'newId'>,
): Promise<Credit | undefined> {
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
  if (credit === undefined) return undefined;
  const billed = await db.selectFrom('invoice').selectAll().where('cdr', '=', before.id).executeTakeFirst();
  if (billed === undefined) return { credit, before, note: undefined };
  const note = await insertInvoice(db, {
    id: o.newId(),
    tenant: o.tenant,
    cdr: credit,
    kind: 'credit',
    credits: billed.number,
    body: credited(billed.body),
    at: o.at,
  });
  return { credit, before, note };
}

/** The newest correction of each session that left nothing to bill. */
export async function takenBack(
  db: BillingDb,
  sessions: readonly SessionId[],
): Promise<ReadonlyMap<SessionId, number>> {
  if (sessions.length === 0) return new Map();
  const rows = await db
    .selectFrom('closing')
    .select((it) => ['session', it.fn.max('revision').as('revision')])
    .where('session', 'in', sessions)
    .where('cdr', '=', false)
    .groupBy('session')
    .execute();
  return new Map(rows.map(({ session, revision }) => [session, Number(revision)]));
}

export interface Issued {
  readonly issue: Issue;
  readonly cdr: CdrRow;
  readonly invoice: InvoiceRow | undefined;
  /** Of a correction: what it takes back. */
  readonly credit: Credit | undefined;
}

const isBilled = ({ heldReasons, currency }: Issue): boolean => heldReasons.length === 0 && currency !== undefined;

const cdrOf = (o: Issue) => ({
  id: o.newId(),
  tenant: o.tenant,
  session: o.session,
  revision: o.revision,
  kind: 'cdr' as const,
  credits: null,
  status: o.heldReasons.length > 0 ? ('held' as const) : ('issued' as const),
  held_reasons: [...o.heldReasons],
  offer: o.offer,
  currency: o.currency ?? null,
  energy_wh: o.billable.energyWh,
  lines: json(o.lines),
  billable: json(o.billable),
  created_at: new Date(o.at),
});

/**
 * Makes the CDRs of closings of one tenant and bills those that are not held; asked again for the same closing it changes
 * nothing. The first closings of sessions are stored together; a correction takes back what was issued before it.
 */
export async function issueCdrs(db: BillingDb, issues: readonly Issue[]): Promise<readonly Issued[]> {
  const first = issues.filter(({ revision }) => revision === 0);
  const issued = await storeTogether(db, first);
  for (const issue of issues) {
    if (issue.revision === 0) continue;
    const credit = await creditBefore(db, issue);
    for (const one of await storeTogether(db, [issue])) issued.push({ ...one, credit });
  }
  return issued;
}

async function storeTogether(db: BillingDb, issues: readonly Issue[]): Promise<Issued[]> {
  const [one] = issues;
  if (one === undefined) return [];
  const cdrs = await db
    .insertInto('cdr')
    .values(issues.map(cdrOf))
    .onConflict((it) => it.columns(['session', 'revision', 'kind']).doNothing())
    .returningAll()
    .execute();
  const made = new Map(cdrs.map((cdr) => [`${cdr.session} ${cdr.revision}`, cdr]));
  const found = issues.flatMap((issue) => {
    const cdr = made.get(`${issue.session} ${issue.revision}`);
    return cdr === undefined ? [] : [{ issue, cdr }];
  });
  const invoices = found.flatMap(({ issue, cdr }): NewInvoice[] =>
    isBilled(issue)
      ? [{ id: issue.newId(), cdr, kind: 'invoice', credits: null, body: totalsOf(issue.currency ?? '', cdr.lines) }]
      : [],
  );
  const rows = await insertInvoices(db, { tenant: one.tenant, at: one.at, invoices });
  const bills = new Map(rows.map((row) => [row.cdr, row]));
  return found.map(({ issue, cdr }) => ({ issue, cdr, invoice: bills.get(cdr.id), credit: undefined }));
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
