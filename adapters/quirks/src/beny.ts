import { defineQuirk } from '@plugga/kit';

/** ZJ Beny, also sold as Benyi. */
export const beny = defineQuirk({
  id: 'beny-leading-comma',
  why: 'Firmware 1.0.31 of the BCP-A2N-L writes a comma before the first sample after the current was changed (lbbrhzn/ocpp #1078).',
  match: { vendor: /^(zj ?)?beny/i },
  protocols: ['ocpp1.6'],
  text: (raw) => raw.replace(/("sampledValue"\s*:\s*\[)\s*,+/g, '$1'),
});
