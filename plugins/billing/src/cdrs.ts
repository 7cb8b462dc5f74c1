import {
  anyOf,
  type Billable,
  columnsOf,
  type CoreViews,
  insertOf,
  type PriceLine,
  type SessionId,
  type Shape,
  type SignedVerdict,
  sql,
} from '@plugga/kit';
import type { ExpressionBuilder } from 'kysely';
import type { Accounts } from './accounts.ts';
import type { CustomerRow } from './customers.ts';
import { json, type BillingDb, type CdrRow } from './db.ts';
import type { Issuing } from './documents.ts';
import { legalEntityOf } from './settings.ts';
import type { BillingTables, Priced, Site } from './tables.ts';
import { treatmentOf } from './vat.ts';

/** A closing with its price, before it is a CDR. */
export interface Closed {
  readonly session: SessionId;
  readonly revision: number;
  readonly billable: Billable;
  readonly offer: string | null;
  readonly lines: readonly PriceLine[];
  readonly currency: string | undefined;
  readonly priced: Priced | undefined;
  readonly signed: SignedVerdict | undefined;
  readonly heldReasons: readonly string[];
}

/** Makes the CDRs of closings; of one that has its CDR none is made again. */
export async function makeCdrs(
  db: BillingDb,
  o: Issuing,
  closed: readonly (Closed & Accounts & { readonly customer: CustomerRow | undefined })[],
): Promise<readonly CdrRow[]> {
  if (closed.length === 0) return [];
  const sites = await sitesOf(db, closed);
  const rows = closed.map((it): CdrRow => ({
    ...{ id: o.newId(), tenant: o.tenant, session: it.session, revision: it.revision, kind: 'cdr' },
    ...{ credits: null, status: it.heldReasons.length > 0 ? 'held' : 'issued' },
    ...{ held_reasons: [...it.heldReasons], offer: it.offer, currency: it.currency ?? null },
    ...{ energy_wh: it.billable.energyWh, lines: it.lines, billable: it.billable },
    ...{ created_at: new Date(o.at), customer: it.customer?.id ?? null },
    ...{ cost_centre: it.costCentre, waived: it.waived },
    vat_treatment: treatmentOf(it.customer, legalEntityOf(o.settings, it.billable.location)),
    ...{ priced: it.priced ?? null, signed: it.signed ?? null, site: sites.get(it.billable.location ?? '') ?? {} },
  }));
  const made = await sql<{ id: string }>`${insertOf('billing.cdr', shape, rows)}
    on conflict (session, revision, kind) do nothing returning id`.execute(db);
  const ids = new Set(made.rows.map(({ id }) => id));
  return rows.filter(({ id }) => ids.has(id));
}

const shape: Shape = [
  ...columnsOf('text', 'id', 'tenant', 'session', 'kind', 'credits', 'status', 'offer', 'currency', 'customer'),
  ...columnsOf('text', 'cost_centre', 'waived', 'vat_treatment'),
  ...columnsOf('text[]', 'held_reasons'),
  ...columnsOf('integer', 'revision', 'energy_wh'),
  ...columnsOf('jsonb', 'lines', 'billable', 'priced', 'signed', 'site'),
  ...columnsOf('timestamptz', 'created_at'),
];

async function sitesOf(db: BillingDb, closed: readonly Closed[]): Promise<ReadonlyMap<string, Site>> {
  const ids = [...new Set(closed.flatMap(({ billable }) => billable.location ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('core.location')
    .select(['id', 'name', 'country'])
    .where('id', '=', anyOf(ids))
    .execute();
  return new Map(rows.map(({ id, name, country }) => [id, { name, ...(country === null ? {} : { country }) }]));
}

/** The credit CDR of the newest CDR of a session before a revision, made once. */
export async function creditCdr(
  db: BillingDb,
  o: Issuing,
  of: { readonly session: SessionId; readonly revision: number },
): Promise<{ readonly credit: CdrRow; readonly before: CdrRow } | undefined> {
  const before = await db
    .selectFrom('cdr')
    .selectAll()
    .where('session', '=', of.session)
    .where('kind', '=', 'cdr')
    .where('revision', '<', of.revision)
    .orderBy('revision', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (before === undefined) return undefined;
  const maybe = (value: unknown) => (value === null ? null : json(value));
  const credit = await db
    .insertInto('cdr')
    .values({
      ...before,
      ...{ id: o.newId(), kind: 'credit', credits: before.id, status: 'issued', held_reasons: [] },
      ...{ lines: json(before.lines), billable: json(before.billable), created_at: new Date(o.at) },
      ...{ priced: maybe(before.priced), signed: maybe(before.signed), site: maybe(before.site) },
    })
    .onConflict((it) => it.columns(['session', 'revision', 'kind']).doNothing())
    .returningAll()
    .executeTakeFirst();
  return credit === undefined ? undefined : { credit, before };
}

/** Of a selection of CDRs: those that no credit has taken back. */
export const isUncredited = (it: ExpressionBuilder<BillingTables & CoreViews, 'cdr'>) =>
  it.not(
    it.exists(
      it
        .selectFrom('cdr as credit')
        .select('credit.id')
        .whereRef('credit.session', '=', 'cdr.session')
        .whereRef('credit.credits', '=', 'cdr.id'),
    ),
  );
