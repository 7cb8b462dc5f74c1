import { defineQuirk } from '@plugga/kit';
import { onProfiles, onStackLevel0, relative } from './profile.ts';

const WALLBOX = /^wall ?box/i;
const major = (firmware: string): number => Number(/^\D*(\d+)/.exec(firmware)?.[1] ?? Number.NaN);

/** Wallbox Pulsar, Copper and Commander with firmware 6. */
export const wallbox6 = defineQuirk({
  id: 'wallbox-6-relative-and-silence',
  why: 'Firmware 6.7 drops a socket that is silent for 30 to 45 s (ConnectorIO/connectorio-addons #132); wants Relative profiles (evcc-io/evcc #15492); connects again without a BootNotification (#28539).',
  match: { vendor: WALLBOX, firmware: (version) => major(version) >= 6 },
  protocols: ['ocpp1.6'],
  timing: { pingSeconds: 20, bootTriggerSeconds: 30 },
  outbound: onProfiles((profile) => relative(onStackLevel0(profile))),
});

/** Wallbox of firmware 5, or of one that was not said. */
export const wallbox = defineQuirk({
  id: 'wallbox-stack-level',
  why: 'A profile above stack level 0 is rejected although more are announced (evcc-io/evcc #15581). It never starts by itself: charge by remote start.',
  match: { vendor: WALLBOX },
  protocols: ['ocpp1.6'],
  timing: { pingSeconds: 20 },
  outbound: onProfiles(onStackLevel0),
});
