import { instant } from '@plugga/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, parseTime } from './time.ts';

const now = instant(Date.UTC(2026, 0, 5, 12));
const shown = (raw: unknown) => {
  const at = parseTime(raw);
  return at === undefined ? undefined : new Date(at).toISOString();
};

describe('a timestamp is read', () => {
  it.each([
    ['2026-01-05T12:00:00Z', '2026-01-05T12:00:00.000Z'],
    ['2026-01-05T12:00:00.5Z', '2026-01-05T12:00:00.500Z'],
    ['2026-01-05T12:00:00.123456789Z', '2026-01-05T12:00:00.123Z'],
    ['2026-01-05T13:00:00+01:00', '2026-01-05T12:00:00.000Z'],
    ['2026-01-05T07:30:00-0430', '2026-01-05T12:00:00.000Z'],
    ['2026-01-05t12:00:00z', '2026-01-05T12:00:00.000Z'],
    ['2026-01-05 12:00:00Z', '2026-01-05T12:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s', (raw, expected) => expect(shown(raw)).toBe(expected));
});

describe('a timestamp is not usable', () => {
  it.each([
    ['without zone', '2026-01-05T12:00:00'],
    ['in the 13th month', '2026-13-05T12:00:00Z'],
    ['on 30 February', '2026-02-30T12:00:00Z'],
    ['on 29 February of no leap year', '2026-02-29T12:00:00Z'],
    ['in a leap second', '2016-12-31T23:59:60Z'],
    ['at 24:00', '2026-01-05T24:00:00Z'],
    ['as digits', '1000000'],
    ['as a word', 'now'],
    ['as the other word', 'infinity'],
    ['in an absurd zone', '2026-01-05T12:00:00+99:00'],
    ['when empty', ''],
    ['when followed by more', '2026-01-05T12:00:00Z; drop'],
    ['as a number', 1767614400000],
  ])('%s', (_, raw) => expect(parseTime(raw)).toBeUndefined());
});

describe('a time of the station', () => {
  it('is trusted from 2010 until now', () => {
    expect(judge('2026-01-05T11:59:59Z', now)).toEqual({ at: now - 1000, source: 'station' });
    expect(judge('2010-01-01T00:00:00Z', now).source).toBe('station');
  });
  it.each([
    ['1970-01-01T00:00:01Z'],
    ['2009-12-31T23:59:59Z'],
    ['2099-01-01T00:00:00Z'],
    ['2026-01-05T14:00:00Z'],
    ['now'],
  ])('%s falls back to the receive time, marked, its text kept', (raw) =>
    expect(judge(raw, now)).toEqual({ at: now, source: 'received', raw }),
  );
  it('that is missing falls back too', () => expect(judge(undefined, now)).toEqual({ at: now, source: 'received' }));
  it('of a clock that drifts less than a minute ahead is cut to ours without a mark', () => {
    expect(judge('2026-01-05T12:00:59Z', now)).toEqual({ at: now, source: 'station', raw: '2026-01-05T12:00:59Z' });
  });
  it('keeps no more than 100 characters of evidence', () => {
    expect(judge('x'.repeat(5000), now).raw).toHaveLength(100);
  });
});

describe('the parser is total', () => {
  const parts = fc.tuple(
    fc.nat(12000),
    fc.nat(15),
    fc.nat(40),
    fc.nat(30),
    fc.nat(70),
    fc.nat(70),
    fc.constantFrom('Z', '', '+02:00', '-25:99', ' '),
  );
  const timelike = parts.map(([y, mo, d, h, mi, s, zone]) => {
    const two = (n: number) => String(n).padStart(2, '0');
    return `${String(y).padStart(4, '0')}-${two(mo)}-${two(d)}T${two(h)}:${two(mi)}:${two(s)}${zone}`;
  });
  it('never throws, and gives what can be written again', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.anything(), timelike), (raw) => {
        const at = parseTime(raw);
        if (at === undefined) return;
        expect(Number.isSafeInteger(at)).toBe(true);
        expect(parseTime(new Date(at).toISOString())).toBe(at);
      }),
      { numRuns: 2000 },
    );
  });
  it('reads every instant that we write', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(parseTime(date.toISOString())).toBe(date.getTime());
        },
      ),
    );
  });
  it('never gives a judged time that is ahead of us or before 2010', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), timelike), (raw) => {
        const { at } = judge(raw, now);
        expect(at).toBeLessThanOrEqual(now);
        expect(at).toBeGreaterThanOrEqual(Date.UTC(2010, 0, 1));
      }),
    );
  });
});
