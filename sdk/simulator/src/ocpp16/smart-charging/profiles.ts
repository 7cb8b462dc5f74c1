import type { Profile, ProfileLimits } from './profile.ts';

type Given = Readonly<Record<string, unknown>>;

/** The profiles after that one came: it replaces the one of its id, and the one of its stack level and purpose there (section 5.16). */
export const withProfile = (
  profiles: readonly Profile[],
  added: Profile,
  limits: ProfileLimits,
): readonly Profile[] | undefined => {
  const rest = profiles.filter(
    (one) =>
      one.id !== added.id &&
      !(one.connector === added.connector && one.purpose === added.purpose && one.stackLevel === added.stackLevel),
  );
  return rest.length >= limits.maxProfiles ? undefined : [...rest, added];
};

/** ClearChargingProfile (section 5.2): by id alone when there is one, else all that fit what is given. */
export const withoutProfiles = (profiles: readonly Profile[], clear: Given): readonly Profile[] => {
  const { id, connectorId, chargingProfilePurpose: purpose, stackLevel } = clear;
  const goes = (one: Profile): boolean =>
    id !== undefined
      ? one.id === id
      : (connectorId === undefined || one.connector === connectorId) &&
        (purpose === undefined || one.purpose === purpose) &&
        (stackLevel === undefined || one.stackLevel === stackLevel);
  return profiles.filter((one) => !goes(one));
};

/** A transaction's own profiles end with it (section 3.13.1). */
export const afterTransaction = (profiles: readonly Profile[], connector: number): readonly Profile[] =>
  profiles.filter((one) => !(one.purpose === 'TxProfile' && one.connector === connector));
