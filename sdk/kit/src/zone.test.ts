import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTimeZone, localTime, offsetText, zoneOffsetMs } from './zone.ts';

test.each([
  ['2026-01-15T12:00:00Z', 'Europe/Stockholm', { date: '2026-01-15', time: '13:00', offset: '+01:00' }],
  ['2026-03-29T00:59:59Z', 'Europe/Stockholm', { date: '2026-03-29', time: '01:59', offset: '+01:00' }],
  ['2026-03-29T01:00:00Z', 'Europe/Stockholm', { date: '2026-03-29', time: '03:00', offset: '+02:00' }],
  ['2026-01-01T02:07:00Z', 'America/New_York', { date: '2025-12-31', time: '21:07', offset: '-05:00' }],
  ['2026-06-01T00:00:00Z', 'Asia/Kathmandu', { date: '2026-06-01', time: '05:45', offset: '+05:45' }],
  ['2026-06-01T23:59:00Z', 'UTC', { date: '2026-06-01', time: '23:59', offset: '+00:00' }],
])('%s in %s', (at, zone, shown) => {
  expect(localTime(Date.parse(at), zone)).toEqual(shown);
});

test('the name of a zone is one that Intl knows', () => {
  expect(['Europe/Stockholm', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([true, false, false]);
  expect(() => zoneOffsetMs(0, 'Mars/Olympus')).toThrow(RangeError);
});

test('it is what Intl says of the very moment, in every zone that there is', () => {
  const zones = Intl.supportedValuesOf('timeZone');
  const moment = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2037, 0) });
  fc.assert(
    fc.property(fc.constantFrom(...zones), moment, (timeZone, at) => {
      const [part] = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
        .formatToParts(at)
        .filter(({ type }) => type === 'timeZoneName');
      expect(offsetText(zoneOffsetMs(at, timeZone))).toBe(part?.value.slice(3) || '+00:00');
    }),
    { numRuns: 300 },
  );
});
