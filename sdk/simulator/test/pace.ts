/** A test is over long before clocks that are so far behind have caught up, however busy the machine is: then all took its time. */
const BEHIND_MS = 10 * 24 * 3_600_000;

/** An hour of charging in a second. */
export const pace = (speed = 3_600): { readonly speed: number; readonly behindMs: number } => ({
  speed,
  behindMs: speed > 1 ? BEHIND_MS : 0,
});

/** In seconds: whoever was let in by an app plugs in at once, and a minute would be a sixtieth of a second. */
export const PLUGS_WITHIN = '86400';

/** A moment of stations' clocks that have just begun. */
export const stationTime = (minutes = 0): string => new Date(Date.now() - BEHIND_MS + minutes * 60_000).toISOString();
