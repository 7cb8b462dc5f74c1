import type { Instant } from '@plugga/kit';

/** The wall clock of a place. */
export interface LocalTime {
  /** YYYY-MM-DD */
  readonly day: string;
  /** 0 to 23; in the night that has an hour twice both are the same. */
  readonly hour: number;
}

const QUARTER_MS = 900_000;
const MOST_KNOWN = 10_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, LocalTime>();

const formatOf = (zone: string): Intl.DateTimeFormat => {
  let format = formats.get(zone);
  if (format === undefined) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en', { timeZone: zone, ...parts });
    formats.set(zone, format);
  }
  return format;
};

/** Day and hour in an IANA zone. Zones differ from UTC by whole quarters of an hour, so each quarter is asked for once. */
export function localTime(at: Instant, zone: string): LocalTime {
  const quarter = Math.floor(at / QUARTER_MS);
  const key = `${zone} ${quarter}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const parts = new Map(
    formatOf(zone)
      .formatToParts(quarter * QUARTER_MS)
      .map(({ type, value }) => [type, value]),
  );
  const day = `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  const made = { day, hour: Number(parts.get('hour')) };
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, made);
  return made;
}

/** The day so many days later; calendar days, without a zone. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
