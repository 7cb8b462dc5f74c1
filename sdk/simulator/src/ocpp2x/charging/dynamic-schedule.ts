import { type Command, malformed, record, status, whole } from '../../ocpp16/command.ts';
import type { Profile } from '../../ocpp16/smart-charging/profile.ts';
import type { Context } from '../commands/context.ts';

type Given = Readonly<Record<string, unknown>>;

/** Profiles whose value comes while they hold (2.1): pushed by the CSMS, or asked for at the interval that they say. */
export interface DynamicSchedules {
  /** A profile was installed; whether it is a dynamic one is seen here. */
  installed(profile: unknown): void;
  isDynamic(id: number): boolean;
  readonly commands: Readonly<Record<string, Command>>;
}

export const dynamicSchedules = (
  { hands, beside, protocol }: Context,
  /** Puts the profile in again with that limit. */
  renew: (profile: Profile, limit: number) => boolean,
): DynamicSchedules => {
  const pulls = new Map<number, () => void>();
  const profileOf = (id: number | undefined): Profile | undefined =>
    hands.charging.keep().find((one) => one.id === id && pulls.has(one.id));
  const apply = (id: number, update: Given | undefined): boolean => {
    const profile = profileOf(id);
    const limit = update?.['limit'] ?? update?.['setpoint'];
    return profile !== undefined && typeof limit === 'number' && limit >= 0 && renew(profile, limit);
  };
  const forget = (id: number): void => {
    pulls.get(id)?.();
    pulls.delete(id);
  };
  const pull = async (id: number): Promise<void> => {
    if (profileOf(id) === undefined) return forget(id);
    if (!beside.online()) return;
    const answer = await beside.call('PullDynamicScheduleUpdate', { chargingProfileId: id });
    if (answer.kind === 'result' && answer.payload['status'] === 'Accepted')
      apply(id, record(answer.payload['scheduleUpdate']));
  };
  const UpdateDynamicSchedule: Command = (payload) => {
    const [id, update] = [whole(payload['chargingProfileId']), record(payload['scheduleUpdate'])];
    if (id === undefined || update === undefined) return malformed('chargingProfileId or scheduleUpdate is missing');
    return status(apply(id, update) ? 'Accepted' : 'Rejected');
  };
  return {
    isDynamic: (id) => pulls.has(id),
    installed(given) {
      const profile = record(given);
      const id = whole(profile?.['id']);
      if (id === undefined) return;
      forget(id);
      if (profile?.['chargingProfileKind'] !== 'Dynamic') return;
      const seconds = whole(profile['dynUpdateInterval']) ?? 0;
      pulls.set(id, seconds > 0 ? beside.every(seconds * 1_000, () => void pull(id)) : () => undefined);
    },
    commands: protocol === 'ocpp2.1' ? { UpdateDynamicSchedule } : {},
  };
};
