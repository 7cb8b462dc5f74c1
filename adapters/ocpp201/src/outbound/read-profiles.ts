import type { CommandResult, CommandTable, Outbound, ProfileFilter } from '@plugga/kit';
import { byStatus, resultOf } from '@plugga/wire';
import { PURPOSE } from '../charging-words.ts';
import type { Wire2 } from '../schema.ts';

/** Whose profiles ours are, as the station knows them. */
const OURS = 'CSO';
const read = byStatus({ Accepted: 'accepted', NoProfiles: 'accepted' });

type Asked = CommandTable['readProfiles'];
const given = <T extends object>(members: T): Partial<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Which of ours are gone where the station has none that fits; undefined where it was asked for those of others alone. */
const oursOf = ({ id, evse, purpose, stackLevel, sources }: Asked): ProfileFilter | undefined => {
  if (id !== undefined) return { id };
  return sources?.includes(OURS) === false ? undefined : given({ evse, purpose, stackLevel });
};

/** GetChargingProfiles; what there are is told by ReportChargingProfiles afterwards. NoProfiles: none that fits, so none of ours either. */
export const readProfiles = (wire: Wire2): Outbound<Asked> => ({
  start: (asked) => {
    const { request, id, evse, purpose, stackLevel, sources } = asked;
    const chargingProfile = {
      ...{ stackLevel, chargingLimitSource: sources },
      chargingProfilePurpose: purpose && PURPOSE[purpose],
    };
    return wire.send(
      'GetChargingProfiles',
      {
        ...{ requestId: request, ...given({ evseId: evse }) },
        // An id names one whatever else is said.
        chargingProfile: id === undefined ? given(chargingProfile) : { chargingProfileId: [id] },
      },
      oursOf(asked),
    );
  },
  next: (state, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      const result = read(payload);
      if (result.status !== 'accepted' || payload['status'] === 'Accepted') return result;
      const none = { ...result, detail: 'the station has none that fits' };
      return { ...none, profiles: state === undefined ? [] : [{ cleared: state as ProfileFilter }] };
    }),
  }),
});
