import type { CommandTable, Outbound } from '@plugga/kit';
import { byStatus, refuse, resultOf } from '@plugga/wire';
import { chargingProfile } from '../charging-words.ts';
import type { Wire2 } from '../schema.ts';
import { idTokenOf, longestToken } from '../token.ts';
import { profileFault } from './profile.ts';

const read = byStatus({ Accepted: 'accepted', Rejected: 'rejected' });

/** RequestStartTransaction; the transaction that follows names the remoteStartId. */
export const start = (wire: Wire2): Outbound<CommandTable['start']> => ({
  start: ({ evse, token, group, remoteStartId, profile }, station) => {
    const longest = longestToken(station);
    if (token.value.length > longest)
      return { done: { status: 'unsupported', detail: `an idToken has at most ${longest} characters here` } };
    // 2.0.1 F01.FR.08 and .11: the profile is a TxProfile, without a transaction yet.
    const fault =
      profile === undefined
        ? undefined
        : profile.purpose === 'tx'
          ? profileFault(profile, evse ?? 1, station)
          : 'the profile of a start is one for its transaction';
    if (fault !== undefined) return refuse(fault);
    return wire.send(
      'RequestStartTransaction',
      {
        ...(evse !== undefined && evse > 0 && { evseId: evse }),
        idToken: idTokenOf(token, station),
        remoteStartId,
        // A group that is too long is left out: a cut one would match another.
        ...(group !== undefined && group.value.length <= longest && { groupIdToken: idTokenOf(group, station) }),
        ...(profile !== undefined && { chargingProfile: chargingProfile(profile) }),
      },
      undefined,
    );
  },
  next: (_, answer) => ({ done: resultOf(answer, read) }),
});
