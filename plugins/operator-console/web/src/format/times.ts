const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const cache = new Map<string, Intl.DateTimeFormat>();
const formatter = (language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = cache.get(key) ?? new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, options);
  cache.set(key, known);
  return known;
};

/** How long, in its two largest units: "41 s", "12 min", "1 h 12 min", "3 d 4 h". Negative is nothing. */
export function duration(ms: number): string {
  const positive = Math.max(0, ms);
  const nbsp = '\u00A0';
  if (positive < MINUTE) return `${Math.floor(positive / 1000)}${nbsp}s`;
  if (positive < HOUR) return `${Math.floor(positive / MINUTE)}${nbsp}min`;
  if (positive < DAY)
    return `${Math.floor(positive / HOUR)}${nbsp}h ${Math.floor((positive % HOUR) / MINUTE)}${nbsp}min`;
  return `${Math.floor(positive / DAY)}${nbsp}d ${Math.floor((positive % DAY) / HOUR)}${nbsp}h`;
}

interface Zoned {
  readonly language: string;
  /** IANA name; the reader's own when left out. */
  readonly zone?: string;
}

const dayOf = (at: Date, { zone }: Zoned): string =>
  formatter('en', { dateStyle: 'short', ...(zone === undefined ? {} : { timeZone: zone }) }).format(at);

/** The time of today alone, else with its date: as short as is clear. */
export function moment(at: Date, now: Date, o: Zoned): string {
  const zone = o.zone === undefined ? {} : { timeZone: o.zone };
  if (dayOf(at, o) === dayOf(now, o)) return formatter(o.language, { timeStyle: 'medium', ...zone }).format(at);
  const year = at.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  const rest = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' } as const;
  return formatter(o.language, { ...rest, ...year, ...zone }).format(at);
}

/** The date alone, as short as is clear. */
export const dayOnly = (at: Date, o: Zoned): string =>
  formatter(o.language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...(o.zone === undefined ? {} : { timeZone: o.zone }),
  }).format(at);

/** Date, time to the second and the zone's offset: what stands behind a short time. */
export const exactMoment = (at: Date, o: Zoned): string =>
  formatter(o.language, {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
    ...(o.zone === undefined ? {} : { timeZone: o.zone }),
  }).format(at);

/** The reader's zone with its offset of now: "Europe/Stockholm (GMT+1)". */
export function zoneName(now: Date, o: Zoned): string {
  const zone = o.zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const parts = formatter(o.language, { timeZone: zone, timeZoneName: 'shortOffset' }).formatToParts(now);
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value;
  return offset === undefined || offset === zone ? zone : `${zone} (${offset})`;
}
