import { iso, type Instant } from '@plugga/kit';

const formats = new Map<string, Intl.DateTimeFormat>();
const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  let known = formats.get(timeZone);
  if (known === undefined) {
    known = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone, hourCycle: 'h23', timeZoneName: 'longOffset' },
      ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    } as const);
    formats.set(timeZone, known);
  }
  return known;
};

interface LocalTime {
  /** `2026-01-15` */
  readonly date: string;
  /** `13:00` */
  readonly time: string;
  /** `+01:00` */
  readonly offset: string;
}

/** As the clock on the wall says it, and how far that is from UTC. */
export function localTime(at: Instant, timeZone: string): LocalTime {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const get = (part: Intl.DateTimeFormatPartTypes): string => parts.get(part) ?? '';
  const zone = get('timeZoneName').slice(3);
  return {
    date: `${get('year')}-${get('month')}-${get('day')}`,
    time: `${get('hour')}:${get('minute')}`,
    offset: zone === '' ? '+00:00' : zone,
  };
}

const offsetMs = (at: Instant, timeZone: string): number => {
  const { offset } = localTime(at, timeZone);
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
};

/** The first midnight of the month after, there. */
export function monthEnd(at: Instant, timeZone: string): Instant {
  const [year = 0, month = 0] = localTime(at, timeZone).date.split('-').map(Number);
  const wall = Date.UTC(year, month, 1);
  // The offset of that midnight, found from the one of a moment near it.
  const guess = (wall - offsetMs(wall as Instant, timeZone)) as Instant;
  return (wall - offsetMs(guess, timeZone)) as Instant;
}

/** `2026-01-15`, there. */
export const localDate = (at: Instant, timeZone: string): string => localTime(at, timeZone).date;

export const isoOf = (at: Date): string => iso(at.getTime() as Instant);
