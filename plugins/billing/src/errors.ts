import { defineErrors } from '@plugga/kit';

export const failBilling = defineErrors({
  'cdr-unknown': { status: 404, title: 'There is no such CDR', hint: 'See GET /api/v1/cdrs.' },
  'cdr-not-held': { status: 409, title: 'The CDR is not held', hint: 'Only a held CDR can be released.' },
  'cdr-unsigned': {
    status: 409,
    title: 'The meter values of the CDR are not verified',
    hint: "Register the meter's public key, or give the session away: under calibration law it cannot be billed.",
  },
  'cdr-unpriced': {
    status: 409,
    title: 'The CDR has no price',
    hint: 'Assign a tariff; it is priced at the next correction.',
  },
  'nothing-to-invoice': { status: 409, title: 'There is nothing to invoice', hint: 'See GET /api/v1/invoices/drafts.' },
  'customer-unknown': { status: 404, title: 'There is no such customer', hint: 'See GET /api/v1/customers.' },
  'member-taken': {
    status: 409,
    title: 'A token, group or payer belongs to another customer',
    hint: 'Take it from that customer first.',
  },
  'reverse-charge-unfit': {
    status: 409,
    title: 'The bills of the customer cannot be a reverse charge',
    hint: "It needs the buyer's VAT number, of another country than the seller's; the seller's is in the settings of billing.",
  },
  'reverse-charge-waits': {
    status: 409,
    title: 'Sessions of the customer wait for an invoice with reverse charge',
    hint: 'Invoice them first: POST /api/v1/invoices/runs, and POST /api/v1/cdrs/release what is held.',
  },
  'cost-centre-unknown': {
    status: 404,
    title: 'There is no such cost centre',
    hint: 'See GET /api/v1/cost-centres.',
  },
  'free-vend-unknown': { status: 404, title: 'There is no such rule', hint: 'See GET /api/v1/free-vend.' },
  'free-vend-full': { status: 409, title: 'There are too many rules', hint: 'Delete those that have ended.' },
  'budget-unknown': { status: 404, title: 'The token has no budget', hint: 'See GET /api/v1/budgets.' },
  'e-invoice-unfit': {
    status: 409,
    title: 'The document cannot be an e-invoice',
    hint: 'Fill in what the rules in the detail want: the seller in the settings of billing, the buyer at /customers.',
  },
  'invoice-unknown': { status: 404, title: 'There is no such bill', hint: 'See GET /api/v1/invoices.' },
});
