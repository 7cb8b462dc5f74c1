import { instant, type Instant, iso } from '@plugga/kit';

// 2026-01-05T12:00:00Z, 2026-01-05T12:00:00.123+01:00. A zone is required: local time without one names no instant.
const ISO = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,20}))?(?:[Zz]|([+-])(\d\d):?(\d\d))$/;
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MINUTE = 60_000;
/** The raw text is evidence, not a place to store things. */
const KEPT_CHARACTERS = 100;

/** Clocks of stations that have never been set show 1970, 2000 or the year of the chip: nothing charged here before 2010. */
const TRUSTED_FROM = Date.UTC(2010, 0, 1);
/** A clock that is ahead by less is a good clock that drifts: cut to our time without a mark. */
const DRIFT_MS = MINUTE;

const daysIn = (year: number, month: number): number =>
  month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : DAYS[month - 1]!;

/**
 * The instant that a station's text names, or undefined: total, never throws. Neither JavaScript's nor the database's
 * parser will do: the one turns 30 February into 2 March, the other knows "now" and "infinity".
 */
export function parseTime(raw: unknown): Instant | undefined {
  if (typeof raw !== 'string') return undefined;
  if (raw !== lately.raw) lately = { raw, at: read(raw) };
  return lately.at;
}

/** One message's time is asked for by several rules in a row. */
let lately: { readonly raw: string; readonly at: Instant | undefined } = { raw: '', at: undefined };

function read(raw: string): Instant | undefined {
  const match = ISO.exec(raw);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = [
    +match[1]!,
    +match[2]!,
    +match[3]!,
    +match[4]!,
    +match[5]!,
    +match[6]!,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const zoneHours = +(match[9] ?? 0);
  const zoneMinutes = +(match[10] ?? 0);
  if (zoneHours > 18 || zoneMinutes > 59) return undefined;
  const millis = match[7] === undefined ? 0 : +match[7].slice(0, 3).padEnd(3, '0');
  const ahead = (zoneHours * 60 + zoneMinutes) * MINUTE * (match[8] === '-' ? -1 : 1);
  const at = Date.UTC(year, month - 1, day, hour, minute, second, millis) - ahead;
  // Date.UTC reads the years 0 to 99 as 1900 to 1999.
  return year < 100 ? undefined : instant(at);
}

/** When something happened as far as we believe it. `raw` is the station's own text where it was not taken as it is. */
export interface Judged {
  readonly at: Instant;
  readonly source: 'station' | 'received';
  readonly raw?: string;
}

/** Trusted: readable, 2010 or later, not ahead of us. Everything else happened when we heard of it, with a mark. */
export function judge(raw: string | undefined, receivedAt: Instant): Judged {
  const at = parseTime(raw);
  if (at !== undefined && at >= TRUSTED_FROM && at <= receivedAt) return { at, source: 'station' };
  const drifts = at !== undefined && at > receivedAt && at <= receivedAt + DRIFT_MS;
  const kept = raw === undefined ? {} : { raw: String(raw).slice(0, KEPT_CHARACTERS) };
  return { at: receivedAt, source: drifts ? 'station' : 'received', ...kept };
}

/** The same as an event carries it. */
export const timed = (judged: Judged): { time: string; timeSource?: 'received'; rawTime?: string } => ({
  time: iso(judged.at),
  ...(judged.source === 'received' ? { timeSource: 'received' as const } : {}),
  ...(judged.raw === undefined ? {} : { rawTime: judged.raw }),
});
