import {
  Billing,
  definePlugin,
  onBatch,
  Pricing,
  sessionClosed,
  sessionCorrected,
  sessionPriced,
  sessionUnpriced,
  tables,
  type Billable,
  type EventDef,
  type PriceLine,
  type Recorded,
  type SessionId,
  type Tx,
  newId,
} from '@plugga/kit';
import { failBilling } from './errors.ts';
import { announceCdr, announceCredit, announceHeld, announceInvoice, billingEvents } from './announce.ts';
import { creditBefore, issueCdrs, takenBack } from './issue.ts';
import { closedBeforeRestore, numbersAfterRestore } from './restored.ts';
import { migrations, type BillingTables } from './migrations.ts';
import { billingPort } from './port.ts';
import { cdrRoutes } from './cdr-routes.ts';
import { invoiceRoutes, revenueRoutes } from './invoice-routes.ts';

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
  if (session === undefined) return [];
  if (is(sessionClosed, event))
    return event.data.cdr ? [{ event, session, billable: event.data.billable, cdr: true }] : [];
  if (is(sessionCorrected, event))
    return [{ event, session, billable: event.data.after, cdr: event.data.cdr !== false }];
  return [];
};

/** What a closing costs, or why nobody can say. */
interface Price {
  readonly event: Recorded;
  readonly closing: string;
  readonly offer: string | null;
  readonly lines: readonly PriceLine[];
  readonly currency: string | undefined;
  readonly unpriced?: string;
}
const priceIn = (event: Recorded): readonly Price[] => {
  if (is(sessionPriced, event)) {
    const { closing, offer, lines, total } = event.data;
    return closing === undefined ? [] : [{ event, closing, offer, lines, currency: total.currency }];
  }
  if (!is(sessionUnpriced, event)) return [];
  const { closing, reason } = event.data;
  return [{ event, closing, offer: null, lines: [], currency: undefined, unpriced: reason }];
};

const is = <E extends EventDef>(def: E, event: Recorded): event is Recorded<E> => event.type === def.type;

/** CDRs and bills, made by themselves from the final price; what is odd is held for the operator with the reason. */
export const billing = definePlugin({
  name: 'billing',
  // The port is needed for its order: a price is made before its bill.
  needs: { pricing: Pricing },
  offers: { billing: Billing },
  tables: tables<BillingTables>(),
  migrations,
  events: billingEvents,
  setup: (context) => {
    const { db, emit, clock, random } = context;

    /** A closing's own event id names it: the final price says which closing it is of. */
    const remember = async (tx: Tx, closings: readonly Closing[]): Promise<readonly Remembered[]> => {
      if (closings.length === 0) return [];
      const known = await db(tx)
        .selectFrom('closing')
        .select((it) => ['session', it.fn.countAll<string>().as('count')])
        .where('session', 'in', [...new Set(closings.map(({ session }) => session))])
        .groupBy('session')
        .execute();
      const next = new Map(known.map(({ session, count }) => [session, Number(count)]));
      const rows = closings.map(({ event, session, billable, cdr }) => {
        const revision = next.get(session) ?? 0;
        next.set(session, revision + 1);
        return {
          event: event.id,
          session,
          revision,
          cdr,
          tenant: tx.tenant,
          billable: JSON.stringify(billable) as never,
          closed_at: new Date(event.receivedAt),
        };
      });
      await db(tx).insertInto('closing').values(rows).execute();
      return rows.map(({ session, revision, cdr }, at) => ({ session, revision, cdr, event: closings[at]!.event }));
    };

    /** A correction that leaves nothing to bill: what was issued is taken back, and nothing comes instead. */
    const takeBack = async (tx: Tx, remembered: readonly Remembered[]): Promise<void> => {
      for (const { session, revision, cdr, event } of remembered) {
        if (cdr) continue;
        const of = { tenant: tx.tenant, session, revision, at: clock.now(), newId: () => newId(random) };
        const credit = await creditBefore(db(tx), of);
        if (credit !== undefined) await announceCredit(emit, tx, event, credit);
      }
    };

    const issue = async (tx: Tx, prices: readonly Price[]): Promise<void> => {
      if (prices.length === 0) return;
      const closings = await db(tx)
        .selectFrom('closing')
        .select(['event', 'session', 'revision', 'billable', 'closed_at', 'cdr'])
        .where(
          'event',
          'in',
          prices.map(({ closing }) => closing),
        )
        .execute();
      const gone = await takenBack(db(tx), [...new Set(closings.map(({ session }) => session))]);
      const mayBeBilled = await closedBeforeRestore(db(tx), tx.tenant);
      const closingOf = new Map(closings.map((row) => [row.event, row]));
      const eventOf = new Map<string, Recorded>();
      const issues = prices.flatMap(({ event, closing, unpriced, ...price }) => {
        const known = closingOf.get(closing);
        if (known === undefined) throw failBilling('cdr-unknown', `the closing ${closing} that is priced is not known`);
        const { session, revision, billable } = known;
        // Its price came after the correction that left nothing of it.
        if (!known.cdr || revision < (gone.get(session) ?? 0)) return [];
        eventOf.set(`${session} ${revision}`, event);
        const heldReasons = [
          ...(billable.held ? billable.flags : []),
          ...(unpriced === undefined ? [] : [unpriced]),
          ...(mayBeBilled(known.closed_at) ? ['restored'] : []),
        ];
        const issue = {
          ...price,
          tenant: tx.tenant,
          session,
          revision,
          billable,
          heldReasons,
          at: clock.now(),
          newId: () => newId(random),
        };
        return [issue];
      });
      for (const { cdr, credit, invoice } of await issueCdrs(db(tx), issues)) {
        const event = eventOf.get(`${cdr.session} ${cdr.revision}`);
        if (event === undefined) continue;
        if (credit !== undefined) await announceCredit(emit, tx, event, credit);
        if (invoice === undefined) {
          await announceHeld(emit, tx, event, cdr);
          continue;
        }
        await announceCdr(emit, tx, event, cdr);
        await announceInvoice(emit, tx, event, invoice);
      }
    };

    return {
      offers: { billing: billingPort(db) },
      restored: (restored, tx) => numbersAfterRestore(db(tx), tx.tenant, restored),
      on: [
        onBatch([sessionClosed, sessionCorrected, sessionPriced, sessionUnpriced], async (events, tx) => {
          // A price comes after its closing, so that all closings may go first.
          const remembered = await remember(tx, events.flatMap(closingIn));
          await takeBack(tx, remembered);
          await issue(tx, events.flatMap(priceIn));
        }),
      ],
      routes: {
        '/cdrs': cdrRoutes(context, () => newId(random)),
        '/invoices': invoiceRoutes(context),
        '/revenue': revenueRoutes(context),
      },
    };
  },
});
