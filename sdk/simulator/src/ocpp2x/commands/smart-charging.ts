import { type Command, malformed, record, status, text, whole } from '../../ocpp16/command.ts';
import type { Profile } from '../../ocpp16/smart-charging/profile.ts';
import { profileGiven, profileReported, purposeOf } from './charging-words.ts';
import { connectorWith, type Context } from './context.ts';

/** Block K: profiles that really limit the power, their report, and what they come to. */
export const smartCharging = (context: Context): Readonly<Record<string, Command>> => {
  const { hands, beside } = context;
  const { charging } = hands;
  const set = (evseId: number, given: unknown): ReturnType<Command> => {
    const profile = profileGiven(given, hands.stamp(hands.now()));
    if (profile === undefined) return malformed('chargingProfile or its chargingSchedule is missing');
    const answer = charging.set(evseId, profile);
    if (answer === 'Accepted') return status('Accepted', hands.save);
    if (answer.malformed) return malformed(answer.why);
    const statusInfo = { reasonCode: 'InvalidProfile', additionalInfo: answer.why };
    return { result: { status: 'Rejected', statusInfo } };
  };
  const report = async (requestId: number, profiles: readonly Profile[]): Promise<void> => {
    for (const [index, one] of profiles.entries()) {
      const answer = await beside.call('ReportChargingProfiles', {
        requestId,
        chargingLimitSource: 'CSO',
        evseId: one.connector,
        chargingProfile: [profileReported(one, purposeOf(one))],
        ...(index < profiles.length - 1 ? { tbc: true } : {}),
      });
      if (answer.kind === 'gone') return;
    }
  };

  return {
    SetChargingProfile(payload) {
      const evseId = whole(payload['evseId']);
      return evseId === undefined ? malformed('evseId is missing') : set(evseId, payload['chargingProfile']);
    },
    ClearChargingProfile(payload) {
      const criteria = record(payload['chargingProfileCriteria']) ?? {};
      const id = whole(payload['chargingProfileId']);
      const purpose = text(criteria['chargingProfilePurpose']);
      const evseId = whole(criteria['evseId']);
      const stackLevel = whole(criteria['stackLevel']);
      const gone = charging.clear({
        ...(id === undefined ? {} : { id }),
        ...(evseId === undefined ? {} : { connectorId: evseId }),
        ...(stackLevel === undefined ? {} : { stackLevel }),
        ...(purpose === undefined
          ? {}
          : { chargingProfilePurpose: purpose === 'ChargingStationMaxProfile' ? 'ChargePointMaxProfile' : purpose }),
      });
      return status(gone ? 'Accepted' : 'Unknown', hands.save);
    },
    GetChargingProfiles(payload) {
      const requestId = whole(payload['requestId']);
      if (requestId === undefined) return malformed('requestId is missing');
      const evseId = whole(payload['evseId']);
      const wanted = record(payload['chargingProfile']) ?? {};
      const { chargingProfilePurpose: purpose, stackLevel, chargingProfileId: ids } = wanted;
      const found = charging
        .keep()
        .filter(
          (one) =>
            (evseId === undefined || one.connector === evseId) &&
            (purpose === undefined || purposeOf(one) === purpose) &&
            (stackLevel === undefined || one.stackLevel === stackLevel) &&
            (!Array.isArray(ids) || ids.includes(one.id)),
        );
      return found.length === 0 ? status('NoProfiles') : status('Accepted', () => void report(requestId, found));
    },
    GetCompositeSchedule(payload) {
      const [evseId, duration] = [whole(payload['evseId']), whole(payload['duration'])];
      if (evseId === undefined || duration === undefined || duration < 0)
        return malformed('evseId or duration is missing');
      const unit = payload['chargingRateUnit'];
      if (unit !== undefined && unit !== 'A' && unit !== 'W') return malformed('chargingRateUnit is neither A nor W');
      const composite = charging.composite(evseId, duration, unit);
      if (composite === undefined) return status('Rejected');
      const { startSchedule: scheduleStart, ...rest } = composite;
      return { result: { status: 'Accepted', schedule: { ...rest, scheduleStart, evseId } } };
    },
    ...(context.protocol === 'ocpp2.1' ? dynamic(context, set) : {}),
  };
};

/** What only 2.1 has: values pushed into a profile, and charging first. */
const dynamic = (
  { hands }: Context,
  set: (evseId: number, given: unknown) => ReturnType<Command>,
): Readonly<Record<string, Command>> => ({
  UpdateDynamicSchedule(payload) {
    const id = whole(payload['chargingProfileId']);
    const update = record(payload['scheduleUpdate']);
    if (id === undefined || update === undefined) return malformed('chargingProfileId or scheduleUpdate is missing');
    const profile = hands.charging.keep().find((one) => one.id === id);
    const limit = update['limit'] ?? update['setpoint'];
    if (profile === undefined || typeof limit !== 'number') return status('Rejected');
    const schedule = { ...profile.schedule, periods: [{ startSeconds: 0, limit }] };
    return set(profile.connector, profileReported({ ...profile, schedule }, purposeOf(profile)));
  },
  UsePriorityCharging(payload) {
    const connector = connectorWith(hands, payload['transactionId']);
    if (connector === undefined || connector.running === undefined) return status('NoProfile');
    const wanted = hands.charging.keep().some((one) => one.connector === connector.number);
    return status(wanted ? 'Accepted' : 'NoProfile');
  },
});
