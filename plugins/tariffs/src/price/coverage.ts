import { compile, type Component, type Range } from './compile.ts';
import { compare, zero, type Ratio } from './ratio.ts';
import { dayNames, type TariffBody } from './tariff.ts';

const DAY = 1440;
const WEEK = 7 * DAY;

/** From minute to minute of the week, Monday 00:00 first; the end is outside. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

/** "MONDAY 20:00" of a minute of the week. */
export const minuteName = (minute: number): string => {
  const [day, clock] = [Math.floor((minute % WEEK) / DAY), minute % DAY];
  const two = (value: number) => String(value).padStart(2, '0');
  return `${dayNames[(day + 1) % 7]} ${two(Math.floor(clock / 60))}:${two(clock % 60)}`;
};

/** Whether the component's clock holds at that minute of the week, dates aside. */
function onMinute({ when: { clock } }: Component, minute: number): boolean {
  if (clock === null) return true;
  const weekday = (Math.floor(minute / DAY) + 1) % 7;
  if ((clock.weekdays & (1 << weekday)) === 0) return false;
  if (clock.window === undefined) return true;
  const { start, end } = clock.window;
  const at = minute % DAY;
  return start < end ? at >= start && at < end : at >= start || at < end;
}

const dated = ({ when: { clock } }: Component): boolean =>
  clock !== null && (clock.fromDay > -Infinity || clock.toDay < Infinity);

const kinds = ['kwh', 'power', 'current', 'soc'] as const;

/** Whether at least one of them always holds, whatever the session: one without conditions, or ranges of one kind without a hole. */
function complete(components: readonly Component[]): boolean {
  const open = components.filter((it) => !dated(it));
  const conditions = ({ when }: Component) => [...kinds, 'seconds' as const].filter((kind) => when[kind] !== null);
  if (open.some((it) => conditions(it).length === 0)) return true;
  const only = (kind: string) => open.filter((it) => conditions(it).length === 1 && conditions(it)[0] === kind);
  return (
    kinds.some((kind) => unbroken(only(kind).flatMap(({ when }) => when[kind] ?? []))) ||
    unbroken(only('seconds').flatMap(({ when: { seconds } }) => (seconds === null ? [] : [rangeOf(seconds)])))
  );
}

const rangeOf = ({ min, max }: { readonly min: number; readonly max: number }): Range => ({
  min: { n: BigInt(min), d: 1n },
  max: max === Infinity ? null : { n: BigInt(max), d: 1n },
});

function unbroken(ranges: readonly Range[]): boolean {
  let reached: Ratio = zero;
  for (const { min, max } of ranges.toSorted((a, b) => compare(a.min ?? zero, b.min ?? zero))) {
    if (compare(min ?? zero, reached) > 0) return false;
    if (max === null) return true;
    if (compare(max, reached) > 0) reached = max;
  }
  return false;
}

const stretches = (is: (minute: number) => boolean): readonly Gap[] => {
  const found: Gap[] = [];
  for (let minute = 0; minute < WEEK; minute++) {
    if (!is(minute)) continue;
    const from = minute;
    while (minute < WEEK && is(minute)) minute++;
    found.push({ from, to: minute });
  }
  // What goes over Sunday's midnight is one.
  const [first, last] = [found[0], found.at(-1)];
  if (first !== undefined && last !== undefined && first !== last && first.from === 0 && last.to === WEEK)
    return [...found.slice(1, -1), { from: last.from, to: WEEK + first.to }];
  return found;
};

/** Where charging has no price: neither energy nor time (where the tariff has neither: nothing at all), for certain or maybe. */
export function gapsOf(body: TariffBody): { readonly none: readonly Gap[]; readonly maybe: readonly Gap[] } {
  const { ENERGY, TIME, FLAT, PARKING_TIME } = compile(body).components;
  const groups = [ENERGY, TIME].filter((it) => it.length > 0);
  const lists = groups.length > 0 ? groups : [[...FLAT, ...PARKING_TIME]];
  // The clock changes nothing within a minute of the same components: each set is judged once.
  const judged = new Map<string, 'full' | 'maybe' | 'none'>();
  const week = Array.from({ length: WEEK }, (_, minute) => {
    const here = lists.map((list) => list.filter((it) => onMinute(it, minute)));
    const key = here.map((list, n) => list.map((it) => lists[n]?.indexOf(it)).join()).join(';');
    let verdict = judged.get(key);
    if (verdict === undefined) {
      verdict = here.some(complete) ? 'full' : here.some((list) => list.length > 0) ? 'maybe' : 'none';
      judged.set(key, verdict);
    }
    return verdict;
  });
  return {
    none: stretches((minute) => week[minute] === 'none'),
    maybe: stretches((minute) => week[minute] === 'maybe'),
  };
}

/** Two elements that only the clock restricts and that both claim a minute, neither inside the other: the earlier counts there. */
export function overlapsOf(
  body: TariffBody,
): readonly { readonly first: Component; readonly second: Component; readonly at: number }[] {
  const { ENERGY, TIME, PARKING_TIME } = compile(body).components;
  const clockOnly = (it: Component) =>
    it.when.clock !== null && !dated(it) && [...kinds, 'seconds' as const].every((kind) => it.when[kind] === null);
  return [ENERGY, TIME, PARKING_TIME].flatMap((list) => {
    const clocked = list.filter(clockOnly);
    const minutes = new Map(
      clocked.map((it) => [it, Uint8Array.from({ length: WEEK }, (_, at) => (onMinute(it, at) ? 1 : 0))]),
    );
    return clocked.flatMap((second, n) =>
      clocked.slice(0, n).flatMap((first) => {
        const [a, b] = [minutes.get(first)!, minutes.get(second)!];
        const at = a.findIndex((on, minute) => on === 1 && b[minute] === 1);
        const apart =
          a.some((on, minute) => on === 1 && b[minute] === 0) && b.some((on, minute) => on === 1 && a[minute] === 0);
        return at >= 0 && apart ? [{ first, second, at }] : [];
      }),
    );
  });
}
