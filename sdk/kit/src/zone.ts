import { z } from '@hono/zod-openapi';

/** What a clock on the wall of a place shows, and how far that is from UTC. */
export interface LocalTime {
  /** `2026-01-15` */
  readonly date: string;
  /** `13:00` */
  readonly time: string;
  /** `+01:00` */
  readonly offset: string;
}

/** Since 1972 zones differ from UTC by whole quarters of an hour, and change at whole quarters: each is asked for once. */
const QUARTER_MS = 900_000;
const MINUTE_MS = 60_000;
const MOST_KNOWN = 10_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, number>();

/** Throws a RangeError for what is no IANA name. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US-u-ca-iso8601-nu-latn', {
      ...{ timeZone, hourCycle: 'h23' },
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' },
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** Intl knows exactly the names that can be used. */
export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

export const timeZoneName = z.string().refine(isTimeZone, 'an IANA time zone, such as Europe/Stockholm');

/** What the zone adds to UTC at that instant, in milliseconds. Intl takes 4 us a question, so what was learnt is kept. */
export function zoneOffsetMs(at: number, timeZone: string): number {
  const quarter = Math.floor(at / QUARTER_MS);
  const key = `${timeZone} ${quarter}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const ms = quarter * QUARTER_MS;
  const part: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(ms)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - ms;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, offset);
  return offset;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `+01:00` */
export function offsetText(ms: number): string {
  const size = Math.abs(Math.round(ms / MINUTE_MS));
  return `${ms < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

export function localTime(at: number, timeZone: string): LocalTime {
  const ahead = zoneOffsetMs(at, timeZone);
  const wall = new Date(at + ahead).toISOString();
  return { date: wall.slice(0, 10), time: wall.slice(11, 16), offset: offsetText(ahead) };
}
