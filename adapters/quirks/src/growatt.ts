import { defineQuirk } from '@plugga/kit';
import { inLocalTime } from './zoned.ts';

/** Growatt THOR. */
export const growatt = defineQuirk({
  id: 'growatt-local-time',
  why: 'Times are local and have no zone: `"timestamp":"2023-10-19T15:28:07"` (evcc-io/evcc #10399). Later firmware writes the zone and is left alone.',
  match: { vendor: /^growatt/i, model: /^thor/i },
  protocols: ['ocpp1.6'],
  inbound: {
    MeterValues: inLocalTime,
    StartTransaction: inLocalTime,
    StatusNotification: inLocalTime,
    StopTransaction: inLocalTime,
  },
});
