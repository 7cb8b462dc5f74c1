import { iso, localTime, zoneOffsetMs, type Instant } from '@plugga/kit';

/** The first midnight of the month after, there. */
export function monthEnd(at: Instant, timeZone: string): Instant {
  const [year = 0, month = 0] = localDate(at, timeZone).split('-').map(Number);
  const wall = Date.UTC(year, month, 1);
  // The offset of that midnight, found from the one of a moment near it.
  const guess = wall - zoneOffsetMs(wall, timeZone);
  return (wall - zoneOffsetMs(guess, timeZone)) as Instant;
}

/** `2026-01-15`, there. */
export const localDate = (at: Instant, timeZone: string): string => localTime(at, timeZone).date;

export const isoOf = (at: Date): string => iso(at.getTime() as Instant);
