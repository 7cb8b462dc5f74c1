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
  type SessionId,
  type Tx,
} from '@plugga/kit';
import { cdrHeld, invoiceIssued } from './events.ts';
import { issueCdr } from './issue.ts';
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
          session,
          revision: Number(revision),
          tenant: tx.tenant,
          billable: JSON.stringify(billable) as never,
          closed_at: new Date(event.receivedAt),
        })
        .execute();
    };

    const issue = async (
      tx: Tx,
      event: Recorded & { readonly session: SessionId },
      price: {
        readonly revision: number;
        readonly offer: string | null;
        readonly lines: readonly PriceLine[];
        readonly currency?: string;
        readonly unpriced?: string;
      },
    ): Promise<void> => {
      const closing = await db(tx)
        .selectFrom('closing')
        .select('billable')
        .where('session', '=', event.session)
        .where('revision', '=', price.revision)
        .executeTakeFirstOrThrow();
      const { billable } = closing;
      const heldReasons = [
        ...(billable.held ? billable.flags : []),
        ...(price.unpriced === undefined ? [] : [price.unpriced]),
      ];
      const issued = await issueCdr(db(tx), {
        tenant: tx.tenant,
        session: event.session,
        revision: price.revision,
        billable,
        offer: price.offer,
        lines: price.lines,
        currency: price.currency,
        heldReasons,
        at: clock.now(),
        newId,
      });
      if (issued === undefined) return;
      const { cdr, invoice } = issued;
      if (invoice === undefined) await emit(tx, cdrHeld, event, { cdr: cdr.id, reasons: cdr.held_reasons });
      else {
        const { id, number, currency, body, energy_wh: energyWh } = invoice;
        await emit(tx, invoiceIssued, event, {
          invoice: id,
          number,
          kind: 'invoice',
          currency,
          inclVat: body.inclVat,
          energyWh,
        });
      }
    };
    const ofSession = <E extends Recorded>(event: E): event is E & { readonly session: SessionId } =>
      event.session !== undefined;

    return {
      on: [
        on(sessionClosed, async (event, tx) => {
          if (event.data.cdr) await remember(tx, event, event.data.billable);
        }),
        on(sessionCorrected, (event, tx) => remember(tx, event, event.data.after)),
        on(sessionPriced, async (event, tx) => {
          const { final, revision, offer, lines, total } = event.data;
          if (final && ofSession(event)) await issue(tx, event, { revision, offer, lines, currency: total.currency });
        }),
        on(sessionUnpriced, async (event, tx) => {
          if (ofSession(event))
            await issue(tx, event, {
              revision: event.data.revision,
              offer: null,
              lines: [],
              unpriced: event.data.reason,
            });
        }),
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
