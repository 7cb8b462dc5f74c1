import type { Deviation } from '../personality.ts';

type Members = Readonly<Record<string, unknown>>;

/** What a SetChargingProfile asks for. */
export const profileIn = (payload: Members): { purpose: unknown; kind: unknown; stackLevel: unknown } => {
  const { chargingProfilePurpose, chargingProfileKind, stackLevel } = (payload['csChargingProfiles'] ?? {}) as Members;
  return { purpose: chargingProfilePurpose, kind: chargingProfileKind, stackLevel };
};

export const aboveStackLevelZero = (payload: Members): Deviation =>
  Number(profileIn(payload).stackLevel) > 0 ? { result: { status: 'Rejected' } } : undefined;
