import { type Command, malformed, record, status, text, whole } from '../../ocpp16/command.ts';
import type { Profile } from '../../ocpp16/smart-charging/profile.ts';
import type { Context } from '../commands/context.ts';
import { chargingLimit } from './charging-limit.ts';
import { isPurpose, profileGiven, profileReported, purposeOf, purposeWord } from './charging-words.ts';
import { dynamicSchedules } from './dynamic-schedule.ts';
import { getChargingProfiles } from './get-charging-profiles.ts';
import { negotiation } from './negotiation.ts';
import { usePriorityCharging } from './use-priority-charging.ts';

/** Block K: profiles that really limit the power, their report, what they come to, and what cars and others have to say. */
export const smartCharging = (context: Context): Readonly<Record<string, Command>> => {
  const { hands, protocol } = context;
  const { charging } = hands;
  const cars = negotiation(context);
  chargingLimit(context);
  const renew = (profile: Profile, limit: number): boolean => {
    const schedule = { ...profile.schedule, periods: [{ startSeconds: 0, limit }] };
    const given = profileGiven(profileReported({ ...profile, schedule }, purposeOf(profile)), hands.stamp(hands.now()));
    return charging.set(profile.connector, given) === 'Accepted';
  };
  const dynamic = dynamicSchedules(context, renew);

  const SetChargingProfile: Command = (payload) => {
    const evseId = whole(payload['evseId']);
    if (evseId === undefined) return malformed('evseId is missing');
    const given = payload['chargingProfile'];
    const index = cars.choose(evseId, given);
    const profile = profileGiven(given, hands.stamp(hands.now()), index);
    if (profile === undefined) return malformed('chargingProfile or its chargingSchedule is missing');
    const refused = (additionalInfo: string): ReturnType<Command> => ({
      result: { status: 'Rejected', statusInfo: { reasonCode: 'InvalidProfile', additionalInfo } },
    });
    const purpose = record(given)?.['chargingProfilePurpose'];
    // What is limited from outside is nothing for the CSMS to say (part 2, K01), and this station has no roof of its own.
    if (purpose === 'ChargingStationExternalConstraints' || purpose === 'LocalGeneration')
      return refused(`${purpose} is not taken from the CSMS`);
    const answer = charging.set(evseId, profile);
    if (answer !== 'Accepted') return answer.malformed ? malformed(answer.why) : refused(answer.why);
    return status('Accepted', () => {
      hands.save();
      dynamic.installed(given);
      cars.installed(evseId, given, index);
    });
  };
  const ClearChargingProfile: Command = (payload) => {
    const criteria = record(payload['chargingProfileCriteria']) ?? {};
    const id = whole(payload['chargingProfileId']);
    const purpose = text(criteria['chargingProfilePurpose']);
    const evseId = whole(criteria['evseId']);
    const stackLevel = whole(criteria['stackLevel']);
    const gone = charging.clear({
      ...(id === undefined ? {} : { id }),
      ...(evseId === undefined ? {} : { connectorId: evseId }),
      ...(stackLevel === undefined ? {} : { stackLevel }),
      ...(purpose === undefined ? {} : { chargingProfilePurpose: isPurpose(purpose) ? purposeWord(purpose) : purpose }),
    });
    return status(gone ? 'Accepted' : 'Unknown', hands.save);
  };
  const GetCompositeSchedule: Command = (payload) => {
    const [evseId, duration] = [whole(payload['evseId']), whole(payload['duration'])];
    if (evseId === undefined || duration === undefined || duration < 0)
      return malformed('evseId or duration is missing');
    const unit = payload['chargingRateUnit'];
    if (unit !== undefined && unit !== 'A' && unit !== 'W') return malformed('chargingRateUnit is neither A nor W');
    const composite = charging.composite(evseId, duration, unit);
    if (composite === undefined) return status('Rejected');
    const { startSchedule: scheduleStart, ...rest } = composite;
    return { result: { status: 'Accepted', schedule: { ...rest, scheduleStart, evseId } } };
  };
  return {
    SetChargingProfile,
    ClearChargingProfile,
    GetChargingProfiles: getChargingProfiles(context, dynamic.isDynamic),
    GetCompositeSchedule,
    ...dynamic.commands,
    ...(protocol === 'ocpp2.1' ? { UsePriorityCharging: usePriorityCharging(context) } : {}),
  };
};
