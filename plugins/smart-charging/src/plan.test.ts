import { type Instant, instantOf } from '@plugga/kit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Limit, type Plan, plan, type PlanNeeds } from './plan.ts';

const now = instantOf('2026-01-15T12:00:00.000Z');
const HOUR = 3_600;
const at = (seconds: number): Instant => (now + seconds * 1_000) as Instant;
const limit = (watts: number, from = 0, until = Infinity): Limit => ({ watts, from: at(from), until: at(until) });
const needs = (o: Partial<PlanNeeds> = {}): PlanNeeds => ({
  ...{ now, way: 'asap', leastWatts: 0, stepWatts: 1, mostPeriods: 1_024 },
  ...o,
});
const spread = (energyWh: number, hours: number, o: Partial<PlanNeeds> = {}): PlanNeeds =>
  needs({ way: 'spread', energyWh, departsAt: at(hours * HOUR), ...o });
const periods = (found: Plan | undefined) => found?.periods.map(({ start, steps }) => [start, steps]);

describe('as soon as possible', () => {
  test('takes the lowest of all limits, from second to second', () => {
    expect(plan(needs({ energyWh: 20_000, departsAt: at(HOUR) }), [limit(11_000), limit(7_000, 600, 1_200)])).toEqual({
      start: now,
      periods: [
        { start: 0, steps: 11_000 },
        { start: 600, steps: 7_000 },
        { start: 1_200, steps: 11_000 },
      ],
      ...{ energyWh: 10_333, shortWh: 9_667 },
    });
  });
  test('a limit that begins or ends within a second holds for all of it', () => {
    expect(periods(plan(needs(), [limit(11_000), limit(7_000, 599.5, 1_199.5)]))).toEqual([
      [0, 11_000],
      [599, 7_000],
      [1_200, 11_000],
    ]);
  });
  test('pauses where less is let through than the vehicle can take', () => {
    expect(periods(plan(needs({ leastWatts: 4_140 }), [limit(11_000), limit(4_000, 60)]))).toEqual([
      [0, 11_000],
      [60, 0],
    ]);
  });
  test('says nothing where nobody has said how much', () => {
    expect(plan(needs({ energyWh: 5_000, departsAt: at(HOUR) }), [])).toBeUndefined();
    expect(plan(needs(), [limit(11_000, 0, 60)])).toBeUndefined();
  });
});

describe('evenly', () => {
  test('the energy until the departure, at one level', () => {
    expect(periods(plan(spread(24_000, 8), [limit(11_000)]))).toEqual([[0, 3_000]]);
  });
  test('what a low hour does not let through is had in the others', () => {
    const found = plan(spread(24_000, 8), [limit(11_000), limit(1_000, 2 * HOUR, 3 * HOUR)]);
    expect(periods(found)).toEqual([
      [0, 3_286],
      [2 * HOUR, 1_000],
      [3 * HOUR, 3_286],
    ]);
    expect(found).toMatchObject({ energyWh: 24_002, shortWh: 0 });
  });
  test('never below what the vehicle takes: it is done before', () => {
    expect(periods(plan(spread(8_000, 8, { leastWatts: 4_140 }), [limit(11_000)]))).toEqual([[0, 4_140]]);
  });
  test('all there is where it is not enough, and says what is missing', () => {
    expect(plan(spread(24_000, 1), [limit(11_000)])).toMatchObject({
      ...{ periods: [{ start: 0, steps: 11_000 }], energyWh: 11_000, shortWh: 13_000 },
    });
  });
  test('without a departure, or after it, as soon as possible', () => {
    expect(periods(plan(needs({ way: 'spread', energyWh: 5_000 }), [limit(11_000)]))).toEqual([[0, 11_000]]);
    expect(periods(plan(spread(5_000, -1), [limit(11_000)]))).toEqual([[0, 11_000]]);
  });
  test('needs no limit beside the energy and the time', () => {
    expect(periods(plan(spread(24_000, 8), []))).toEqual([[0, 3_000]]);
  });
});

test('of more changes than it may say those go that cost least, and never upwards', () => {
  const hours = [9_000, 8_900, 3_000, 9_000].map((watts, i) => limit(watts, i * HOUR, (i + 1) * HOUR));
  expect(periods(plan(needs({ mostPeriods: 3, departsAt: at(4 * HOUR) }), [limit(11_000), ...hours]))).toEqual([
    [0, 8_900],
    [2 * HOUR, 3_000],
    [3 * HOUR, 9_000],
  ]);
  expect(periods(plan(needs({ mostPeriods: 1 }), [limit(11_000), ...hours]))).toEqual([[0, 3_000]]);
  // A short hour that falls costs less than ten that fall less.
  const long = [limit(9_000, HOUR, 11 * HOUR), limit(7_500, 11 * HOUR, 12 * HOUR), limit(1_000, 12 * HOUR)];
  expect(periods(plan(needs({ mostPeriods: 3, departsAt: at(13 * HOUR) }), [limit(10_000), ...long]))).toEqual([
    [0, 9_000],
    [11 * HOUR, 7_500],
    [12 * HOUR, 1_000],
  ]);
});

test('of thousands of changes it is above none', () => {
  const many = Array.from({ length: 3_200 }, (_, i) => limit(4_000 + ((i * 7_919) % 7_000), i * 27, i * 27 + 300));
  const found = plan(needs({ mostPeriods: 24 }), [limit(11_000), ...many])!;
  expect(found.periods.length).toBeLessThanOrEqual(24);
  for (const { from, watts } of many) expect(stepsAt(found, from)).toBeLessThanOrEqual(watts);
});

