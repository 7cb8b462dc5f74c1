import { offsetText, type StationView, zoneOffsetMs } from '@plugga/kit';
import { isMembers, type Members } from './members.ts';

// 2023-10-19T15:28:07, and nothing that says where that was the time.
const LOCAL = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.\d+)?$/;
const DAY_MS = 86_400_000;

/** Local time with its zone written behind it; of the hour that comes twice in autumn, the first. */
const zoned = (text: string, zone: string): string => {
  const [, date, time] = LOCAL.exec(text) ?? [];
  if (date === undefined || time === undefined) return text;
  const naive = Date.parse(`${date}T${time}Z`);
  if (Number.isNaN(naive)) return text;
  const ahead = zoneOffsetMs(naive - zoneOffsetMs(naive - DAY_MS, zone), zone);
  return `${text}${offsetText(ahead)}`;
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
