import fc from 'fast-check';
import type { GivenSession } from './given-periods.ts';
import type { PlainComponent, PlainRestrictions, PlainTariff } from './plain-pricer.ts';

/** Tariffs and sessions as nobody would write them: every restriction, every step, around midnight and when the clock is set. */

const ZONES = ['Europe/Stockholm', 'UTC', 'America/New_York', 'Australia/Lord_Howe'] as const;
/** Around the nights on which those zones set their clocks, a plain week, and a year's end. */
const NEAR = [
  '2026-03-29T00:00:00Z',
  '2026-10-25T00:00:00Z',
  '2026-03-08T05:30:00Z',
  '2026-11-01T05:30:00Z',
  '2026-04-04T14:30:00Z',
  '2026-05-06T16:00:00Z',
  '2026-12-31T22:30:00Z',
];

const price = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 0, max: 99_999 }).map((it) => it / 10 ** ((it % 4) + 1)) },
  fc.constant(0),
);
const vat = fc.constantFrom(undefined, undefined, 0, 6, 12, 25, 5.2);
const kinds = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const;

const component = (
  kind: PlainComponent['type'],
  rate: fc.Arbitrary<number | undefined>,
): fc.Arbitrary<PlainComponent> =>
  fc
    .record({
      price,
      vat: rate,
      step: kind === 'ENERGY' ? fc.constantFrom(0, 1, 1, 25, 100, 500) : fc.constantFrom(0, 1, 1, 60, 300, 600, 900),
    })
    .map(({ price: amount, vat: percent, step }) => ({
      type: kind,
      price: amount,
      step_size: kind === 'FLAT' ? 1 : step,
      ...(percent === undefined ? {} : { vat: percent }),
    }));

const clockTime = fc
  .integer({ min: 0, max: 95 })
  .map((it) => `${String(Math.floor(it / 4)).padStart(2, '0')}:${String((it % 4) * 15).padStart(2, '0')}`);
const weekdays = fc.subarray(['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'], {
  minLength: 1,
});
/** One restriction of a kind: most elements have none or one or two. */
const restriction: fc.Arbitrary<PlainRestrictions> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ start_time: clockTime, end_time: clockTime }) },
  fc.record({ start_time: clockTime }),
  fc.record({ end_time: clockTime }),
  fc.record({ day_of_week: weekdays }),
  fc.constantFrom(
    { start_date: '2026-03-29' },
    { end_date: '2026-10-25' },
    { start_date: '2026-11-01', end_date: '2026-11-02' },
    { end_date: '2027-01-01' },
  ),
  fc.constantFrom(0.06, 0.6, 1.2, 6).map((min_kwh) => ({ min_kwh })),
  fc.constantFrom(0.06, 0.6, 1.2, 6).map((max_kwh) => ({ max_kwh })),
  fc.constantFrom(3.6, 7.2, 10.8, 18, 36).map((min_power) => ({ min_power })),
  fc.constantFrom(3.6, 7.2, 10.8, 18, 36).map((max_power) => ({ max_power })),
  fc.constantFrom(60, 600, 900, 1800).map((min_duration) => ({ min_duration })),
  fc.constantFrom(60, 600, 900, 1800).map((max_duration) => ({ max_duration })),
);
const restrictions = fc
  .array(restriction, { maxLength: 2 })
  .map((all) => (all.length === 0 ? undefined : (Object.assign({}, ...all) as PlainRestrictions)));

const element = (rate: fc.Arbitrary<number | undefined>) =>
  fc.tuple(fc.subarray([...kinds], { minLength: 1 }), restrictions).chain(([types, only]) =>
    fc.tuple(...types.map((type) => component(type, rate))).map((price_components) => ({
      price_components,
      ...(only === undefined ? {} : { restrictions: only }),
    })),
  );

const reserved = (rate: fc.Arbitrary<number | undefined>) =>
  fc
    .tuple(
      fc.constantFrom('RESERVATION', 'RESERVATION_EXPIRES'),
      fc.subarray(['FLAT', 'TIME'] as const, { minLength: 1 }),
    )
    .chain(([reservation, types]) =>
      fc.tuple(...types.map((type) => component(type, rate))).map((price_components) => ({
        price_components,
        restrictions: { reservation } as PlainRestrictions,
      })),
    );

