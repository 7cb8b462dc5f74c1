import { Billing, definePlugin, newId, onBatch, Pricing, sessionVerified, SignedValues, tables } from '@plugga/kit';
import { billingEvents } from './announce.ts';
import { budgetRoutes } from './budget-routes.ts';
import { createBudgets } from './budgets.ts';
import { cdrRoutes } from './cdr-routes.ts';
import { billClosings, closingEvents, isRunning } from './closings.ts';
import { consolePages } from './console-pages.ts';
import { billingWork } from './context.ts';
import { costCentreRoutes } from './cost-centre-routes.ts';
import { customerRoutes } from './customer-routes.ts';
import { freeVendRoutes } from './free-vend-routes.ts';
import { invoiceRoutes } from './invoice-routes.ts';
import { migrations } from './migrations.ts';
import { periodWorker } from './periods.ts';
import { billingPort } from './port.ts';
import { numbersAfterRestore } from './restored.ts';
import { billingSettings } from './settings.ts';
import type { BillingTables } from './tables.ts';
import { isProof, releaseProved } from './unsigned.ts';
import { verifyRoutes } from './verify.ts';

/** CDRs, receipts, invoices and credit notes, made by themselves from the final price; what is odd is held for the operator. */
export const billing = definePlugin({
  name: 'billing',
  settings: billingSettings,
  // Also for the order of events: a price is made, and signed values are judged, before the bill.
  needs: { pricing: Pricing, signed: SignedValues },
  offers: { billing: Billing },
  work: billingWork,
  tables: tables<BillingTables>(),
  migrations,
  events: billingEvents,
  setup: (context) => {
    const budgets = createBudgets(context);
    const bill = billClosings(context);
    const billProved = releaseProved(context);
    return {
      ...consolePages,
      answers: { admit: budgets.admit },
      offers: { billing: billingPort(context.db) },
      restored: (restored, tx) => numbersAfterRestore(context.db(tx), tx.tenant, restored),
      on: [
        // Of verdicts only proof matters here: what is missing is asked for when the price comes. And a price that runs is of
        // interest to a budget alone: revenue waits until we have passed it.
        onBatch(
          [...closingEvents, sessionVerified],
          async (events, tx) => {
            await bill(events, tx);
            await budgets.follow(events, tx);
            await billProved(events, tx);
          },
          {
            only: (event) =>
              event.type === sessionVerified.type ? isProof(event.data) : !isRunning(event) || budgets.mayCount(event),
          },
        ),
      ],
      work: { period: periodWorker(context) },
      routes: {
        '/cdrs': cdrRoutes(context),
        '/invoices': invoiceRoutes(context),
        '/customers': customerRoutes(context, () => newId(context.random)),
        '/budgets': budgetRoutes(context, budgets.forget),
        '/cost-centres': costCentreRoutes(context),
        '/free-vend': freeVendRoutes(context, () => newId(context.random)),
        '/verify': verifyRoutes(context),
      },
    };
  },
});
