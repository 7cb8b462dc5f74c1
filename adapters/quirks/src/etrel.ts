import { defineQuirk } from '@plugga/kit';

/** Etrel Inch. */
export const etrel = defineQuirk({
  id: 'etrel-authorization-type',
  why: 'It takes no transaction id from the CSMS unless its authorization type is set to central (lbbrhzn/ocpp docs/supported-devices.md, #2150).',
  match: { vendor: /^etrel/i },
  protocols: ['ocpp1.6'],
  advice: "Set the station's authorization type to central, else its stops do not name the transaction that we gave.",
});