/** With a limit all components have one rate, so that both its sides say the same. */
const limits = fc.constantFrom('none', 'none', 'none', 'min', 'max', 'both');

export const tariff = (
  id: string,
  o: { readonly reservation?: boolean; readonly limited?: boolean } = {},
): fc.Arbitrary<PlainTariff> =>
  fc
    .tuple(
      o.limited === false ? fc.constant('none') : limits,
      fc.constantFrom(0, 6, 25),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 0, max: 200 }),
    )
    .chain(([limit, one, low, more]) => {
      const rate = limit === 'none' ? vat : fc.constant(one);
      const bound = (value: number) => ({ excl_vat: value, incl_vat: Math.round(value * (100 + one)) / 100 });
      return fc
        .tuple(
          fc.array(element(rate), { minLength: 1, maxLength: 6 }),
          o.reservation === false ? fc.constant([]) : fc.array(reserved(rate), { maxLength: 2 }),
        )
        .map(([elements, reservations]) => ({
          country_code: 'SE',
          party_id: 'PLG',
          id,
          currency: 'SEK',
          elements: [...reservations, ...elements],
          ...(limit === 'min' || limit === 'both' ? { min_price: bound(low) } : {}),
          ...(limit === 'max' || limit === 'both' ? { max_price: bound(low + more) } : {}),
          last_updated: '2026-01-01T00:00:00Z',
        }));
    });

const instant = fc
  .tuple(fc.constantFrom(...NEAR), fc.integer({ min: -5400, max: 5400 }))
  .map(([near, by]) => Date.parse(near) / 1000 + by);
const text = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000', '');

const period = fc.record({
  seconds: fc.integer({ min: 1, max: 5400 }),
  kind: fc.constantFrom('TIME', 'TIME', 'PARKING_TIME'),
  wh: fc.integer({ min: 0, max: 20_000 }),
  power: fc.constantFrom(undefined, 3.6, 7.2, 11, 18, 36, 50),
});

/** Charging periods as a partner sends them: whole seconds and watt-hours. */
export const givenSession = (tariffs: readonly string[]): fc.Arbitrary<GivenSession> =>
  fc
    .record({
      zone: fc.constantFrom(...ZONES),
      start: instant,
      periods: fc.array(period, { minLength: 1, maxLength: 6 }),
      /** From this period on the next tariff holds. */
      change: fc.integer({ min: 0, max: 5 }),
      reservation: fc.option(
        fc.record({
          seconds: fc.integer({ min: 1, max: 7200 }),
          outcome: fc.constantFrom('USED', 'EXPIRED', 'CANCELED'),
        }),
        { nil: undefined, freq: 3 },
      ),
    })
    .map(({ zone, start, periods, change, reservation }) => {
      const charged = reservation === undefined || reservation.outcome === 'USED' ? periods : [];
      let at = start;
      const charging_periods = charged.map(({ seconds, kind, wh, power }, index) => {
        const began = at;
        at += seconds;
        return {
          start_date_time: text(began),
          ...(tariffs.length > 1 ? { tariff_id: tariffs[index < change ? 0 : 1]! } : {}),
          dimensions: [
            { type: kind, volume: seconds / 3600 },
            ...(wh === 0 ? [] : [{ type: 'ENERGY', volume: wh / 1000 }]),
            ...(power === undefined
              ? []
              : [
                  { type: 'MIN_POWER', volume: power },
                  { type: 'MAX_POWER', volume: power },
                ]),
          ],
        };
      });
      const begin = reservation === undefined ? start : start - reservation.seconds;
      return {
        time_zone: zone,
        start_date_time: text(charged.length === 0 ? begin : start),
        end_date_time: text(at),
        currency: 'SEK',
        input_kind: 'charging_periods',
        charging_periods,
        ...(reservation === undefined
          ? {}
          : { reservation: { start: text(begin), end: text(start), outcome: reservation.outcome } }),
      };
    });

export interface DrawnSession {
  readonly zone: string;
  readonly start: number;
  /** Each a whole number of minutes at whole watt-hours a second, so that each threshold falls on a whole second. */
  readonly stretches: readonly {
    readonly seconds: number;
    readonly whPerSecond: number;
    readonly idle: boolean;
    /** What the car says at its start; where it says nothing, what it said before holds. */
    readonly soc?: number | undefined;
    readonly congested?: boolean;
  }[];
}

