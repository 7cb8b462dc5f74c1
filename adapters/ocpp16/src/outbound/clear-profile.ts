import type { CommandTable, Outbound, ProfileFilter } from '@plugga/kit';
import { byStatus, refuse, resultOf } from '@plugga/wire';
import { send } from '../schema.ts';
import { PURPOSE } from './profile.ts';

/** Unknown: nothing there fits what is named, which is what was wanted. */
export const profileCleared = byStatus({ Accepted: 'accepted', Unknown: 'accepted' });

export const clearCall = ({ id, evse, purpose, stackLevel }: ProfileFilter) => ({
  ...(id !== undefined && { id }),
  ...(evse !== undefined && { connectorId: evse }),
  ...(purpose !== undefined && { chargingProfilePurpose: PURPOSE[purpose] }),
  ...(stackLevel !== undefined && { stackLevel }),
});

/** ClearChargingProfile: by id, else by all that is named. */
export const clearProfile: Outbound<CommandTable['clearProfile']> = {
  start: (filter) =>
    filter.purpose !== undefined && PURPOSE[filter.purpose] === undefined
      ? refuse(`OCPP 1.6 has no purpose "${filter.purpose}"`)
      : send('ClearChargingProfile', clearCall(filter), filter),
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
};
