import type { CommandTable, Outbound } from '@plugga/kit';
import { byStatus, refuse, resultOf } from '@plugga/wire';
import { send } from '../schema.ts';
import { csChargingProfiles, profileFault } from './profile.ts';

const read = byStatus({ Accepted: 'accepted', Rejected: 'rejected' });

/** RemoteStartTransaction. 1.6 has no remoteStartId: the core finds the start that follows by connector and token. */
export const start: Outbound<CommandTable['start']> = {
  start: ({ evse, token, profile }, station) => {
    if (token.value.length > 20)
      return { done: { status: 'unsupported', detail: 'an idTag has at most 20 characters in OCPP 1.6' } };
    // 1.6 section 5.11: the profile is a TxProfile, without a transaction yet.
    const fault =
      profile === undefined
        ? undefined
        : profile.purpose === 'tx'
          ? profileFault(profile, evse ?? 1, station)
          : 'the profile of a start is one for its transaction';
    if (fault !== undefined) return refuse(fault);
    return send(
      'RemoteStartTransaction',
      {
        ...(evse !== undefined && evse > 0 && { connectorId: evse }),
        idTag: token.value,
        ...(profile !== undefined && { chargingProfile: csChargingProfiles(profile) }),
      },
      undefined,
    );
  },
  next: (_, answer) => ({ done: resultOf(answer, read) }),
};
