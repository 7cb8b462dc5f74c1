import type { Generated } from 'kysely';
import type {
  Billable,
  DataOf,
  PriceLine,
  SessionId,
  sessionPriced,
  SignedVerdict,
  StationId,
  Totals,
} from '@plugga/kit';
import type { Address, Buyer, EInvoice, Language, Seller } from './parties.ts';
import type { VatTreatment } from './vat.ts';

export interface BillingTables {
  /** What a session closed with, until its price comes; by the closing's event id; revision 0 is the close, n the nth correction. */
  closing: {
    event: string;
    session: SessionId;
    revision: number;
    tenant: string;
    billable: Billable;
    closed_at: Date;
    cdr: Generated<boolean>;
  };
  /** Frozen. A correction adds a credit of the one before and a new one. */
  cdr: {
    id: string;
    tenant: string;
    session: SessionId;
    revision: number;
    kind: 'cdr' | 'credit';
    /** The CDR that a credit takes back. */
    credits: string | null;
    status: 'issued' | 'held';
    held_reasons: string[];
    offer: string | null;
    /** Null while there is no price. */
    currency: string | null;
    energy_wh: number;
    lines: readonly PriceLine[];
    billable: Billable;
    created_at: Date;
    /** Whose it was when it was made. */
    customer: string | null;
    /** What the price said beside its lines; null on CDRs of before. */
    priced: Priced | null;
    /** What the signed meter values proved, where somebody looks at them. */
    signed: SignedVerdict | null;
    /** Names of the place, as they were. */
    site: Site | null;
    /** Code of the cost centre that it was charged to. */
    cost_centre: string | null;
    /** Why it is on no bill though it stands: it was given away. */
    waived: string | null;
    /** As its customer's bills were taxed when it was made. */
    vat_treatment: VatTreatment;
  };
  /** Bills with numbers without a gap. `minor` columns are whole minor units of the currency, negative on a credit note. */
  invoice: {
    id: string;
    tenant: string;
    number: string;
    kind: 'invoice' | 'credit';
    /** Null on an invoice of a period: its CDRs stand in `invoice_cdr`. */
    cdr: string | null;
    session: SessionId | null;
    credits: string | null;
    currency: string;
    excl_vat_minor: string;
    vat_minor: string;
    incl_vat_minor: string;
    energy_wh: number;
    body: Totals;
    issued_at: Date;
  };
  /** What an invoice says beside its amounts, as it was when it was issued; none of what was issued before there were any. */
  document: {
    invoice: string;
    tenant: string;
    form: 'receipt' | 'invoice';
    legal_entity: string;
    /** Filled once, later, where it was not known at issue. */
    seller: Seller | null;
    customer: string | null;
    buyer: Buyer | null;
    language: Language;
    /** Whose days its dates are. */
    time_zone: string;
    /** Unguessable: who holds the paper may ask whether it is true. */
    verify: string;
    period_from: Date | null;
    period_to: Date | null;
    due_at: Date | null;
    /** Id of the bill that a credit note takes back, or takes something off. */
    credits: string | null;
    vat_treatment: VatTreatment;
  };
  /** The CDRs of an invoice of a period, in its order. */
  invoice_cdr: { cdr: string; tenant: string; invoice: string; position: number };
  /** PDF and e-invoice, made once. */
  document_file: { invoice: string; kind: string; tenant: string; sha256: string; bytes: Buffer; made_at: Date };
  /** CDRs that wait for the invoice of their period. */
  waiting: { cdr: string; tenant: string; customer: string; ended_at: Date };
  /** Each time that somebody, or the calendar, asked for invoices of a period. */
  run: {
    id: string;
    tenant: string;
    from_at: Date | null;
    until_at: Date;
    customer: string | null;
    actor: string;
    started_at: Date;
    ended_at: Date | null;
    invoices: number;
    failed: unknown;
  };
  customer: {
    id: string;
    tenant: string;
    kind: 'driver' | 'company' | 'partner';
    name: string;
    address: Address | null;
    company_id: string | null;
    vat_number: string | null;
    e_invoice: EInvoice | null;
    reference: string | null;
    email: string | null;
    language: Language | null;
    terms_days: number | null;
    /** An invoice a session, or one a month. */
    invoicing: 'session' | 'month';
    vat_treatment: VatTreatment;
    created_at: Date;
    changed_at: Date;
    /** Erasure was asked for; done when nothing of it waits to be billed. */
    erase_at: Date | null;
    erased_at: Date | null;
  };
  /** Which tokens, groups and payers are a customer's. */
  customer_member: { tenant: string; kind: 'token' | 'group' | 'payer'; value: string; customer: string };
  cost_centre: { code: string; tenant: string; name: string; created_at: Date };
  /** Which tokens and groups are charged to a cost centre; each to one. */
  cost_centre_member: { tenant: string; kind: 'token' | 'group'; value: string; cost_centre: string };
  /** What charges without being billed: a session that all of it fits. */
  free_vend: {
    id: string;
    tenant: string;
    reason: string;
    token: string | null;
    token_group: string | null;
    location: string | null;
    from_at: Date | null;
    until_at: Date | null;
    /** 1 is Monday. */
    weekdays: number[] | null;
    /** `08:30`, by the clock of the site. */
    start_time: string | null;
    end_time: string | null;
    created_at: Date;
  };
  /** What a token may draw in a month. */
  budget: {
    tenant: string;
    token: string;
    currency: string | null;
    minor: string | null;
    energy_wh: string | number | null;
    /** What a start holds until its session has drawn as much. */
    reserve_minor: string | null;
    reserve_wh: string | number | null;
    time_zone: string;
    changed_at: Date;
  };
  /** What a session of a token with a budget has drawn, by its newest price. */
  budget_spend: {
    session: SessionId;
    tenant: string;
    token: string;
    /** `2026-01`, of its start in the zone of the budget. */
    month: string;
    currency: string;
    minor: string;
    energy_wh: number;
    final: boolean;
  };
  /** What a start that was admitted has taken of the budget in advance. */
  budget_hold: {
    tenant: string;
    token: string;
    station: StationId;
    /** 0 where the start named none. */
    evse: number;
    minor: string;
    energy_wh: number;
    until_at: Date;
    /** Once it has begun. */
    session: SessionId | null;
  };
  /** One row a tenant and series; locked while a number is taken, so that a rolled back bill takes none. */
  series: { tenant: string; name: string; next: number; prefix: Generated<string> };
  /** The installation was restored from a backup of then: what had closed by then may have been billed since. */
  restored: { restore: string; tenant: string; backup_at: Date };
}

/** What `session.priced` says beside its lines. */
export type Priced = Pick<DataOf<typeof sessionPriced>, 'total' | 'limit' | 'taxIncluded' | 'notes'>;
export interface Site {
  readonly name?: string;
  readonly country?: string;
}