/** A session as its meter and its states draw it. */
export const drawnSession: fc.Arbitrary<DrawnSession> = fc.record({
  zone: fc.constantFrom(...ZONES),
  start: instant,
  stretches: fc.array(
    fc.record({
      soc: fc.constantFrom(undefined, 10, 20, 50, 79, 80, 81, 100),
      congested: fc.boolean(),
      seconds: fc.integer({ min: 1, max: 15 }).map((it) => it * 60),
      whPerSecond: fc.constantFrom(0, 1, 2, 3, 5, 10),
      idle: fc.constantFrom(false, false, true),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });
/** Several of one component too, of the session and of the day, in any order: each is on what those before it have left. */
const caps = fc.array(
  fc.record({
    type: fc.constantFrom('ENERGY', 'TIME', 'PARKING_TIME', 'FLAT', 'CONGESTION_TIME'),
    amount: fc.constantFrom(0, 0.5, 1, 3.33, 10, 100),
    per: fc.constantFrom('session', 'day'),
  }),
  { minLength: 1, maxLength: 5 },
);
const socBands = fc.array(
  fc
    .record({
      minSoc: fc.constantFrom(0, 20, 50, 80),
      width: fc.constantFrom(undefined, 1, 30, 60),
      type: fc.constantFrom('ENERGY', 'TIME', 'PARKING_TIME'),
      price,
      vat,
      stepSize: fc.constantFrom(1, 1, 60, 300),
    })
    .map(({ width, vat: percent, minSoc, ...band }) => ({
      ...{ ...band, minSoc },
      ...(width === undefined || minSoc + width > 100 ? {} : { maxSoc: minSoc + width }),
      ...(percent === undefined ? {} : { vat: percent }),
    })),
  { minLength: 1, maxLength: 3 },
);
const congestion = fc
  .record({ price, vat, minSoc: fc.constantFrom(undefined, 50, 80) })
  .map(({ vat: percent, minSoc, ...fee }) => ({
    ...fee,
    ...(percent === undefined ? {} : { vat: percent }),
    ...(minSoc === undefined ? {} : { minSoc }),
  }));

/** A tariff with rules of ours above what OCPI knows. */
export const ownTariff = (id: string): fc.Arbitrary<PlainTariff> =>
  fc
    .tuple(
      tariff(id, { reservation: false, limited: false }),
      maybe(fc.constantFrom(1, 60, 601, 1800)),
      maybe(caps),
      maybe(socBands),
      maybe(congestion),
    )
    .map(([plain, grace, capped, bands, fee]) => ({
      ...plain,
      plugga: {
        ...(grace === undefined ? {} : { idleGraceSeconds: grace }),
        ...(capped === undefined ? {} : { caps: capped }),
        ...(bands === undefined ? {} : { socBands: bands }),
        ...(fee === undefined ? {} : { congestion: fee }),
      } as NonNullable<PlainTariff['plugga']>,
    }));

/** Plain prices with caps upon caps. */
export const cappedTariff = (id: string): fc.Arbitrary<PlainTariff> =>
  fc
    .tuple(
      tariff(id, { reservation: false, limited: false }),
      component('ENERGY', vat),
      component('TIME', vat),
      fc.array(
        fc.record({
          type: fc.constantFrom('ENERGY', 'TIME'),
          amount: fc.constantFrom(0.5, 1, 3.33, 10, 20),
          per: fc.constantFrom('day', 'day', 'session'),
        }),
        { minLength: 2, maxLength: 4 },
      ),
    )
    .map(([plain, energy, time, all]) => ({
      ...plain,
      elements: [{ price_components: [energy, time] }],
      plugga: { caps: all } as NonNullable<PlainTariff['plugga']>,
    }));

/** A session that begins on one local day and goes on into the next. */
export const overMidnight: fc.Arbitrary<DrawnSession> = fc
  .tuple(drawnSession, fc.integer({ min: 1, max: 15 }))
  .map(([session, minutes]) => ({
    ...session,
    zone: 'Europe/Stockholm',
    start: Date.parse('2026-01-14T23:00:00Z') / 1000 - minutes * 60,
  }));
