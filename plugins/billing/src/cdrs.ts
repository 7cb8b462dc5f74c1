import type { Billable, CoreViews, PriceLine, SessionId, SignedVerdict } from '@plugga/kit';
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
  return db
    .insertInto('cdr')
    .values(
      closed.map((it) => ({
        ...{ id: o.newId(), tenant: o.tenant, session: it.session, revision: it.revision, kind: 'cdr' as const },
        ...{ credits: null, status: it.heldReasons.length > 0 ? ('held' as const) : ('issued' as const) },
        ...{ held_reasons: [...it.heldReasons], offer: it.offer, currency: it.currency ?? null },
        ...{ energy_wh: it.billable.energyWh, lines: json(it.lines), billable: json(it.billable) },
        ...{ created_at: new Date(o.at), customer: it.customer?.id ?? null },
        ...{ cost_centre: it.costCentre, waived: it.waived },
        vat_treatment: treatmentOf(it.customer, legalEntityOf(o.settings, it.billable.location)),
        priced: it.priced === undefined ? null : json(it.priced),
        signed: it.signed === undefined ? null : json(it.signed),
        site: json(sites.get(it.billable.location ?? '') ?? {}),
      })),
    )
    .onConflict((it) => it.columns(['session', 'revision', 'kind']).doNothing())
    .returningAll()
    .execute();
}

async function sitesOf(db: BillingDb, closed: readonly Closed[]): Promise<ReadonlyMap<string, Site>> {
  const ids = [...new Set(closed.flatMap(({ billable }) => billable.location ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('core.location').select(['id', 'name', 'country']).where('id', 'in', ids).execute();
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
