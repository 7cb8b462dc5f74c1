import { type DataOf, type EventDef, instant, type Instant, securityNoted } from '@plugga/kit';
import type { UnitInTheMaking } from './unit.ts';

/** What a station tells again and again, and how much of it is told on. */
export interface Pace {
  readonly of: string;
  /** Told one by one; then at each doubling, with how many it stands for. */
  readonly oneByOne: number;
  /** A station that makes up kinds has the rest of them counted as one. */
  readonly kinds: number;
}
type Counted = EventDef & { readonly type: string };
/** An event of which there may be too many; `count` is added to its data. */
export interface Said<E extends Counted = Counted> {
  readonly def: E;
  readonly data: DataOf<E>;
  readonly at?: Instant | undefined;
}

/** Events of one kind within ten minutes of its first. Work in progress: what it counts is told by its end at the latest. */
export interface Flood {
  readonly of: string;
  readonly since: Instant;
  readonly heard: number;
  /** Heard and not told yet, the newest of them with what it said. */
  readonly waiting: number;
  readonly newest: Said;
}

const WINDOW_MS = 10 * 60_000;
const SECURITY: Pace = { of: 'security', oneByOne: 10, kinds: 32 };
const OTHERS = '*';

const none: ReadonlyMap<string, Flood> = new Map();
const endOf = ({ since }: Flood): Instant => instant(since + WINDOW_MS);
const isTold = (heard: number, oneByOne: number): boolean => heard <= oneByOne || Number.isInteger(Math.log2(heard));
const countOf = (floods: ReadonlyMap<string, Flood>, of: string): number => {
  let count = 0;
  for (const flood of floods.values()) if (flood.of === of) count += 1;
  return count;
};

/**
 * An event, told if it is not one of a flood: the first of a kind in ten minutes are, then the 16th, the 32nd and so on, and
 * at the end of the ten minutes what is left, each with the number that it stands for. True when it was told now.
 */
export function sayAtPace<E extends Counted>(unit: UnitInTheMaking, pace: Pace, kind: string, said: Said<E>): boolean {
  const { now } = unit.env;
  const { floods = none } = unit.state;
  const own = `${pace.of} ${kind}`;
  const key = floods.has(own) || countOf(floods, pace.of) < pace.kinds ? own : `${pace.of} ${OTHERS}`;
  const before = floods.get(key);
  const isOver = before === undefined || endOf(before) <= now;
  const heard = isOver ? 1 : before.heard + 1;
  const count = (before?.waiting ?? 0) + 1;
  const told = isTold(heard, pace.oneByOne);
  const since = isOver ? now : before.since;
  const newest = said as unknown as Said;
  unit.note({ floods: new Map(floods).set(key, { of: pace.of, since, heard, waiting: told ? 0 : count, newest }) });
  if (told) tell(unit, newest, count);
  return told;
}

/** The newest of that kind that was heard lately, told or not. */
export const newestOf = (
  { floods = none }: { readonly floods?: ReadonlyMap<string, Flood> },
  pace: Pace,
  kind: string,
) => floods.get(`${pace.of} ${kind}`)?.newest;

/** A security event, told at their pace. */
export const sayPaced = (unit: UnitInTheMaking, data: DataOf<typeof securityNoted>, at?: Instant): boolean =>
  sayAtPace(unit, SECURITY, data.kind, { def: securityNoted, data, at });

const tell = (unit: UnitInTheMaking, { def, data, at }: Said, count: number): void =>
  void unit.say(def, { ...(data as object), ...(count === 1 ? {} : { count }) }, at === undefined ? {} : { at });

/** What the floods whose time is over still have to tell. */
export function concludeFloods(unit: UnitInTheMaking): void {
  const { floods = none } = unit.state;
  const over = [...floods].filter(([, it]) => endOf(it) <= unit.env.now);
  if (over.length === 0) return;
  for (const [, { waiting, newest }] of over) if (waiting > 0) tell(unit, newest, waiting);
  const left = new Map([...floods].filter(([key]) => !over.some(([gone]) => gone === key)));
  unit.note({ floods: left.size === 0 ? undefined : left } as Parameters<UnitInTheMaking['note']>[0]);
}

/** When the first of the floods of each sort that have something left to tell is over. */
export function floodEnds(floods: ReadonlyMap<string, Flood> = none): ReadonlyMap<string, Instant> {
  const ends = new Map<string, Instant>();
  for (const flood of floods.values()) {
    const end = endOf(flood);
    if (flood.waiting > 0 && end < (ends.get(flood.of) ?? Infinity)) ends.set(flood.of, end);
  }
  return ends;
}
