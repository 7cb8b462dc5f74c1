import { afterAll, describe, expect, test } from 'vitest';
import { commonZone, dayAfter, dayIn, dayStart, instantIn, localIn, monthIn } from './site-time.ts';

const own = process.env['TZ'];
afterAll(() => {
  if (own === undefined) delete process.env['TZ'];
  else process.env['TZ'] = own;
});
const stockholm = 'Europe/Stockholm';

describe.each(['UTC', 'Pacific/Auckland', 'America/Los_Angeles', stockholm])('on a computer in %s', (reader) => {
  const there = <T>(run: () => T): T => {
    process.env['TZ'] = reader;
    return run();
  };

  test.each([
    ['2026-01-15T13:00', stockholm, '2026-01-15T12:00:00.000Z'],
    ['2026-07-15T13:00', stockholm, '2026-07-15T11:00:00.000Z'],
    // Clocks go forward at 02:00 and back at 03:00.
    ['2026-03-29T01:59', stockholm, '2026-03-29T00:59:00.000Z'],
    ['2026-03-29T02:30', stockholm, '2026-03-29T01:30:00.000Z'],
    ['2026-03-29T03:00', stockholm, '2026-03-29T01:00:00.000Z'],
    ['2026-10-25T01:30', stockholm, '2026-10-24T23:30:00.000Z'],
    ['2026-10-25T02:30', stockholm, '2026-10-25T00:30:00.000Z'],
    ['2026-10-25T03:00', stockholm, '2026-10-25T02:00:00.000Z'],
    ['2026-01-15T13:00', 'Asia/Kathmandu', '2026-01-15T07:15:00.000Z'],
    ['2026-01-15T00:30', 'Pacific/Kiritimati', '2026-01-14T10:30:00.000Z'],
    ['2026-02-31T13:00', stockholm, undefined],
    ['2026-01-15', stockholm, undefined],
    ['', stockholm, undefined],
  ])('%s on a clock in %s is %s', (local, zone, at) => expect(there(() => instantIn(local, zone))).toBe(at));

  test('a day begins when it begins there, in the nights of the clocks too, and where midnight is leapt over', () => {
    const days = ['2026-03-29', '2026-03-30', '2026-10-25', '2026-10-26'];
    expect(there(() => days.map((day) => dayStart(day, stockholm)))).toEqual([
      ...['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
      ...['2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ]);
    // In Santiago clocks go from 00:00 to 01:00.
    expect(there(() => dayStart('2026-09-06', 'America/Santiago'))).toBe('2026-09-06T04:00:00.000Z');
    expect(there(() => dayStart('', stockholm))).toBeUndefined();
  });

  test('a moment is shown as the clock there shows it, and what is typed so is that moment again', () => {
    for (const zone of [stockholm, 'America/St_Johns', 'Pacific/Chatham'])
      for (let hour = 0; hour < 24 * 365; hour += 7) {
        const at = Date.UTC(2026, 0, 1) + hour * 3_600_000;
        const local = there(() => localIn(at, zone));
        const again = Date.parse(there(() => instantIn(local, zone)) ?? '');
        // An hour that comes twice is taken as the first.
        expect([at, at - 3_600_000], `${zone} ${local}`).toContain(again);
        expect(there(() => localIn(again, zone))).toBe(local);
      }
  });

  test('a month begins on its first day there, over the turn of the year too', () => {
    const at = Date.parse('2026-01-31T23:30:00Z');
    expect(there(() => [-2, -1, 0].map((months) => monthIn(at, months, stockholm)))).toEqual([
      ...['2025-12-01', '2026-01-01', '2026-02-01'],
    ]);
    expect(there(() => [dayIn(at, stockholm), dayAfter('2026-02-28', 1)])).toEqual(['2026-02-01', '2026-03-01']);
  });
});

test('sites in several zones have the one that most of them have', () => {
  const places = ['Europe/Helsinki', stockholm, stockholm].map((timeZone) => ({ timeZone }));
  expect(commonZone(places)).toBe(stockholm);
  expect([commonZone(places.slice(0, 2)), commonZone([])]).toEqual(['Europe/Helsinki', undefined]);
});
