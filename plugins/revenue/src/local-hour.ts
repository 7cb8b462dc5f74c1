import { localTime, type Instant } from '@plugga/kit';

/** Which day and hour it is at a place. */
export interface LocalHour {
  /** YYYY-MM-DD */
  readonly day: string;
  /** 0 to 23; in the night that has an hour twice both are the same. */
  readonly hour: number;
}

export function localHour(at: Instant, zone: string): LocalHour {
  const { date, time } = localTime(at, zone);
  return { day: date, hour: Number(time.slice(0, 2)) };
}

/** The day so many days later; calendar days, without a zone. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
