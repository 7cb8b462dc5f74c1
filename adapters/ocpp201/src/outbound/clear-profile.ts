import type { CommandTable, Outbound, ProfileFilter } from '@plugga/kit';
import { byStatus, refuse, resultOf } from '@plugga/wire';
import { PURPOSE } from '../charging-words.ts';
import type { Wire2 } from '../schema.ts';

/** Unknown: nothing there fits what is named, which is what was wanted. */
export const profileCleared = byStatus({ Accepted: 'accepted', Unknown: 'accepted' });

export const clearCall = ({ id, evse, purpose, stackLevel }: ProfileFilter) => {
  if (id !== undefined) return { chargingProfileId: id };
  const criteria = {
    ...(evse !== undefined && { evseId: evse }),
    ...(purpose !== undefined && { chargingProfilePurpose: PURPOSE[purpose] }),
    ...(stackLevel !== undefined && { stackLevel }),
  };
  // Nothing named: all that there are of ours.
  return { chargingProfileCriteria: criteria };
};

/** ClearChargingProfile: by id, else by all that is named. */
export const clearProfile = (wire: Wire2): Outbound<CommandTable['clearProfile']> => ({
  start: (filter) =>
    filter.purpose === 'external'
      ? refuse('an external constraint is not ours to clear (2.0.1 K10)')
      : wire.send('ClearChargingProfile', clearCall(filter), filter),
  next: (state, answer) => {
    const result = resultOf(answer, profileCleared);
    if (result.status !== 'accepted') return { done: result };
    const known = answer.kind === 'result' && (answer.payload as { status?: unknown }).status === 'Accepted';
    return {
      done: {
        ...result,
        ...(known ? {} : { detail: 'the station had none that fits' }),
        profiles: [{ cleared: state as ProfileFilter }],
      },
    };
  },
});
