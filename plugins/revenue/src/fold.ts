import {
  channelOf,
  type cdrCredited,
  type cdrHeld,
  type cdrIssued,
  type cdrWaived,
  instantOf,
  type Billable,
  type Recorded,
  type sessionAuthorized,
  type sessionClosed,
  type sessionCorrected,
  type sessionPriced,
  type sessionStarted,
  type sessionUnpriced,
  type TokenRef,
} from '@plugga/kit';
import { hoursOf } from './hours.ts';
import { localHour } from './local-hour.ts';
import type { Sold } from './sold.ts';
import { plus, type Sums, sumsOf, zero } from './sums.ts';

/** What each event makes of a session's books. Pure: the same events give the same rows, in however many batches they come. */

type Who = Pick<Sold, 'token' | 'tokenType' | 'payer' | 'channel' | 'customer'>;
const whoOf = (token: TokenRef | undefined, payer: string | null | undefined): Who => ({
  token: token?.id ?? null,
  tokenType: token?.type ?? null,
  payer: payer ?? null,
  channel: channelOf({ token, payer: payer ?? undefined }),
  customer: payer ?? token?.group ?? token?.id ?? '',
});

const began = (at: string, zone: string): Pick<Sold, 'startedAt' | 'day' | 'zone'> => {
  const startedAt = instantOf(at);
  return { startedAt, zone, day: localHour(startedAt, zone).day };
};

/** A start that a station tells beats one that was concluded; what has closed is not begun again. */
export function started(it: Sold, { data, station }: Recorded<typeof sessionStarted>): Sold {
  const estimated = data.evidence === 'estimated';
  if (it.status !== 'open' || (it.startedAt !== null && estimated && !it.estimated)) return it;
  const { place, token } = data;
  return {
    ...it,
    ...began(data.time, place?.timeZone ?? it.zone),
    estimated,
    station: station ?? it.station,
    site: place?.location ?? it.site,
    evse: place?.evseId ?? it.evse,
    ...(token === undefined ? {} : whoOf(token, it.payer)),
  };
}

export const authorized = (it: Sold, { data }: Recorded<typeof sessionAuthorized>): Sold =>
  it.status === 'open' ? { ...it, ...whoOf(data.token, data.payer ?? it.payer) } : it;

export function priced(it: Sold, { data }: Recorded<typeof sessionPriced>): Sold {
  const { offer, total, energyWh, final } = data;
  // A running price that comes after the close says less than the final one.
  if (!final && it.status !== 'open') return it;
  const { currency } = total;
  const price = { tariff: offer, currency, worth: sumsOf(currency, total), energyWh, unpriced: false };
  return { ...it, ...price, status: final ? 'priced' : 'open' };
}

export const unpriced = (it: Sold, _event: Recorded<typeof sessionUnpriced>): Sold => ({
  ...it,
  status: 'priced',
  worth: zero,
  unpriced: true,
});

const closedAs = (it: Sold, billable: Billable, cdr: boolean): Sold => {
  const { token, payer, startedAt, timeZone, location, evseId, energyWh } = billable;
  const whole = {
    ...it,
    ...began(startedAt, timeZone),
    ...{ estimated: false, site: location ?? '', evse: evseId ?? null, energyWh, hours: hoursOf(billable) },
    ...whoOf(token, payer),
  };
  return cdr ? whole : { ...whole, status: 'gone', worth: zero, unpriced: false };
};

export const closed = (it: Sold, { data, station }: Recorded<typeof sessionClosed>): Sold =>
  closedAs({ ...it, station: station ?? it.station }, data.billable, data.cdr);
export const corrected = (it: Sold, { data, station }: Recorded<typeof sessionCorrected>): Sold =>
  closedAs({ ...it, station: station ?? it.station }, data.after, data.cdr !== false);

export const held = (it: Sold, _event: Recorded<typeof cdrHeld>): Sold => ({ ...it, status: 'held' });

export const waived = (it: Sold, _event: Recorded<typeof cdrWaived>): Sold => ({ ...it, status: 'waived' });

/** A CDR that stands: on its way to a bill, also where it had been held. */
export function issued(it: Sold, { data }: Recorded<typeof cdrIssued>): Sold {
  const { currency, minor, tariff, customer, channel, costCentre } = data;
  return {
    ...it,
    ...{ status: 'priced', currency, worth: wholeSums(minor), unpriced: false, channel },
    costCentre: costCentre ?? '',
    ...(tariff === null ? {} : { tariff }),
    ...(customer === null ? {} : { customer }),
  };
}

/** What a document brings to the session that it is about. */
export interface Share {
  readonly sums: Sums;
  readonly energyWh: number;
  /** Whether it is a bill of this session alone. */
  readonly bill: boolean;
}
export const billed = (it: Sold, { sums, energyWh, bill }: Share): Sold => ({
  ...it,
  status: it.status === 'gone' ? 'gone' : 'billed',
  invoiced: plus(it.invoiced, sums),
  bills: it.bills + (bill ? 1 : 0),
  billedWh: it.billedWh + energyWh,
});
/** A credit note says nothing of what stands instead. */
export const creditedBy = (it: Sold, { sums, energyWh }: Share): Sold => ({
  ...it,
  credited: plus(it.credited, sums),
  billedWh: it.billedWh + energyWh,
});

export const wholeSums = ({ exclVat, vat, inclVat }: Recorded<typeof cdrIssued>['data']['minor']): Sums => ({
  excl: BigInt(exclVat),
  vat: BigInt(vat),
  incl: BigInt(inclVat),
});

/** What a CDR, or a credit of one, brings to its session once it is on a bill. */
export interface CdrShare {
  readonly id: string;
  readonly sold: string;
  readonly sums: Sums;
  readonly energyWh: number;
}
export const shareOfIssued = ({ data }: Recorded<typeof cdrIssued>): CdrShare => ({
  ...{ id: data.cdr, sold: data.session, sums: wholeSums(data.minor), energyWh: data.energyWh },
});
export const shareOfCredited = ({ data }: Recorded<typeof cdrCredited>): CdrShare | undefined =>
  data.billed && {
    ...{ id: data.credit, sold: data.session, sums: wholeSums(data.billed.minor), energyWh: data.energyWh },
  };
