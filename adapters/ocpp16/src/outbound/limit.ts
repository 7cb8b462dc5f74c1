import { countOf, limitBy } from '@plugga/wire';
import { send } from '../schema.ts';
import { clearCall, profileCleared } from './clear-profile.ts';
import { allowedUnits, csChargingProfiles, profileFault } from './profile.ts';
import { profileSet } from './set-profile.ts';

/** A limit as charging profiles of ours. */
export const limit = limitBy({
  send,
  set: ({ evse, profile, transaction }) => ({
    action: 'SetChargingProfile',
    payload: { connectorId: evse, csChargingProfiles: csChargingProfiles(profile, transaction) },
  }),
  clear: (id) => ({ action: 'ClearChargingProfile', payload: clearCall({ id }) }),
  isSet: profileSet,
  isCleared: profileCleared,
  fault: profileFault,
  units: (station) => ({ units: allowedUnits(station), name: 'ChargingScheduleAllowedChargingRateUnit' }),
  level: (station) => countOf(station, 'ChargeProfileMaxStackLevel') ?? 0,
});
