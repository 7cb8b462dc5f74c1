import type { CommandTable, InstalledProfile, Outbound } from '@plugga/kit';
import { byStatus, refuse, resultOf } from '@plugga/wire';
import { send } from '../schema.ts';
import { csChargingProfiles, profileFault } from './profile.ts';

export const profileSet = byStatus({ Accepted: 'accepted', Rejected: 'rejected', NotSupported: 'unsupported' });

/** SetChargingProfile. What the station would have to refuse is not sent (1.6 sections 3.13, 5.16, 9.4). */
export const setProfile: Outbound<CommandTable['setProfile']> = {
  start: ({ evse = 0, profile }, station) => {
    const fault = profileFault(profile, evse, station);
    if (fault !== undefined) return refuse(fault);
    const transaction = profile.purpose === 'tx' ? (profile.transaction ?? station.transactionOn(evse)) : undefined;
    if (profile.purpose === 'tx' && transaction === undefined) return refuse(`EVSE ${evse} has no transaction`);
    const { id, purpose, stackLevel } = profile;
    return send(
      'SetChargingProfile',
      { connectorId: evse, csChargingProfiles: csChargingProfiles(profile, transaction) },
      { id, evse, purpose, stackLevel } satisfies InstalledProfile,
    );
  },
  next: (state, answer) => {
    const result = resultOf(answer, profileSet);
    return {
      done: result.status === 'accepted' ? { ...result, profiles: [{ set: state as InstalledProfile }] } : result,
    };
  },
};
