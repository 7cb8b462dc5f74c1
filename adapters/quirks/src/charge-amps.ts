import { defineQuirk } from '@plugga/kit';
import { eachSample, onSamples } from './samples.ts';

/** Charge Amps Halo, Aura, Dawn. */
export const chargeAmps = defineQuirk({
  id: 'charge-amps-hz',
  why: 'The unit of Frequency is Hz, which neither the schema nor its errata (Hertz) knows (lbbrhzn/ocpp #1576, mobilityhouse/ocpp #733).',
  match: { vendor: /^charge ?amps/i },
  protocols: ['ocpp1.6'],
  inbound: onSamples(eachSample((sample) => (sample['unit'] === 'Hz' ? { ...sample, unit: 'Hertz' } : sample))),
});
