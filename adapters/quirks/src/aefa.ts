import { defineQuirk } from '@plugga/kit';
import { inLocalTime } from './zoned.ts';

/** AEFA Home OCPP writes no transaction id in MeterValues, and so no JSON; its times have no zone. */
export const aefa = defineQuirk({
  id: 'aefa-empty-transaction-id',
  why: 'Firmware A1B_2.8 writes `"transactionId":,` in every MeterValues, and local time without a zone (lbbrhzn/ocpp #2032). Null goes by connector and time.',
  match: { vendor: /^aefa$/i },
  protocols: ['ocpp1.6'],
  text: (raw) => raw.replace(/("transactionId"\s*:\s*)(?=[,}])/g, '$1null'),
  inbound: {
    MeterValues: inLocalTime,
    StartTransaction: inLocalTime,
    StatusNotification: inLocalTime,
    StopTransaction: inLocalTime,
  },
});
