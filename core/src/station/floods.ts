import { type DataOf, instant, type Instant, securityNoted } from '@plugga/kit';
import type { UnitInTheMaking } from './unit.ts';

type Noted = DataOf<typeof securityNoted>;

/** Security events of one kind within ten minutes of its first. Work in progress: what it counts is told by its end at the latest. */
export interface Flood {
  readonly since: Instant;
  readonly heard: number;
  /** Heard and not told yet, the newest of them with what it said. */
  readonly waiting: number;
  readonly newest: Noted;
}

const WINDOW_MS = 10 * 60_000;
/** Told one by one; then at each doubling, with how many it stands for. */
const ONE_BY_ONE = 10;
/** A station that makes up kinds has the rest of them counted as one. */
const KINDS = 32;
const OTHERS = '*';

const none: ReadonlyMap<string, Flood> = new Map();
const endOf = ({ since }: Flood): Instant => instant(since + WINDOW_MS);
const isTold = (heard: number): boolean => heard <= ONE_BY_ONE || Number.isInteger(Math.log2(heard));

/**
 * A security event, told if it is not one of a flood: the first ten in ten minutes are, then the 16th, the 32nd and so on, and
 * at the end of the ten minutes what is left, each with the number that it stands for. True when it was told now.
 */
export function sayPaced(unit: UnitInTheMaking, noted: Noted, at?: Instant): boolean {
  const { now } = unit.env;
  const { floods = none } = unit.state;
  const key = floods.has(noted.kind) || floods.size < KINDS ? noted.kind : OTHERS;
  const before = floods.get(key);
  const isOver = before === undefined || endOf(before) <= now;
  const heard = isOver ? 1 : before.heard + 1;
  const count = (before?.waiting ?? 0) + 1;
  const told = isTold(heard);
  const flood = { since: isOver ? now : before.since, heard, waiting: told ? 0 : count, newest: noted };
  unit.note({ floods: new Map(floods).set(key, flood) });
  if (told) tell(unit, noted, count, at);
  return told;
}

const tell = (unit: UnitInTheMaking, noted: Noted, count: number, at?: Instant): void =>
  void unit.say(
    securityNoted,
    { ...noted, ...(count === 1 ? {} : { count }) },
    ...(at === undefined ? [] : ([{ at }] as const)),
  );

/** What the floods whose time is over still have to tell. */
export function concludeFloods(unit: UnitInTheMaking): void {
  const { floods = none } = unit.state;
  const over = [...floods].filter(([, it]) => endOf(it) <= unit.env.now);
  if (over.length === 0) return;
  for (const [, { waiting, newest }] of over) if (waiting > 0) tell(unit, newest, waiting);
  const left = new Map([...floods].filter(([key]) => !over.some(([gone]) => gone === key)));
  unit.note({ floods: left.size === 0 ? undefined : left } as Parameters<UnitInTheMaking['note']>[0]);
}

/** When each flood that has something left to tell is over, by its kind. */
export const floodEnds = (floods: ReadonlyMap<string, Flood> = none): readonly (readonly [string, Instant])[] =>
  [...floods].flatMap(([kind, it]) => (it.waiting === 0 ? [] : [[kind, endOf(it)] as const]));
