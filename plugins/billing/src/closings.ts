import {
  anyOf,
  closingOf,
  columnsOf,
  heldUnsigned,
  insertOf,
  isEvent,
  iso,
  sessionClosed,
  sessionCorrected,
  sessionExpired,
  sessionPriced,
  sessionUnpriced,
  type Billable,
  type Logged,
  type PriceLine,
  type Recorded,
  type SessionId,
  type Shape,
  type Tx,
} from '@plugga/kit';
import { announceCdr, announceCredit, announceHeld, announceInvoice } from './announce.ts';
import type { Closed } from './cdrs.ts';
import { issuingIn, type BillingContext } from './context.ts';
import { alone } from './db.ts';
import { endsUnbilled, eraseAsked } from './erase.ts';
import { failBilling } from './errors.ts';
import { heldReasonsOf } from './gate.ts';
import { creditBefore, issueCdrs, takenBack } from './issue.ts';
import { planPeriods } from './periods.ts';
import { closedBeforeRestore } from './restored.ts';
import type { Priced } from './tables.ts';

/** What a session closed or was corrected to. A correction to nothing takes back what it had; a close with nothing had none. */
interface Closing {
  readonly event: Recorded;
  readonly session: SessionId;
  readonly billable: Billable;
  readonly cdr: boolean;
}
interface Remembered extends Pick<Closing, 'event' | 'session' | 'cdr'> {
  readonly revision: number;
}

const closingIn = (event: Recorded): readonly Closing[] => {
  const { session } = event;
  const closing = closingOf(event);
  if (session === undefined || closing === undefined) return [];
  return isEvent(sessionClosed, event) && !closing.cdr ? [] : [{ event, session, ...closing }];
};

/** What a closing costs, or why nobody can say. */
interface Price {
  readonly event: Recorded;
  readonly closing: string;
  readonly offer: string | null;
  readonly lines: readonly PriceLine[];
  readonly currency: string | undefined;
  readonly priced: Priced | undefined;
  readonly unpriced?: string;
}
const priceIn = (event: Recorded): readonly Price[] => {
  if (isEvent(sessionPriced, event)) {
    const { closing, offer, lines, total, limit, taxIncluded, notes } = event.data;
    return closing === undefined
      ? []
      : [{ event, closing, offer, lines, currency: total.currency, priced: { total, limit, taxIncluded, notes } }];
  }
  if (!isEvent(sessionUnpriced, event)) return [];
  const { closing, reason } = event.data;
  return [{ event, closing, offer: null, lines: [], currency: undefined, priced: undefined, unpriced: reason }];
};

const shape: Shape = [
  ...columnsOf('text', 'event', 'session', 'tenant'),
  ...columnsOf('integer', 'revision'),
  ...columnsOf('boolean', 'cdr'),
  ...columnsOf('jsonb', 'billable'),
  ...columnsOf('timestamptz', 'closed_at'),
];

export const closingEvents = [sessionClosed, sessionCorrected, sessionExpired, sessionPriced, sessionUnpriced] as const;

