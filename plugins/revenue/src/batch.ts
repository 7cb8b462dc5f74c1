import {
  cdrCredited,
  cdrHeld,
  cdrIssued,
  cdrWaived,
  invoiceIssued,
  type Recorded,
  sessionAuthorized,
  sessionClosed,
  sessionCorrected,
  sessionPriced,
  sessionStarted,
  type SessionId,
  sessionUnpriced,
  isEvent,
} from '@plugga/kit';
import * as fold from './fold.ts';
import { localHour } from './local-hour.ts';
import { type Column, columns } from './migrations.ts';
import { type Booked, type Counted, countedOf, newSold, type Sold } from './sold.ts';
import type { Changes, HourEarned } from './store.ts';
import { isZero, minus, plus, type Sums, sumsOf, zero } from './sums.ts';

/** All that changes the books. */
export const bookedEvents = [
  sessionStarted,
  sessionAuthorized,
  sessionPriced,
  sessionUnpriced,
  sessionClosed,
  sessionCorrected,
  cdrIssued,
  cdrWaived,
  cdrCredited,
  cdrHeld,
  invoiceIssued,
] as const;

const step = (it: Sold, event: Recorded): Sold => {
  if (isEvent(sessionPriced, event)) return fold.priced(it, event);
  if (isEvent(sessionStarted, event)) return fold.started(it, event);
  if (isEvent(sessionAuthorized, event)) return fold.authorized(it, event);
  if (isEvent(sessionClosed, event)) return fold.closed(it, event);
  if (isEvent(sessionCorrected, event)) return fold.corrected(it, event);
  if (isEvent(sessionUnpriced, event)) return fold.unpriced(it, event);
  if (isEvent(cdrIssued, event)) return fold.issued(it, event);
  if (isEvent(cdrHeld, event)) return fold.held(it, event);
  if (isEvent(cdrWaived, event)) return fold.waived(it, event);
  return it;
};

/** What CDRs of these events bring to their sessions. */
export const sharesIn = (events: readonly Recorded[]): readonly fold.CdrShare[] =>
  events.flatMap((event) => {
    if (isEvent(cdrIssued, event)) return [fold.shareOfIssued(event)];
    return isEvent(cdrCredited, event) ? (fold.shareOfCredited(event) ?? []) : [];
  });

/** CDRs that bills and credit notes among these events name. */
export const cdrsNamedIn = (events: readonly Recorded[]): readonly string[] =>
  events.flatMap((event) => (isEvent(invoiceIssued, event) ? (event.data.cdrs ?? []) : []));

/**
 * What these events make of the books, given the rows of the sessions and CDRs that they are about. Pure: in however many
 * batches the same events come, the rows are the same.
 */
export function bookBatch(
  events: readonly Recorded[],
  before: ReadonlyMap<string, Sold>,
  cdrs: ReadonlyMap<string, fold.CdrShare>,
): Changes {
  const now = new Map(before);
  const whole = new Set<string>();
  const hours = new Map<string, HourEarned>();

  const put = (event: Recorded, from: Sold, to: Sold): void => {
    if (to === from) return;
    now.set(to.id, to);
    if (!isEvent(sessionPriced, event) || !before.has(to.id) || to.status !== 'open') whole.add(to.id);
    addEarned(hours, event, from, to);
  };
  const soldOf = (id: string, event: Recorded): Sold =>
    now.get(id) ?? { ...newSold(id, localHour(event.at, 'UTC').day), session: id as SessionId };

  for (const event of events) {
    if (isEvent(invoiceIssued, event)) {
      for (const { id, share } of sharesOf(event, cdrs, now)) {
        const it = soldOf(id, event);
        put(event, it, event.data.kind === 'credit' ? fold.creditedBy(it, share) : fold.billed(it, share));
      }
      const rest = restOf(event, cdrs);
      if (rest !== undefined) put(event, newSold(rest.id, rest.day), rest);
    } else if (event.session !== undefined) {
      const it = soldOf(event.session, event);
      put(event, it, step(it, event));
    }
  }

  const changed = [...now.values()].filter((it) => it !== before.get(it.id));
  return {
    repriced: changed.filter(({ id }) => !whole.has(id)),
    whole: changed.filter(({ id }) => whole.has(id)),
    cdrs: sharesIn(events),
    days: changesOf(before, changed),
    hours: [...hours.values()],
  };
}

