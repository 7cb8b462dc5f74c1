import { defineQuirk } from '@plugga/kit';
import { onStackLevel0 } from './stack-level.ts';

/** Wallbox Pulsar, Copper and Commander. */
export const wallbox = defineQuirk({
  id: 'wallbox-profiles-and-silence',
  why: 'Firmware 6.7 drops a socket that is silent for 30 to 45 s (ConnectorIO/connectorio-addons #132); a profile above stack level 0 is rejected although more are announced (evcc-io/evcc #15581).',
  match: { vendor: /^wall ?box/i },
  protocols: ['ocpp1.6'],
  timing: { pingSeconds: 20 },
  outbound: { SetChargingProfile: onStackLevel0 },
});
