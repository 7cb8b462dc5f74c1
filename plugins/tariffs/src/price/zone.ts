import { isTimeZone, zoneOffsetMs } from '@plugga/kit';
import { failTariff } from '../errors.ts';

/** What the clock on the wall of a place shows. */
export interface Wall {
  /** Days since 1 January 1970, local. */
  readonly day: number;
  /** Minutes since local midnight; with the seconds as a fraction. */
  readonly minute: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

export interface Zone {
  wall(ms: number): Wall;
  /** Instants in (from, to) at which the wall clock may come to one of these minutes, or jumps; ascending, too many do no harm. */
  marks(from: number, to: number, minutes: readonly number[]): readonly number[];
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/**
 * A zone by its IANA name. Intl knows the rules but takes 4 us a question, so each UTC day is asked once for its offset at
 * both ends; only on a day that changes it, an instant of its own is looked at. temporal-polyfill would give the same
 * answers from the same Intl, at a higher price.
 */
function zoneOf(name: string): Zone {
  if (!isTimeZone(name)) throw failTariff('tariff-invalid', `time_zone: "${name}" is not an IANA time zone`);
  const offsetAt = (ms: number): number => zoneOffsetMs(ms, name);
  const days = new Map<number, { readonly before: number; readonly change: number; readonly after: number }>();
  const dayOf = (day: number) => {
    const known = days.get(day);
    if (known !== undefined) return known;
    const [start, end] = [day * DAY_MS, (day + 1) * DAY_MS];
    const [before, after] = [offsetAt(start), offsetAt(end)];
    let [low, high] = [start, end];
    while (before !== after && high - low > 1000) {
      const middle = Math.floor((low + high) / 2000) * 1000;
      if (offsetAt(middle) === before) low = middle;
      else high = middle;
    }
    const made = { before, change: high, after };
    if (days.size > 4000) days.clear();
    days.set(day, made);
    return made;
  };
  const offset = (ms: number): number => {
    const { before, change, after } = dayOf(Math.floor(ms / DAY_MS));
    return ms < change ? before : after;
  };
  return {
    wall: (ms) => {
      const local = ms + offset(ms);
      const day = Math.floor(local / DAY_MS);
      return { day, minute: (local - day * DAY_MS) / MINUTE_MS, weekday: (((day + 4) % 7) + 7) % 7 };
    },
    marks: (from, to, minutes) => {
      const found = new Set<number>();
      const add = (ms: number) => {
        if (ms > from && ms < to) found.add(ms);
      };
      // A local day begins at most 14 hours away from the UTC day of its name.
      for (let day = Math.floor(from / DAY_MS) - 1; day <= Math.floor(to / DAY_MS) + 1; day++) {
        const { before, change, after } = dayOf(day);
        if (before !== after) add(change);
        const near = [dayOf(day - 1), dayOf(day), dayOf(day + 1)].flatMap((it) => [it.before, it.after]);
        for (const away of new Set(near)) for (const minute of minutes) add(day * DAY_MS + minute * MINUTE_MS - away);
      }
      return [...found].toSorted((a, b) => a - b);
    },
  };
}

const zones = new Map<string, Zone>();
/** The zone of an IANA name such as "Europe/Stockholm"; what was learnt of it is kept. */
export const zone = (name: string): Zone => {
  let known = zones.get(name);
  if (known === undefined) zones.set(name, (known = zoneOf(name)));
  return known;
};
