import {
  definePlugin,
  on,
  Pricing,
  sessionClosed,
  sessionCorrected,
  sessionPriced,
  sessionUnpriced,
  tables,
  type Billable,
  type PriceLine,
  type Recorded,
  type Tx,
} from '@plugga/kit';
import { cdrHeld, invoiceIssued } from './events.ts';
import { issueCdr, type InvoiceRow } from './issue.ts';
import { migrations, type BillingTables } from './migrations.ts';
import { cdrRoutes } from './cdr-routes.ts';
import { invoiceRoutes, revenueRoutes } from './invoice-routes.ts';

/** CDRs and bills, made by themselves from the final price; what is odd is held for the operator with the reason. */
export const billing = definePlugin({
  name: 'billing',
  // The port is needed for its order: a price is made before its bill.
  needs: { pricing: Pricing },
  tables: tables<BillingTables>(),
  migrations,
  events: [invoiceIssued, cdrHeld],
  setup: (context) => {
    const { db, emit, clock, random } = context;
    const newId = () => Buffer.from(random.bytes(16)).toString('base64url');

    /** The closing's own event id names it: the final price says which closing it is of. */
    const remember = async (tx: Tx, event: Recorded, billable: Billable): Promise<void> => {
      const session = event.session;
      if (session === undefined) return;
      const { revision } = await db(tx)
        .selectFrom('closing')
        .select((it) => it.fn.countAll<string>().as('revision'))
        .where('session', '=', session)
        .executeTakeFirstOrThrow();
      await db(tx)
        .insertInto('closing')
        .values({
          event: event.id,
          session,
          revision: Number(revision),
          tenant: tx.tenant,
          billable: JSON.stringify(billable) as never,
          closed_at: new Date(event.receivedAt),
        })
        .execute();
    };

    interface Price {
      readonly closing: string;
      readonly offer: string | null;
      readonly lines: readonly PriceLine[];
      readonly currency?: string;
      readonly unpriced?: string;
    }
    const issue = async (tx: Tx, event: Recorded, price: Price): Promise<void> => {
      const { session, revision, billable } = await db(tx)
        .selectFrom('closing')
        .select(['session', 'revision', 'billable'])
        .where('event', '=', price.closing)
        .executeTakeFirstOrThrow();
      const heldReasons = [
        ...(billable.held ? billable.flags : []),
        ...(price.unpriced === undefined ? [] : [price.unpriced]),
      ];
      const issued = await issueCdr(db(tx), {
        tenant: tx.tenant,
        session,
        revision,
        billable,
        offer: price.offer,
        lines: price.lines,
        currency: price.currency,
        heldReasons,
        at: clock.now(),
        newId,
      });
      if (issued === undefined) return;
      for (const bill of [issued.credit, issued.invoice]) if (bill !== undefined) await announce(tx, event, bill);
      if (issued.invoice === undefined)
        await emit(tx, cdrHeld, event, { cdr: issued.cdr.id, reasons: issued.cdr.held_reasons });
    };
    const announce = (tx: Tx, event: Recorded, { id, number, kind, currency, body, energy_wh }: InvoiceRow) =>
      emit(tx, invoiceIssued, event, {
        invoice: id,
        number,
        kind,
        currency,
        inclVat: body.inclVat,
        energyWh: energy_wh,
      });

    return {
      on: [
        on(sessionClosed, async (event, tx) => {
          if (event.data.cdr) await remember(tx, event, event.data.billable);
        }),
        on(sessionCorrected, async (event, tx) => {
          if (event.data.cdr !== false) await remember(tx, event, event.data.after);
        }),
        on(sessionPriced, async (event, tx) => {
          const { closing, offer, lines, total } = event.data;
          if (closing !== undefined) await issue(tx, event, { closing, offer, lines, currency: total.currency });
        }),
        on(sessionUnpriced, (event, tx) =>
          issue(tx, event, { closing: event.data.closing, offer: null, lines: [], unpriced: event.data.reason }),
        ),
      ],
      routes: {
        '/cdrs': cdrRoutes(context, newId),
        '/invoices': invoiceRoutes(context),
        '/revenue': revenueRoutes(context),
      },
    };
  },
});

export default billing;