/** Makes CDRs and bills of what sessions closed with, from their final prices. */
export function billClosings(context: BillingContext) {
  const { db, emit, needs } = context;

  /** A closing's own event id names it: the final price says which closing it is of. */
  const remember = async (tx: Tx, closings: readonly Closing[]): Promise<readonly Remembered[]> => {
    if (closings.length === 0) return [];
    const known = await db(tx)
      .selectFrom('closing')
      .select((it) => ['session', it.fn.countAll<string>().as('count')])
      .where('session', '=', anyOf(new Set(closings.map(({ session }) => session))))
      .groupBy('session')
      .execute();
    const next = new Map(known.map(({ session, count }) => [session, Number(count)]));
    const rows = closings.map(({ event, session, billable, cdr }) => {
      const revision = next.get(session) ?? 0;
      next.set(session, revision + 1);
      return {
        ...{ event: event.id, session, revision, cdr, tenant: tx.tenant },
        ...{ billable, closed_at: iso(event.receivedAt) },
      };
    });
    await insertOf('billing.closing', shape, rows).execute(db(tx));
    return rows.map(({ session, revision, cdr }, at) => ({ session, revision, cdr, event: closings[at]!.event }));
  };

  /** A correction that leaves nothing to bill: what was issued is taken back, and nothing comes instead. */
  const takeBack = async (tx: Tx, remembered: readonly Remembered[]): Promise<void> => {
    const gone = remembered.filter(({ cdr }) => !cdr);
    if (gone.length === 0) return;
    await alone(db(tx), tx.tenant);
    const issuing = await issuingIn(context, tx);
    for (const { event, ...of } of gone) {
      const credit = await creditBefore(db(tx), issuing, of);
      if (credit !== undefined) await announceCredit(emit, tx, event, credit);
    }
  };

  const issue = async (tx: Tx, prices: readonly Price[]): Promise<void> => {
    if (prices.length === 0) return;
    await alone(db(tx), tx.tenant);
    const ids = prices.map(({ closing }) => closing);
    const closings = await db(tx)
      .selectFrom('closing')
      .select(['event', 'session', 'revision', 'billable', 'closed_at', 'cdr'])
      .where('event', '=', anyOf(ids))
      .execute();
    const verdicts = await needs.signed?.verdictsOn(tx, ids);
    const gone = await takenBack(db(tx), [...new Set(closings.map(({ session }) => session))]);
    const mayBeBilled = await closedBeforeRestore(db(tx), tx.tenant);
    const issuing = await issuingIn(context, tx);
    const { gate } = issuing.settings;
    const closingOf = new Map(closings.map((row) => [row.event, row]));
    const eventOf = new Map<string, Recorded>();
    const closed: Closed[] = [];
    for (const { event, closing, unpriced, ...price } of prices) {
      const known = closingOf.get(closing);
      if (known === undefined) throw failBilling('cdr-unknown', `the closing ${closing} that is priced is not known`);
      const { session, revision, billable } = known;
      // Its price came after the correction that left nothing of it.
      if (!known.cdr || revision < (gone.get(session) ?? 0)) continue;
      eventOf.set(`${session} ${revision}`, event);
      const signed = verdicts?.get(closing);
      const { currency } = price;
      const heldReasons = heldReasonsOf(
        {
          ...{ billable, unpriced, mayBeBilled: mayBeBilled(known.closed_at) },
          unsigned: wantsSigned(event) ? heldUnsigned(signed) : undefined,
          price: currency === undefined ? undefined : price.priced?.total,
        },
        gate,
      );
      closed.push({ ...price, session, revision, billable, signed, heldReasons });
    }
    const outcomes = await issueCdrs(db(tx), issuing, closed);
    for (const { cdr, credit, invoice } of outcomes) {
      const event = eventOf.get(`${cdr.session} ${cdr.revision}`);
      if (event === undefined) continue;
      if (credit !== undefined) await announceCredit(emit, tx, event, credit);
      if (cdr.status === 'held') await announceHeld(emit, tx, event, cdr);
      else await announceCdr(emit, tx, event, cdr);
      if (invoice !== undefined) await announceInvoice(emit, tx, event, invoice);
    }
    await planPeriods(context, tx, outcomes);
    await eraseAsked(
      db(tx),
      new Date(context.clock.now()),
      outcomes.map(({ cdr }) => cdr.customer),
    );
  };

  return async (events: readonly Recorded[], tx: Tx): Promise<void> => {
    // A price comes after its closing, so that all closings may go first.
    const remembered = await remember(tx, events.flatMap(closingIn));
    await takeBack(tx, remembered);
    await issue(tx, events.flatMap(priceIn));
    if (!events.some(endsUnbilled)) return;
    await alone(db(tx), tx.tenant);
    await eraseAsked(db(tx), new Date(context.clock.now()));
  };
}

/** The tariff is under calibration law: nothing is billed from values that nobody could verify. */
const wantsSigned = (event: Recorded): boolean => isEvent(sessionPriced, event) && event.data.calibrationLaw === true;

/** A price of a session that goes on: nothing is billed by it. */
export const isRunning = ({ type, data }: Logged): boolean =>
  type === sessionPriced.type && (data as Recorded<typeof sessionPriced>['data']).final !== true;
