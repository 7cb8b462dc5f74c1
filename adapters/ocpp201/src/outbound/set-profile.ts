import type { CommandTable, InstalledProfile, Outbound } from '@plugga/kit';
import { byStatus, refuse, resultOf } from '@plugga/wire';
import { chargingProfile } from '../charging-words.ts';
import type { Wire2 } from '../schema.ts';
import { profileFault } from './profile.ts';

export const profileSet = byStatus({ Accepted: 'accepted', Rejected: 'rejected' });

/** SetChargingProfile. What the station would have to refuse is not sent (2.0.1 K01). */
export const setProfile = (wire: Wire2): Outbound<CommandTable['setProfile']> => ({
  start: ({ evse = 0, profile }, station) => {
    const fault = profileFault(profile, evse, station);
    if (fault !== undefined) return refuse(fault);
    const transaction = profile.purpose === 'tx' ? (profile.transaction ?? station.transactionOn(evse)) : undefined;
    if (profile.purpose === 'tx' && transaction === undefined) return refuse(`EVSE ${evse} has no transaction`);
    const { id, purpose, stackLevel } = profile;
    return wire.send('SetChargingProfile', { evseId: evse, chargingProfile: chargingProfile(profile, transaction) }, {
      id,
      evse,
      purpose,
      stackLevel,
    } satisfies InstalledProfile);
  },
  next: (state, answer) => {
    const result = resultOf(answer, profileSet);
    return {
      done: result.status === 'accepted' ? { ...result, profiles: [{ set: state as InstalledProfile }] } : result,
    };
  },
});
