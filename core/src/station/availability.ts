import { type DataOf, instant, type Instant, stationAvailabilityAsked } from '@plugga/kit';
import type { Env } from './input.ts';
import type { StationState } from './state.ts';
import type { UnitInTheMaking } from './unit.ts';

/** What the operator wants of a part of the station, and when it was last told so. */
export interface AvailabilityWish {
  /** 0: the whole station. */
  readonly evse: number;
  readonly connector?: number;
  readonly operative: boolean;
  readonly at: Instant;
}
type Asked = DataOf<typeof stationAvailabilityAsked>;

/** The station settles first, tells its states, and is sent nothing unsolicited meanwhile. */
const AFTER_MS = 40_000;
const MOST = 64;

/** What is wanted after one more word of the operator: of the whole station it takes the place of all that was said before. */
export function wished(wishes: readonly AvailabilityWish[], asked: Asked, at: Instant): readonly AvailabilityWish[] {
  const { evse, connector, operative, again } = asked;
  const isThat = (it: AvailabilityWish): boolean => it.evse === evse && it.connector === connector;
  if (again === true) return wishes.map((it) => (isThat(it) ? { ...it, at } : it));
  const others =
    evse === 0
      ? []
      : wishes.filter((it) => it.evse !== evse || (connector !== undefined && it.connector !== connector));
  const wish = { evse, operative, at, ...(connector === undefined ? {} : { connector }) };
  // In service is what a station is by itself, unless the whole of it was taken out.
  const isUsual = operative && !others.some((it) => it.evse === 0);
  return isUsual ? others : [...others, wish].slice(-MOST);
}

/** Said before its last boot, so that it may have forgotten it. */
const owed = ({ availability = [], boot }: StationState): readonly AvailabilityWish[] =>
  boot === undefined ? [] : availability.filter((it) => it.at < boot.at);

/** When a station that has booted is looked at: what was taken out of service should be so still. */
export function availabilityDue(state: StationState, env: Env): Instant | undefined {
  if (!env.online || env.quiet === true || owed(state).length === 0) return undefined;
  return instant(Math.max(state.boot!.at, env.quietSince) + AFTER_MS);
}

const isThere = (state: StationState, { evse, connector, operative }: AvailabilityWish): boolean => {
  const there = state.connectors.filter(
    (it) => it.evse > 0 && (evse === 0 || it.evse === evse) && (connector === undefined || it.connector === connector),
  );
  return there.length > 0 && there.every((it) => (it.status === 'unavailable') !== operative);
};

/** Tells it once more what it has forgotten, at most once a boot. What it has kept needs no word. */
export function tellAvailability(unit: UnitInTheMaking): void {
  const due = availabilityDue(unit.state, unit.env);
  if (due === undefined || due > unit.env.now) return;
  for (const wish of owed(unit.state)) {
    if (isThere(unit.state, wish)) continue;
    const { evse, connector, operative } = wish;
    const where = { evse, ...(connector === undefined ? {} : { connector }) };
    unit.say(stationAvailabilityAsked, { ...where, operative, again: true });
    unit.want({ kind: 'availability', ...where, operative });
  }
}