/** What a bill or credit note brings to each session on it. */
function sharesOf(
  event: Recorded<typeof invoiceIssued>,
  cdrs: ReadonlyMap<string, fold.CdrShare>,
  now: ReadonlyMap<string, Sold>,
): readonly { readonly id: string; readonly share: fold.Share }[] {
  const { data, session } = event;
  const list = data.cdrs ?? [];
  const known = list.flatMap((id) => cdrs.get(id) ?? []);
  if (known.length > 0)
    return known.map(({ sold, sums, energyWh }) => ({
      id: sold,
      share: { sums, energyWh, bill: list.length === 1 },
    }));
  if (session === undefined) return [];
  // Of a time when bills did not name their CDRs: one of its session alone, split as its price is.
  const { currency, inclVat, energyWh } = data;
  const whole = sumsOf(currency, { exclVat: '0', vat: '0', inclVat });
  const worth = now.get(session)?.worth ?? zero;
  const excl = worth.incl === 0n ? whole.incl : (whole.incl * worth.excl) / worth.incl;
  const sums = { excl, vat: whole.incl - excl, incl: whole.incl };
  return [{ id: session, share: { sums, energyWh, bill: true } }];
}

/** A bill of several: VAT a rate is rounded on their sum, so that it may differ from theirs together. */
function restOf(event: Recorded<typeof invoiceIssued>, cdrs: ReadonlyMap<string, fold.CdrShare>): Sold | undefined {
  const { invoice, minor, currency, cdrs: list = [], kind, customer } = event.data;
  if (minor === undefined || list.length === 0) return undefined;
  const shares = list.map((id) => cdrs.get(id)?.sums ?? zero);
  const rest = minus(fold.wholeSums(minor), shares.reduce(plus, zero));
  if (list.length === 1 && isZero(rest)) return undefined;
  const credit = kind === 'credit';
  return {
    ...newSold(`invoice:${invoice}`, localHour(event.at, 'UTC').day),
    ...{ status: 'billed', channel: 'rounding', currency, customer: customer ?? '', estimated: false, worth: rest },
    ...{ invoiced: credit ? zero : rest, credited: credit ? rest : zero, bills: credit || list.length === 1 ? 0 : 1 },
  };
}

const earnedOf = (it: Sold): { readonly sums: Sums; readonly energyWh: number } =>
  countedOf(it) === undefined || it.status === 'gone'
    ? { sums: zero, energyWh: 0 }
    : { sums: it.worth, energyWh: it.energyWh };

/** What the event has added to what was earned, by the site's clock. Each event apart: an hour may begin within a batch. */
function addEarned(hours: Map<string, HourEarned>, event: Recorded, from: Sold, to: Sold): void {
  const [a, b] = [earnedOf(from), earnedOf(to)];
  const sums = minus(b.sums, a.sums);
  const energyWh = b.energyWh - a.energyWh;
  if (isZero(sums) && energyWh === 0) return;
  const { day, hour } = localHour(event.at, to.zone);
  const key = [day, hour, to.site, to.currency].join('\n');
  const known = hours.get(key);
  hours.set(key, {
    ...{ day, hour, site: to.site, currency: to.currency },
    sums: known === undefined ? sums : plus(known.sums, sums),
    energyWh: (known?.energyWh ?? 0) + energyWh,
  });
}

/** The difference for each row of a day. */
function changesOf(
  before: ReadonlyMap<string, Sold>,
  changed: readonly Sold[],
): readonly (Booked & { readonly counted: Counted })[] {
  const rows = new Map<string, { readonly booked: Booked; readonly counted: Record<Column, bigint> }>();
  const add = (it: Sold, sign: bigint): void => {
    const counted = countedOf(it);
    if (counted === undefined) return;
    const { day, site, tariff, channel, currency } = it;
    const key = [day, site, tariff, channel, currency].join('\n');
    const row = rows.get(key) ?? {
      booked: { day, site, tariff, channel, currency },
      counted: Object.fromEntries(columns.map((name) => [name, 0n])) as Record<Column, bigint>,
    };
    rows.set(key, row);
    for (const name of columns) row.counted[name] += sign * counted[name];
  };
  for (const it of changed) {
    const old = before.get(it.id);
    if (old !== undefined) add(old, -1n);
    add(it, 1n);
  }
  return [...rows.values()]
    .filter(({ counted }) => columns.some((name) => counted[name] !== 0n))
    .map(({ booked, counted }) => ({ ...booked, counted }));
}
