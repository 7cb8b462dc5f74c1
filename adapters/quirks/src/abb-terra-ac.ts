import { defineQuirk } from '@plugga/kit';
import { onProfiles, onStackLevel0 } from './profile.ts';
import { readKeys, REQUIRED_KEYS } from './read-keys.ts';

/** What the station was seen to measure; it accepts every other name too. */
const MEASURANDS = ['Current.Import', 'Energy.Active.Import.Register', 'Power.Active.Import', 'Voltage'];
const KEY = 'MeterValuesSampledData';

const isKey = (key: unknown): boolean => typeof key === 'string' && key.toLowerCase() === KEY.toLowerCase();

/** Nothing left to measure would switch the meter values off: then all that it has. */
const measurable = (value: string): string => {
  const known = value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => MEASURANDS.includes(name));
  return (known.length > 0 ? known : MEASURANDS).join(',');
};

/** `TAC3Z9119006710273::V1.8.21`: true up to 1.8.21, the last version that was seen to reboot. */
const upTo1821 = (firmware: string): boolean => {
  const [, major, minor, patch] = /V(\d+)\.(\d+)\.(\d+)/i.exec(firmware) ?? [];
  if (major === undefined) return false;
  const [a, b, c] = [Number(major), Number(minor), Number(patch)];
  return a < 1 || (a === 1 && (b < 8 || (b === 8 && c <= 21)));
};

/** ABB Terra AC to firmware 1.8.21. */
export const abbTerraAc = defineQuirk({
  id: 'abb-terra-ac-measurands',
  why: 'Accepts any MeterValuesSampledData and then reboots when it is asked what it has, again and again (lbbrhzn/ocpp #1275, #1590).',
  match: { vendor: /^abb$/i, model: /tac/i, firmware: upTo1821 },
  protocols: ['ocpp1.6'],
  outbound: {
    ChangeConfiguration: (payload) =>
      isKey(payload['key']) && typeof payload['value'] === 'string'
        ? { ...payload, value: measurable(payload['value']) }
        : payload,
  },
  // What "all" stands for is the list, since GetConfiguration without one would read the key too.
  plan: {
    readVariables: readKeys({
      all: REQUIRED_KEYS,
      never: { isKey, why: `${KEY} is not read: this firmware reboots` },
    }),
  },
});

/** ABB Terra AC of any firmware. */
export const abbTerraAcStackLevel = defineQuirk({
  id: 'abb-terra-ac-stack-level',
  why: 'Only a profile at stack level 0 is accepted, and MeterValuesSampledData is reported as an unknown key (evcc-io/evcc #15493, lbbrhzn/ocpp #169).',
  match: { vendor: /^abb$/i, model: /tac/i },
  protocols: ['ocpp1.6'],
  outbound: onProfiles(onStackLevel0),
});
