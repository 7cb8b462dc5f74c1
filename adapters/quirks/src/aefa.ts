import { defineQuirk } from '@plugga/kit';

/** AEFA Home OCPP writes no transaction id in MeterValues, and so no JSON. */
export const aefa = defineQuirk({
  id: 'aefa-empty-transaction-id',
  why: 'Firmware A1B_2.8 writes `"transactionId":,` in every MeterValues (lbbrhzn/ocpp #2032). Null goes by connector and time.',
  match: { vendor: /^aefa$/i },
  protocols: ['ocpp1.6'],
  text: (raw) => raw.replace(/("transactionId"\s*:\s*)(?=[,}])/g, '$1null'),
});
