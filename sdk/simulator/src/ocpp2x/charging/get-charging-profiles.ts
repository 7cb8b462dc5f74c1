import { type Command, malformed, record, status, whole } from '../../ocpp16/command.ts';
import type { External } from '../../ocpp16/smart-charging/charging.ts';
import type { Context } from '../commands/context.ts';
import { profileReported, purposeOf } from './charging-words.ts';

type Given = Readonly<Record<string, unknown>>;

/** One profile of a report, and who made it. */
interface Told {
  readonly evseId: number;
  readonly source: string;
  readonly profile: Given;
}

/** Ids of what is limited from outside are above those that a CSMS gives. */
const FIRST_EXTERNAL_ID = 2_000_000_001;

/** Block K, K09: the profiles that fit, the limits from outside among them, each by a ReportChargingProfiles. */
export const getChargingProfiles = (
  { hands, beside, protocol }: Context,
  isDynamic: (id: number) => boolean,
): Command => {
  const { charging } = hands;
  const fromOutside = ({ connector, source, watts, adds }: External, index: number): Told => ({
    evseId: connector,
    source,
    profile: {
      id: FIRST_EXTERNAL_ID + index,
      stackLevel: 0,
      chargingProfilePurpose: adds === true ? 'LocalGeneration' : 'ChargingStationExternalConstraints',
      chargingProfileKind: 'Absolute',
      chargingSchedule: [
        {
          id: FIRST_EXTERNAL_ID + index,
          startSchedule: hands.stamp(hands.now()),
          chargingRateUnit: 'W',
          chargingSchedulePeriod: [{ startPeriod: 0, limit: watts }],
        },
      ],
    },
  });
  const all = (): readonly Told[] => [
    ...charging.keep().map((one) => ({
      evseId: one.connector,
      source: 'CSO',
      profile: {
        ...profileReported(one, purposeOf(one)),
        ...(isDynamic(one.id) ? { chargingProfileKind: 'Dynamic' } : {}),
      },
    })),
    ...charging
      .externals()
      .filter(({ adds }) => adds !== true || protocol === 'ocpp2.1')
      .map(fromOutside),
  ];
  const report = async (requestId: number, told: readonly Told[]): Promise<void> => {
    for (const [index, { evseId, source, profile }] of told.entries()) {
      const answer = await beside.call('ReportChargingProfiles', {
        requestId,
        chargingLimitSource: source,
        evseId,
        chargingProfile: [profile],
        ...(index < told.length - 1 ? { tbc: true } : {}),
      });
      if (answer.kind === 'gone') return;
    }
  };
  return (payload) => {
    const requestId = whole(payload['requestId']);
    if (requestId === undefined) return malformed('requestId is missing');
    const evseId = whole(payload['evseId']);
    const wanted = record(payload['chargingProfile']) ?? {};
    const {
      chargingProfilePurpose: purpose,
      stackLevel,
      chargingProfileId: ids,
      chargingLimitSource: sources,
    } = wanted;
    const found = all().filter(
      ({ evseId: at, source, profile }) =>
        (evseId === undefined || at === evseId) &&
        (purpose === undefined || profile['chargingProfilePurpose'] === purpose) &&
        (stackLevel === undefined || profile['stackLevel'] === stackLevel) &&
        (!Array.isArray(sources) || sources.includes(source)) &&
        (!Array.isArray(ids) || ids.includes(profile['id'])),
    );
    return found.length === 0 ? status('NoProfiles') : status('Accepted', () => void report(requestId, found));
  };
};
