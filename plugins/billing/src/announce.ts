import {
  cdrCredited,
  cdrHeld,
  cdrIssued,
  cdrWaived,
  channelOf,
  credited,
  type Context,
  invoiceIssued,
  type Subject,
  toMoney,
  type Totals,
  type Tx,
} from '@plugga/kit';
import { Big } from 'big.js';
import type { CdrRow } from './db.ts';
import type { Issued } from './documents.ts';
import type { Credit } from './issue.ts';
import { totalsOfCdr } from './totals.ts';

export const billingEvents = [invoiceIssued, cdrHeld, cdrIssued, cdrCredited, cdrWaived] as const;
export type Emit = Context<
  unknown,
  unknown,
  Record<never, never>,
  Record<never, never>,
  unknown,
  (typeof billingEvents)[number]
>['emit'];

const sumsOf = ({ exclVat, vatTotal, inclVat }: Totals) => ({ exclVat, vat: vatTotal, inclVat });
const minorOf = ({ currency, exclVat, vatTotal, inclVat }: Totals) => {
  const minor = (value: string): string => toMoney({ currency, value }).minor.toString();
  return { exclVat: minor(exclVat), vat: minor(vatTotal), inclVat: minor(inclVat) };
};
const billedOf = (totals: Totals) => ({
  currency: totals.currency,
  total: sumsOf(totals),
  minor: minorOf(totals),
});

const aboutOf = (cdr: CdrRow) => {
  const { startedAt, endedAt, timeZone, location, evseId, token, reference } = cdr.billable;
  return {
    ...{ cdr: cdr.id, session: cdr.session, revision: cdr.revision, energyWh: cdr.energy_wh },
    ...{ startedAt, endedAt, timeZone, channel: channelOf(cdr.billable), tariff: cdr.offer },
    customer: cdr.customer,
    costCentre: cdr.cost_centre,
    ...(location === undefined ? {} : { location }),
    ...(evseId === undefined ? {} : { evseId }),
    ...(token === undefined ? {} : { token: token.id }),
    ...(reference === undefined ? {} : { reference }),
  };
};

/** A CDR that stands, said to those who count it. */
export async function announceCdr(emit: Emit, tx: Tx, of: Subject, cdr: CdrRow, released = false): Promise<void> {
  if (cdr.currency === null) return;
  const totals = totalsOfCdr(cdr);
  const exact = cdr.lines.reduce((sum, line) => sum.plus(line.exclVat), new Big(0));
  await emit(tx, cdrIssued, of, {
    ...aboutOf(cdr),
    ...billedOf(totals),
    ...{ vat: [...totals.vat], exactExclVat: exact.toFixed(), released },
  });
  if (cdr.waived !== null) await emit(tx, cdrWaived, of, { cdr: cdr.id, session: cdr.session, reason: cdr.waived });
}

export const announceHeld = (emit: Emit, tx: Tx, of: Subject, cdr: CdrRow): Promise<void> =>
  emit(tx, cdrHeld, of, { cdr: cdr.id, reasons: cdr.held_reasons, session: cdr.session });

/** What a correction takes back: the CDR, and the bill where there was one. */
export async function announceCredit(emit: Emit, tx: Tx, of: Subject, { credit, before, note }: Credit): Promise<void> {
  const billed = before.currency === null ? {} : { billed: billedOf(credited(totalsOfCdr(before))) };
  await emit(tx, cdrCredited, of, {
    ...aboutOf(before),
    ...{ energyWh: -before.energy_wh, credit: credit.id, was: before.status, ...billed },
  });
  if (note !== undefined) await announceInvoice(emit, tx, of, note);
}

export const announceInvoice = (
  emit: Emit,
  tx: Tx,
  of: Subject,
  { invoice, document, cdrs }: Issued,
): Promise<void> => {
  const { id, number, kind, currency, body, energy_wh, credits } = invoice;
  const { form, customer } = document;
  return emit(tx, invoiceIssued, of, {
    ...{ invoice: id, number, kind, currency, inclVat: body.inclVat, energyWh: energy_wh },
    ...{ form, total: sumsOf(body), minor: minorOf(body), customer, credits, cdrs: cdrs.map((cdr) => cdr.id) },
  });
};
