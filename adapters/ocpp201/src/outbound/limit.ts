import type { CommandTable, Outbound } from '@plugga/kit';
import { limitBy } from '@plugga/wire';
import { chargingProfile } from '../charging-words.ts';
import type { Wire2 } from '../schema.ts';
import { clearCall, profileCleared } from './clear-profile.ts';
import { allowedUnits, highestLevel, profileFault, UNITS_NAME } from './profile.ts';
import { profileSet } from './set-profile.ts';

/** A limit as charging profiles of ours. */
export const limit = (wire: Wire2): Outbound<CommandTable['limit']> =>
  limitBy({
    send: wire.send,
    set: ({ evse, profile, transaction }) => ({
      action: 'SetChargingProfile',
      payload: { evseId: evse, chargingProfile: chargingProfile(profile, transaction) },
    }),
    clear: (id) => ({ action: 'ClearChargingProfile', payload: clearCall({ id }) }),
    isSet: profileSet,
    isCleared: profileCleared,
    fault: profileFault,
    units: (station) => ({ units: allowedUnits(station), name: UNITS_NAME }),
    level: highestLevel,
  });
