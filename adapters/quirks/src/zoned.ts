import type { StationView } from '@plugga/kit';
import { isMembers, type Members } from './members.ts';

// 2023-10-19T15:28:07, and nothing that says where that was the time.
const LOCAL = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.\d+)?$/;
const MINUTE = 60_000;

/** How far the zone is ahead of UTC at that instant. */
const aheadMs = (zone: string, at: number): number => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((it) => it.type === type)?.value);
  const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return shown - Math.floor(at / 1000) * 1000;
};

const two = (n: number): string => String(n).padStart(2, '0');

/** Local time with its zone written behind it; of the hour that comes twice in autumn, the first. */
const zoned = (text: string, zone: string): string => {
  const [, date, time] = LOCAL.exec(text) ?? [];
  if (date === undefined || time === undefined) return text;
  const naive = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(naive)) return text;
  const guess = aheadMs(zone, naive - aheadMs(zone, naive - 24 * 60 * MINUTE));
  const ahead = Math.round(guess / MINUTE);
  const size = Math.abs(ahead);
  return `${text}${ahead < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
};

const TIMES = new Set(['timestamp']);

const inside = (value: unknown, zone: string): unknown => {
  if (Array.isArray(value)) {
    const after = value.map((it) => inside(it, zone));
    return after.some((it, n) => it !== value[n]) ? after : value;
  }
  if (!isMembers(value)) return value;
  const entries = Object.entries(value).map(([name, it]): readonly [string, unknown] => [
    name,
    TIMES.has(name) && typeof it === 'string' ? zoned(it, zone) : inside(it, zone),
  ]);
  return entries.some(([name, it]) => it !== value[name]) ? Object.fromEntries(entries) : value;
};

/** Every timestamp without a zone is the local time of the station's location. */
export const inLocalTime = (payload: Members, { timeZone }: StationView): Members =>
  timeZone === undefined ? payload : (inside(payload, timeZone) as Members);
