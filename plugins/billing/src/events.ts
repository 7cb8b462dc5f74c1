import { defineEvent, z } from '@plugga/kit';

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
  }),
});

/** A CDR waits for an operator. */
export const cdrHeld = defineEvent({
  type: 'cdr.held',
  v: 1,
  data: z.object({ cdr: z.string(), reasons: z.array(z.string()) }),
});
