export interface WallClock {
  readonly date: string;
  readonly weekday: string;
  /** Since midnight. */
  readonly minute: number;
}

const WEEKDAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];
const QUARTER = 900;
const known = new Map<string, number>();
const formats = new Map<string, Intl.DateTimeFormat>();

/** What the zone adds to UTC, in seconds; no zone changes within a quarter of an hour. */
function offset(at: number, zone: string): number {
  const quarter = Math.floor(at / QUARTER);
  const key = `${zone} ${quarter}`;
  let found = known.get(key);
  if (found === undefined) {
    let format = formats.get(zone);
    if (format === undefined) {
      format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      formats.set(zone, format);
    }
    const text = format.format(quarter * QUARTER * 1000).replace(' ', 'T');
    found = Date.parse(`${text}Z`) / 1000 - quarter * QUARTER;
    known.set(key, found);
  }
  return found;
}

/** What a clock on the wall shows at that moment (seconds since 1970) in the zone. */
export function wallClock(at: number, zone: string): WallClock {
  const local = new Date((at + offset(at, zone)) * 1000);
  return {
    date: local.toISOString().slice(0, 10),
    weekday: WEEKDAYS[local.getUTCDay()]!,
    minute: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
}