test('an hour is an hour in the nights when clocks change', () => {
  const shapes = ['2026-03-28T22:00:00+01:00', '2026-10-24T22:00:00+02:00', '2026-01-15T22:00:00+01:00'].map((text) => {
    const moved = (seconds: number) => (instantOf(text) + seconds * 1_000) as Instant;
    const cable: Limit = { from: moved(0), until: Infinity, watts: 11_000 };
    const low: Limit = { from: moved(3 * HOUR), until: moved(5 * HOUR), watts: 2_000 };
    return periods(plan({ ...spread(30_000, 0), now: moved(0), departsAt: moved(10 * HOUR) }, [cable, low]));
  });
  expect(shapes[1]).toEqual(shapes[0]);
  expect(shapes[2]).toEqual(shapes[0]);
});

// Edges in milliseconds, so that they fall within seconds too.
const anyLimit = fc
  .record({
    watts: fc.integer({ min: 0, max: 20_000 }),
    from: fc.integer({ min: -100_000, max: 400_000 }),
    lasts: fc.oneof(fc.integer({ min: 1, max: 300_000 }), fc.constant(Infinity)),
  })
  .map(({ watts, from, lasts }): Limit => ({ watts, from: (now + from) as Instant, until: now + from + lasts }));
const anyCase = fc.record({
  limits: fc.array(anyLimit, { maxLength: 8 }).map((more) => [limit(22_000), ...more]),
  needs: fc
    .record({
      ...{ way: fc.constantFrom('asap' as const, 'spread' as const), ahead: fc.integer({ min: 0, max: 999 }) },
      energyWh: fc.integer({ min: 0, max: 2_500 }),
      leaves: fc.integer({ min: 1, max: 500 }),
      leastWatts: fc.constantFrom(0, 1_380, 4_140),
      stepWatts: fc.constantFrom(1, 23, 69),
      mostPeriods: fc.integer({ min: 1, max: 30 }),
    })
    .map(({ ahead, leaves, ...it }): PlanNeeds => ({
      ...it,
      ...{ now: (now + ahead) as Instant, departsAt: (at(leaves) + 999 - ahead) as Instant },
    })),
});
const holdsAt = (limits: readonly Limit[], from: number, until: number): number =>
  Math.min(...limits.filter((it) => it.from < until && it.until > from).map(({ watts }) => watts));
const stepsAt = ({ start, periods: all }: Plan, moment: number): number =>
  all.findLast((it) => start + it.start * 1_000 <= moment)!.steps;

test('is above no limit at any moment, never below what the vehicle takes, and no longer than it may be', () => {
  fc.assert(
    fc.property(anyCase, ({ limits, needs: of }) => {
      const found = plan(of, limits)!;
      expect(found.periods.length).toBeLessThanOrEqual(of.mostPeriods);
      expect(found.periods[0].start).toBe(0);
      for (const [i, it] of found.periods.entries()) {
        expect(Number.isInteger(it.start) && Number.isInteger(it.steps)).toBe(true);
        if (i > 0) expect(it.start).toBeGreaterThan(found.periods[i - 1]!.start);
        expect(it.steps === 0 || it.steps * of.stepWatts >= of.leastWatts - 1e-6).toBe(true);
      }
      const edges = limits.flatMap(({ from, until }) => [from - 1, from, until - 1, until]).filter(Number.isFinite);
      for (const moment of edges.filter((it) => it >= found.start))
        expect(stepsAt(found, moment) * of.stepWatts).toBeLessThanOrEqual(holdsAt(limits, moment, moment + 1) + 1e-6);
    }),
    { numRuns: 300 },
  );
});

test('reaches the energy wherever the limits allow, with the lowest peak', () => {
  fc.assert(
    fc.property(anyCase, ({ limits, needs: of }) => {
      const found = plan({ ...of, mostPeriods: 1_024 }, limits)!;
      const seconds = Math.floor((of.departsAt! - found.start) / 1_000);
      /** Second by second, in whole steps that the vehicle takes, no higher than that. */
      const most = (level: number): number => {
        let sum = 0;
        for (let i = 0; i < seconds; i += 1) {
          const steps = Math.floor(
            holdsAt(limits, found.start + i * 1_000, found.start + (i + 1) * 1_000) / of.stepWatts,
          );
          if (steps * of.stepWatts >= of.leastWatts) sum += Math.min(steps, level) * of.stepWatts;
        }
        return sum / 3_600;
      };
      const energyWh = of.energyWh!;
      const reached = most(Infinity) >= energyWh;
      if (seconds > 0) expect(Math.abs(found.shortWh - Math.max(0, energyWh - most(Infinity)))).toBeLessThan(1);
      if (seconds > 0 && reached) expect(found.energyWh).toBeGreaterThanOrEqual(energyWh - 1);
      const peak = Math.max(...found.periods.map(({ steps }) => steps));
      if (
        of.way === 'spread' &&
        seconds > 0 &&
        reached &&
        energyWh > 0 &&
        peak > Math.ceil(of.leastWatts / of.stepWatts)
      )
        expect(most(peak - 1)).toBeLessThan(energyWh + 1e-6);
    }),
    { numRuns: 150 },
  );
});
