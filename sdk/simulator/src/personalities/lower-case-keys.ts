import type { Personality } from '../personality.ts';
import { told } from './keys.ts';

export const lowerCaseKeys: Personality = {
  id: 'lower-case-keys',
  what: 'Tells its configuration keys in lower case, and the units of profiles as W and A.',
  source: 'evcc-io/evcc #16186, charger/ocpp/cp_setup.go',
  about: { chargePointVendor: 'Various', chargePointModel: 'Lower case' },
  configuration: { ChargingScheduleAllowedChargingRateUnit: 'A,W' },
  rewrites: { GetConfiguration: told((key) => ({ ...key, key: key.key.toLowerCase() })) },
};
