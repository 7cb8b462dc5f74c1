import type { CommandResult, CommandTable, Outbound, ProfileFilter } from '@plugga/kit';
import { byStatus, resultOf } from '@plugga/wire';
import { PURPOSE } from '../charging-words.ts';
import type { Wire2 } from '../schema.ts';

const read = byStatus({ Accepted: 'accepted', NoProfiles: 'accepted' });

/** GetChargingProfiles; what there are is told by ReportChargingProfiles afterwards. NoProfiles: none that fits, so none of ours either. */
export const readProfiles = (wire: Wire2): Outbound<CommandTable['readProfiles']> => ({
  start: ({ request, id, evse, purpose, stackLevel }) =>
    wire.send(
      'GetChargingProfiles',
      {
        requestId: request,
        ...(evse !== undefined && { evseId: evse }),
        // An id names one whatever else is said.
        chargingProfile:
          id === undefined
            ? {
                ...(purpose !== undefined && { chargingProfilePurpose: PURPOSE[purpose] }),
                ...(stackLevel !== undefined && { stackLevel }),
              }
            : { chargingProfileId: [id] },
      },
      id === undefined
        ? {
            ...(evse !== undefined && { evse }),
            ...(purpose !== undefined && { purpose }),
            ...(stackLevel !== undefined && { stackLevel }),
          }
        : { id },
    ),
  next: (state, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      const result = read(payload);
      if (result.status !== 'accepted' || payload['status'] === 'Accepted') return result;
      return { ...result, detail: 'the station has none that fits', profiles: [{ cleared: state as ProfileFilter }] };
    }),
  }),
});
