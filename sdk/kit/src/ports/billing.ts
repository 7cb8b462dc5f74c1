import { z } from 'zod';
import type { Decimal, Iso, SessionId } from '../domain.ts';
import { defineEvent } from '../event.ts';
import type { Billable } from '../events.ts';
import { currencyCode, decimalText } from '../money.ts';
import { definePort, type Tx } from '../plugin.ts';
import type { PriceLine } from './pricing.ts';

/** How the driver came to charge: by card, an app's remote start, a payment on the spot, a contract in the car, a roaming partner, or nobody asked. */
export const channel = z.enum(['card', 'app', 'adhoc', 'contract', 'partner', 'open']);
export type Channel = z.output<typeof channel>;

const channelOfType: Readonly<Record<string, Channel>> = {
  central: 'app',
  directpayment: 'adhoc',
  emaid: 'contract',
  noauthorization: 'open',
};
/** The one place that says it, so that what is running and what is billed are counted alike. */
export function channelOf({ token, payer }: Pick<Billable, 'token' | 'payer'>): Channel {
  if (payer?.startsWith('partner:')) return 'partner';
  if (token === undefined) return 'open';
  return channelOfType[token.type?.toLowerCase() ?? ''] ?? 'card';
}

/** As billed: decimals in major units; `minor` the same in whole minor units, as text. Negative where it is a credit. */
const sums = z.object({ exclVat: decimalText, vat: decimalText, inclVat: decimalText });
const wholeText = z.string().regex(/^-?\d{1,20}$/, 'a whole number as text');
const minorSums = z.object({ exclVat: wholeText, vat: wholeText, inclVat: wholeText });
const billed = { currency: currencyCode, total: sums, minor: minorSums };

/** What a CDR is about, for those who count or send it on without reading it. */
const about = {
  cdr: z.string(),
  session: z.string(),
  /** 0 of the close, n of the nth correction. */
  revision: z.number().int(),
  energyWh: z.number().int(),
  startedAt: z.string(),
  endedAt: z.string(),
  timeZone: z.string(),
  location: z.string().optional(),
  evseId: z.string().optional(),
  channel,
  /** The locked price: tariff id and version, as `session.priced` has it. */
  tariff: z.string().nullable(),
  /** Whose it is, where it is somebody's who has an account here. */
  customer: z.string().nullable(),
  /** Code of the cost centre that it is charged to. */
  costCentre: z.string().nullable().optional(),
  token: z.string().optional(),
  /** The partner's or app's own id of the request. */
  reference: z.string().optional(),
};

/** A CDR stands: priced, and not or no longer held. It never changes; a correction credits it and issues another. */
export const cdrIssued = defineEvent({
  type: 'cdr.issued',
  v: 1,
  data: z.object({
    ...about,
    ...billed,
    /** Before anything was rounded. */
    exactExclVat: decimalText,
    vat: z.array(z.object({ percent: decimalText, base: decimalText, amount: decimalText })),
    /** It had been held and an operator let it go. */
    released: z.boolean(),
  }),
});

/** A correction has taken a CDR back; amounts and energy are those of the credit, negative. `was` held: nothing was ever billed of it. */
export const cdrCredited = defineEvent({
  type: 'cdr.credited',
  v: 1,
  data: z.object({
    ...about,
    /** The credit CDR; `cdr` is the one that it takes back. */
    credit: z.string(),
    was: z.enum(['issued', 'held']),
    /** None where it never had a price. */
    billed: z.object(billed).optional(),
  }),
});

/** A CDR waits for an operator. */
export const cdrHeld = defineEvent({
  type: 'cdr.held',
  v: 1,
  data: z.object({ cdr: z.string(), reasons: z.array(z.string()), session: z.string().optional() }),
});

/** A CDR that stands and will be on no bill: it is given away. Comes after its `cdr.issued`; a correction credits it like any other. */
export const cdrWaived = defineEvent({
  type: 'cdr.waived',
  v: 1,
  data: z.object({ cdr: z.string(), session: z.string(), reason: z.string() }),
});

/** A bill or credit note was issued. Amounts are decimal strings in major units. */
export const invoiceIssued = defineEvent({
  type: 'invoice.issued',
  v: 1,
  data: z.object({
    invoice: z.string(),
    number: z.string(),
    kind: z.enum(['invoice', 'credit']),
    currency: z.string(),
    inclVat: z.string(),
    energyWh: z.number().int(),
    /** A receipt names no buyer. */
    form: z.enum(['receipt', 'invoice']).optional(),
    total: sums.optional(),
    minor: minorSums.optional(),
    customer: z.string().nullable().optional(),
    /** Number of the bill that a credit note takes back. */
    credits: z.string().nullable().optional(),
    /** The CDRs on it. */
    cdrs: z.array(z.string()).optional(),
  }),
});

export interface CdrRecord {
  readonly id: string;
  readonly session: SessionId;
  readonly revision: number;
  readonly kind: 'cdr' | 'credit';
  /** The CDR that a credit takes back. */
  readonly credits: string | null;
  readonly status: 'issued' | 'held';
  readonly heldReasons: readonly string[];
  readonly offer: string | null;
  readonly channel: Channel;
  readonly customer: string | null;
  /** Null while there is no price. A credit's are those of what it takes back, not negative. */
  readonly currency: string | null;
  readonly total: { readonly exclVat: Decimal; readonly vat: Decimal; readonly inclVat: Decimal } | null;
  readonly lines: readonly PriceLine[];
  readonly billable: Billable;
  readonly createdAt: Iso;
}

export interface CustomerRef {
  readonly id: string;
  readonly kind: 'driver' | 'company' | 'partner';
  readonly name: string;
}

/** CDRs as they are kept. Offered by one plugin; needing it also means that its events are handled first. */
export interface Billing {
  cdr(tx: Tx, id: string): Promise<CdrRecord | undefined>;
  /** All of a session, credits too, in the order in which they were made. */
  cdrsOf(tx: Tx, session: SessionId): Promise<readonly CdrRecord[]>;
  /** Who pays for what this token, its group or this payer charges; undefined where nobody has an account. */
  customerOf(
    tx: Tx,
    who: { readonly token?: string; readonly group?: string; readonly payer?: string },
  ): Promise<CustomerRef | undefined>;
}
export const Billing = definePort<Billing>()('billing', { optional: true });
