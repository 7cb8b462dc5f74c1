import fc from 'fast-check';
import { expect, test } from 'vitest';
import { priceVector } from './vector.ts';

/** Whole seconds and watt-hours, prices that are not negative, step_size 1. */
const price = fc.integer({ min: 0, max: 9999 }).map((it) => it / 100);
const clock = fc.integer({ min: 0, max: 95 }).map((it) => {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(it / 4))}:${two((it % 4) * 15)}`;
});
const restrictions = fc.option(
  fc.oneof(
    fc.record({ start_time: clock, end_time: clock }),
    fc.constantFrom(2, 5, 10).map((max_kwh) => ({ max_kwh })),
    fc.constantFrom(7, 11, 22).map((max_power) => ({ max_power })),
    fc.constantFrom(600, 3600).map((max_duration) => ({ max_duration })),
  ),
  { nil: undefined },
);
const component = (type: string) =>
  fc.record({ type: fc.constant(type), price, step_size: fc.constant(1), vat: fc.constantFrom(0, 6, 25) });
const element = fc.record(
  {
    price_components: fc
      .subarray(['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'], { minLength: 1 })
      .chain((types) => fc.tuple(...types.map(component))),
    restrictions,
  },
  { requiredKeys: ['price_components', 'restrictions'] },
);
const tariff = fc.array(element, { minLength: 1, maxLength: 5 }).map((elements) => ({
  id: 'T',
  currency: 'SEK',
  elements: elements.map(({ restrictions: only, ...it }) => (only === undefined ? it : { ...it, restrictions: only })),
}));
const period = fc.record({
  seconds: fc.integer({ min: 1, max: 7200 }),
  wh: fc.integer({ min: 0, max: 20_000 }),
  idle: fc.boolean(),
});
type Period = { readonly seconds: number; readonly wh: number; readonly idle: boolean };
const start = fc
  .constantFrom('2026-05-04T06:30:00Z', '2026-03-28T22:30:00Z', '2026-10-24T22:30:00Z')
  .map((it) => Date.parse(it));

const at = (ms: number) => new Date(ms).toISOString();
const session = (from: number, periods: readonly Period[]) => {
  let ms = from;
  const charging_periods = periods.map(({ seconds, wh, idle }) => {
    const start_date_time = at(ms);
    ms += seconds * 1000;
    const hours = { type: idle ? 'PARKING_TIME' : 'TIME', volume: seconds / 3600 };
    return { start_date_time, dimensions: [hours, ...(wh === 0 ? [] : [{ type: 'ENERGY', volume: wh / 1000 }])] };
  });
  return { time_zone: 'Europe/Stockholm', start_date_time: at(from), end_date_time: at(ms), charging_periods };
};

const minor = (text: string) => {
  const [n = '0', d = '1'] = text.split('/');
  return Number(n) / Number(d);
};

test('to go on charging never costs less', () => {
  fc.assert(
    fc.property(tariff, start, fc.array(period, { minLength: 1, maxLength: 5 }), period, (one, from, periods, more) => {
      const cost = (all: readonly Period[]) => priceVector({ tariffs: [one], session: session(from, all) }).total;
      const [before, after] = [cost(periods), cost([...periods, more])];
      expect(minor(after.excl_vat)).toBeGreaterThanOrEqual(minor(before.excl_vat) - 1e-9);
      expect(minor(after.incl_vat)).toBeGreaterThanOrEqual(minor(before.incl_vat) - 1e-9);
    }),
    { numRuns: 60 },
  );
});

test('a period cut in proportion, its restrictions unchanged, costs the same', () => {
  const whole = fc.record({
    minutes: fc.integer({ min: 2, max: 90 }),
    whPerMinute: fc.integer({ min: 0, max: 400 }),
    idle: fc.boolean(),
  });
  // Restrictions that the cut could change the answer to are left out: only power, which stays, and the whole day.
  const steady = tariff.map((it) => ({
    ...it,
    elements: it.elements.filter((one) => !('restrictions' in one) || 'max_power' in (one.restrictions as object)),
  }));
  fc.assert(
    fc.property(
      steady,
      start,
      fc.array(whole, { minLength: 1, maxLength: 4 }),
      fc.nat(),
      fc.nat(),
      (one, from, all, which, where) => {
        fc.pre(one.elements.length > 0);
        const periods = (minutes: number, { whPerMinute, idle }: (typeof all)[number]) => ({
          seconds: minutes * 60,
          wh: minutes * whPerMinute,
          idle,
        });
        const n = which % all.length;
        const cut = all.flatMap((it, index) => {
          const first = 1 + (where % (it.minutes - 1));
          return index === n ? [periods(first, it), periods(it.minutes - first, it)] : [periods(it.minutes, it)];
        });
        const say = (parts: readonly Period[]) => {
          const { lines, total, invoice } = priceVector({ tariffs: [one], session: session(from, parts) });
          return { lines, total, invoice };
        };
        expect(say(cut)).toEqual(say(all.map((it) => periods(it.minutes, it))));
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', '82800', '3600'],
  ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', '90000', '10800'],
  ['2026-05-03T22:00:00Z', '2026-05-04T22:00:00Z', '86400', '7200'],
])(
  'the day from %s to %s in Stockholm has %s priced seconds, %s of them from 01:00 to 03:00',
  (from, to, day, night) => {
    const time = (cents: number) => ({ price_components: [{ type: 'TIME', price: cents, step_size: 1 }] });
    const { lines, billed_volume } = priceVector({
      tariffs: [
        {
          id: 'T',
          currency: 'SEK',
          elements: [{ ...time(1), restrictions: { start_time: '01:00', end_time: '03:00' } }, time(2)],
        },
      ],
      session: {
        time_zone: 'Europe/Stockholm',
        start_date_time: from,
        end_date_time: to,
        meter_readings: [
          { charger_time: from, register_kwh: 0 },
          { charger_time: to, register_kwh: 10 },
        ],
      },
    });
    expect(billed_volume).toEqual({ TIME: { volume: day, unit: 's' } });
    expect(lines.find(({ element_index }) => element_index === 0)?.billed_volume).toBe(night);
  },
);
