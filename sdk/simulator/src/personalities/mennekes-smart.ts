import type { Personality } from '../personality.ts';
import { told } from './keys.ts';

export const mennekesSmart: Personality = {
  id: 'mennekes-smart',
  what: 'Puts quotes and blanks into the lists of its configuration.',
  source: 'evcc-io/evcc PR #16255',
  about: { chargePointVendor: 'MENNEKES', chargePointModel: 'Smart', firmwareVersion: '5.22' },
  rewrites: {
    GetConfiguration: told((key) =>
      key.value.includes(',') ? { ...key, value: `"${key.value.replaceAll(',', ', ')}"` } : key,
    ),
  },
};
