import {
  type DataOf,
  type Fact,
  type InstalledProfile,
  type ProfileChange,
  type ProfileFilter,
  profilesChanged,
  profilesReported,
} from '@plugga/kit';
import { wholeOf } from '../device/reports.ts';
import type { UnitInTheMaking } from './unit.ts';

/** Set by the CSO, which we are. */
export const OURS = 'CSO';

/** Of equal id, or of equal purpose and level at the same EVSE: the station puts one in place of the other. */
const takesPlace = (old: InstalledProfile, { id, evse, purpose, stackLevel }: InstalledProfile): boolean =>
  old.id === id || (old.evse === evse && old.purpose === purpose && old.stackLevel === stackLevel);
/** An id names one whatever else is said; without it all that is named must fit. */
const fitsFilter = (profile: InstalledProfile, { id, evse, purpose, stackLevel }: ProfileFilter): boolean =>
  id === undefined
    ? (evse === undefined || profile.evse === evse) &&
      (purpose === undefined || profile.purpose === purpose) &&
      (stackLevel === undefined || profile.stackLevel === stackLevel)
    : profile.id === id;

/** What the station has of ours after these changes. */
export function profilesAfter(
  before: readonly InstalledProfile[],
  changes: DataOf<typeof profilesChanged>['changes'],
): readonly InstalledProfile[] {
  let profiles = before;
  for (const change of changes)
    profiles =
      'set' in change
        ? [...profiles.filter((it) => !takesPlace(it, change.set)), change.set]
        : profiles.filter((it) => !fitsFilter(it, change.cleared as ProfileFilter));
  return profiles;
}

/** Those of ours in one part of a report. */
export const oursOf = ({ evse, source, profiles }: DataOf<typeof profilesReported>): readonly InstalledProfile[] =>
  source === OURS ? profiles.map(({ id, purpose, stackLevel }) => ({ id, evse, purpose, stackLevel })) : [];

export function profilesHeard(unit: UnitInTheMaking, fact: Extract<Fact, { kind: 'profilesReported' }>): void {
  const { kind: _, profiles, ...rest } = fact;
  unit.say(profilesReported, { ...rest, profiles: profiles.map((it) => ({ ...it })) });
}

/**
 * What we believe is put right by what the station has reported, once it has reported all of it: a profile of ours that fits the
 * question and is not there is gone, one that we did not know of is there. How many it has of ours; undefined before the last part.
 */
export function reconcileProfiles(unit: UnitInTheMaking, request: number, filter: ProfileFilter): number | undefined {
  const report = wholeOf(unit.state.profileReports, request);
  if (report === undefined) return undefined;
  const { items: ours = [] } = report;
  const believed = unit.state.profiles ?? [];
  const isSame = (a: InstalledProfile, b: InstalledProfile): boolean =>
    a.id === b.id && a.evse === b.evse && a.purpose === b.purpose && a.stackLevel === b.stackLevel;
  const gone = believed.filter((it) => fitsFilter(it, filter) && !ours.some((there) => there.id === it.id));
  const found = ours.filter((it) => !believed.some((known) => isSame(known, it)));
  const changes: readonly ProfileChange[] = [
    ...gone.map(({ id }) => ({ cleared: { id } })),
    ...found.map((it) => ({ set: it })),
  ];
  if (changes.length > 0) unit.say(profilesChanged, { changes: [...changes] });
  return ours.length;
}
