import { newId, z, type Context, type Instant, type Pricing, type SignedValues, type Tx } from '@plugga/kit';
import type { billingEvents } from './announce.ts';
import type { Issuing } from './documents.ts';
import type { BillingSettings } from './settings.ts';
import type { BillingTables } from './tables.ts';

export const billingWork = {
  /** Invoices of a customer's period that has ended. */
  period: z.object({ customer: z.string(), until: z.string() }),
};

export type BillingContext = Pick<
  Context<
    unknown,
    BillingSettings,
    { readonly pricing: typeof Pricing; readonly signed: typeof SignedValues },
    typeof billingWork,
    BillingTables,
    (typeof billingEvents)[number]
  >,
  'db' | 'transaction' | 'clock' | 'emit' | 'enqueue' | 'random' | 'settings' | 'needs' | 'publicUrl' | 'log'
>;

/** What every document of one transaction is issued with. */
export const issuingIn = async (
  { clock, random, settings }: Pick<BillingContext, 'clock' | 'random' | 'settings'>,
  tx: Tx,
  at: Instant = clock.now(),
): Promise<Issuing> => ({
  ...{ tenant: tx.tenant, at, settings: await settings(tx), random },
  newId: () => newId(random),
});
