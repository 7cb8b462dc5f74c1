/** Days and times as they are typed, by the clock on the wall of a place, whatever the reader's own clock shows. */

const formats = new Map<string, Intl.DateTimeFormat>();
const clockOf = (zone: string): Intl.DateTimeFormat => {
  const known =
    formats.get(zone) ?? new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(zone, known);
  return known;
};
const DAY_MS = 86_400_000;

/** What that clock shows, to the minute, as an input of date and time takes it: "2026-03-29T07:30". */
export const localIn = (at: number, zone: string): string => clockOf(zone).format(at).replace(' ', 'T');

/** As if the clock were one of UTC. */
const wallOf = (local: string): number => Date.parse(`${local}:00Z`);
const offsetAt = (at: number, zone: string): number => wallOf(localIn(at, zone)) - at;

/**
 * The moment at which a clock there shows it, to the minute; undefined for what is no time. What it shows twice, in the night
 * when clocks go back, is the first time; what it never shows, in the night when they go forward, is as long after the leap.
 */
export function instantIn(local: string, zone: string): string | undefined {
  const wall = /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local) ? wallOf(local) : Number.NaN;
  // A 31st of February is another day to Date.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(local)) return undefined;
  const candidates = [offsetAt(wall - DAY_MS, zone), offsetAt(wall + DAY_MS, zone)].map((offset) => wall - offset);
  const shown = candidates.filter((at) => localIn(at, zone) === local);
  return new Date(shown.length === 0 ? candidates[0]! : Math.min(...shown)).toISOString();
}

/** "2026-03-01" as the moment at which that day begins there; undefined for no day. */
export const dayStart = (day: string, zone: string): string | undefined => instantIn(`${day}T00:00`, zone);

/** The day there at that moment, as an input of a date takes it. */
export const dayIn = (at: number, zone: string): string => localIn(at, zone).slice(0, 10);

/** Some days later, or before. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The first day of the month there, so many months later. */
export function monthIn(at: number, months: number, zone: string): string {
  const [year = 0, month = 1] = dayIn(at, zone).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}

/** The zone that most places have, the first of them where several are as many; undefined without any. */
export function commonZone(places: readonly { readonly timeZone: string }[]): string | undefined {
  const count = new Map<string, number>();
  for (const { timeZone } of places) count.set(timeZone, (count.get(timeZone) ?? 0) + 1);
  return [...count].reduce<readonly [string | undefined, number]>(
    (best, it) => (it[1] > best[1] ? it : best),
    [undefined, 0],
  )[0];
}
