import {
  type DataOf,
  instant,
  iso,
  type LoggedReading,
  type sessionEnded,
  type sessionMetered,
  type sessionStarted,
  type SessionId,
} from '@plugga/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveOf, energyOf, reckon, tallied } from './energy.ts';
import { evolveSession, type Happened } from './evolve.ts';
import { flagsOf } from './flags.ts';
import type { Session } from './session.ts';
import { stamp, t } from './story.test-station.ts';

type Sample = LoggedReading['samples'][number];
let seq = 0;
const event = (type: string, data: unknown): Happened => ({
  id: `event-${(seq += 1)}` as never,
  seq,
  type,
  v: 1,
  session: 'session-1' as SessionId,
  at: t('12:00'),
  receivedAt: t('13:00'),
  data,
});
const start = (meterStart?: string, more: Partial<DataOf<typeof sessionStarted>> = {}) =>
  event('session.started', { evse: 1, time: stamp('12:00'), evidence: 'station', meterStart, ...more } satisfies DataOf<
    typeof sessionStarted
  >);
const stop = (meterStop?: string, clock = '12:30') =>
  event('session.ended', { time: stamp(clock), evidence: 'station', meterStop } satisfies DataOf<typeof sessionEnded>);
const read = (clock: string, ...samples: Sample[]) =>
  event('session.metered', { readings: [{ time: stamp(clock), samples }] } satisfies DataOf<typeof sessionMetered>);
const at = (clock: string, value: string, more: Partial<Sample> = {}) => read(clock, { value, unit: 'Wh', ...more });
const fold = (...events: Happened[]): Session => events.reduce<Session | undefined>(evolveSession, undefined)!;
const energy = (...events: Happened[]) => energyOf(fold(...events));

describe('energy', () => {
  it('is meterStop less meterStart, whatever the samples between say', () => {
    expect(energy(start('1000'), at('12:10', '2500'), stop('6000'))).toMatchObject({
      wh: 5000,
      startWh: 1000,
      stopWh: 6000,
    });
  });
  it('starts at Transaction.Begin where there is no meterStart, else at the first sample', () => {
    expect(
      energy(start(), at('12:05', '1500'), at('12:00', '1000', { context: 'Transaction.Begin' }), stop('6000')).wh,
    ).toBe(5000);
    expect(energy(start(), at('12:10', '2500'), at('12:05', '1500'), stop('6000')).wh).toBe(4500);
  });
  it('ends at Transaction.End, which beats every sample', () => {
    expect(
      energy(start('1000'), at('12:10', '7000'), at('12:30', '6000', { context: 'Transaction.End' }), stop()).wh,
    ).toBe(5000);
  });
  it('ends at the highest plausible sample not later than the end where the stop says nothing', () => {
    expect(
      energy(start('1000'), at('12:10', '2500'), at('12:20', '0'), at('12:25', '4000'), at('12:40', '9000'), stop()).wh,
    ).toBe(3000);
  });
  it('runs with the highest plausible sample: a register that drops out to 0 takes nothing back', () => {
    expect(energy(start('1000'), at('12:10', '2500'), at('12:11', '0')).wh).toBe(1500);
  });
  it('does not believe more than 1.1 times 400 kW for the time, and 500 Wh', () => {
    const cap = 1000 + Math.floor((1.1 * 400_000) / 60) + 500;
    expect(energy(start('1000'), at('12:01', String(cap))).wh).toBe(cap - 1000);
    expect(energy(start('1000'), at('12:01', String(cap + 1)))).toMatchObject({ wh: 0, implausible: true });
  });
  it('does not believe more than 1.1 times the connector’s own power, where it is stated', () => {
    const place = { timeZone: 'UTC', maxPowerW: 11_000 };
    expect(energy(start('1000', { place }), at('12:30', '7550')).wh).toBe(6550);
    expect(energy(start('1000', { place }), at('12:30', '7551')).wh).toBe(0);
  });
  it('judges what is plausible when it is read, never on arrival', () => {
    const early = at('12:20', '3000');
    expect(energy(start('1000'), at('12:01', '90000'), early, stop()).wh).toBe(2000);
    const late = start('89000', { time: stamp('11:00') });
    expect(energy(at('12:01', '90000'), late, stop()).wh).toBe(1000);
  });
  it('reads kWh and Wh per sample, and powers of ten', () => {
    expect(energy(start('0'), at('12:10', '0.30005000000000004', { unit: 'kWh' })).wh).toBe(300);
    expect(energy(start('0'), at('12:10', '12', { multiplier: 2 })).wh).toBe(1200);
    expect(energy(start('0'), at('12:10', '1.2', { unit: 'kWh', multiplier: -1 })).wh).toBe(120);
  });
  it('gives a sample without unit that of the nearest earlier one', () => {
    const session = fold(
      start(),
      read('12:00', { value: '150.01', unit: 'kWh', context: 'Transaction.Begin' }),
      read('12:30', { value: '170.83', context: 'Transaction.End' }),
      stop(),
    );
    expect(energyOf(session)).toMatchObject({ wh: 20820, unitAssumed: true });
    expect(flagsOf(session)).toEqual(['unitAssumed']);
  });
  it('gives it that of the same register, whatever another one that was read in between counts in', () => {
    const other = event('session.metered', {
      readings: [{ time: stamp('12:20'), samples: [{ value: '170300', unit: 'Wh' }] }],
      source: 'connector',
    });
    const story = [start(), read('12:00', { value: '150.01', unit: 'kWh', context: 'Transaction.Begin' }), other];
    expect(energy(...story, read('12:30', { value: '170.83', context: 'Transaction.End' }), stop()).wh).toBe(20820);
  });
  it('gives a sample without unit that of the nearest later one where none is earlier, even when that comes afterwards', () => {
    expect(
      energy(start(), read('12:00', { value: '0.15003' }), read('12:20', { value: '0.17071', unit: 'kWh' })).wh,
    ).toBe(20);
  });
  it('judges earlier samples anew when the first unit is said, in a live session too', () => {
    const events = [start('0'), read('12:10', { value: '3' }), read('12:20', { value: '2', unit: 'kWh' })];
    const live = events.reduce<Session | undefined>((it, next) => tallied(evolveSession(it, next)!), undefined)!;
    expect(energyOf(live)).toMatchObject({ wh: 3000, unitAssumed: true });
  });
  it('takes Wh where nobody says a unit, without a mark', () => {
    expect(energy(start('1000'), read('12:10', { value: '1500' }), read('12:20', { value: '2000' }))).toMatchObject({
      wh: 1000,
      unitAssumed: false,
    });
  });
  it('cuts each register once: 0.6 Wh and 0.7 Wh over do not make one', () => {
    expect(energy(start('1000.6'), stop('2000.5')).wh).toBe(1000);
  });
  it('prefers the outlet to the inlet, and never mixes them', () => {
    const both = read(
      '12:10',
      { value: '900', unit: 'Wh', location: 'Inlet' },
      { value: '1800', unit: 'Wh', location: 'Outlet' },
    );
    expect(energy(start('1000'), both, at('12:20', '5000', { location: 'Inlet' })).wh).toBe(800);
  });
  it('prefers the register of all phases, and else adds the phases up', () => {
    const phases = (clock: string, l1: string, l2: string, l3: string) =>
      read(
        clock,
        { value: l1, phase: 'L1', unit: 'Wh' },
        { value: l2, phase: 'L2', unit: 'Wh' },
        { value: l3, phase: 'L3', unit: 'Wh' },
      );
    expect(energy(start(), phases('12:00', '100', '200', '300'), phases('12:20', '400', '500', '600')).wh).toBe(900);
    expect(energy(start('1000'), phases('12:10', '400', '500', '600'), at('12:20', '1500')).wh).toBe(500);
  });
  it('never mixes the transaction’s readings with those of the connector', () => {
    const connector = event('session.metered', {
      readings: [{ time: stamp('12:20'), samples: [{ value: '9000', unit: 'Wh' }] }],
      source: 'connector',
    });
    expect(energy(start('1000'), at('12:10', '2000'), connector).wh).toBe(1000);
    expect(energy(start('1000'), connector).wh).toBe(8000);
    expect(energy(start(), at('12:00', '1000', { context: 'Transaction.Begin' }), connector).wh).toBe(8000);
  });
  it('takes readings that count from a zero of their own as differences', () => {
    const session = fold(start('500000'), at('12:05', '0'), at('12:10', '1500'), at('12:20', '3000'));
    expect(energyOf(session)).toMatchObject({ wh: 3000, mixed: true });
    expect(energyOf(fold(start('500000'), at('12:05', '0'), at('12:20', '3000'), stop('504000')))).toMatchObject({
      wh: 4000,
      belowSample: false,
    });
  });
  it('ignores what is no register of imported active energy', () => {
    const other = read(
      '12:10',
      { measurand: 'Energy.Reactive.Import.Register', value: '9', unit: 'kvarh' },
      { measurand: 'Energy.Active.Import.Interval', value: '7', unit: 'Wh' },
      { measurand: 'Energy.Active.Export.Register', value: '8', unit: 'Wh' },
    );
    expect(energy(start('1000'), other).wh).toBe(0);
  });
});

describe('energy is held from billing', () => {
  const held = (...events: Happened[]) => {
    const session = fold(...events);
    return [energyOf(session).wh, flagsOf(session)];
  };
  it('when meterStop is below the start, and never negative', () =>
    expect(held(start('6000'), stop('1000'))).toEqual([0, ['registerFell']]));
  it('when meterStop is below the last sample, shown as it is', () =>
    expect(held(start('1000'), at('12:10', '5000'), stop('4000'))).toEqual([3000, ['stopBelowSample']]));
  it('when it jumps beyond what is plausible, shown as it is', () =>
    expect(held(start('1000'), stop('999999'))).toEqual([998999, ['implausibleEnergy']]));
  it('when a sample jumped and the stop says no register', () =>
    expect(held(start('1000'), at('12:10', '3000'), at('12:20', '999999'), stop())).toEqual([
      2000,
      ['implausibleEnergy'],
    ]));
  it('when there is no register at all: 0 and unmetered', () =>
    expect(held(start(), stop())).toEqual([0, ['unmetered']]));
});

it('a stop before the start in time is flagged and its energy stands', () => {
  expect(flagsOf(fold(start('1000'), stop('1400', '11:59')))).toEqual(['endBeforeStart']);
});

describe('properties', () => {
  const minute = (n: number) => iso(instant(t('12:00') + n * 60_000));
  const reading = fc.record({
    minute: fc.integer({ min: -2, max: 40 }),
    value: fc.oneof(fc.integer({ min: 0, max: 9000 }), fc.constantFrom(0, 10 ** 9)),
    unit: fc.constantFrom('Wh', 'kWh', undefined, 'Wh', 'Wh'),
    phase: fc.constantFrom(undefined, undefined, undefined, 'L1', 'L2'),
    location: fc.constantFrom(undefined, undefined, 'Inlet'),
    source: fc.constantFrom('transaction' as const, 'transaction' as const, 'connector' as const),
    context: fc.constantFrom('Sample.Periodic', 'Sample.Periodic', 'Transaction.Begin', 'Transaction.End'),
  });
  const metered = (it: {
    minute: number;
    value: number;
    unit?: string;
    phase?: string;
    location?: string;
    context?: string;
    source?: 'transaction' | 'connector';
  }) => {
    const { minute: at, value, source, ...rest } = it;
    const readings = [{ time: minute(at), samples: [{ value: String(value), ...rest }] }];
    return event('session.metered', { readings, source });
  };
  const bare = ({ next: _, ...rest }: ReturnType<typeof reckon>) => rest;

  it('what is carried on from reading to reading is what is reckoned from all of them', () => {
    const rising = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 20 }).map((steps) => {
      let value = 1000;
      return steps.map((step, index) => ({
        minute: index + 1,
        value: (value += step),
        unit: index % 3 === 0 ? undefined : 'Wh',
      }));
    });
    fc.assert(
      fc.property(
        fc.option(fc.constant('1000')),
        fc.oneof(rising, fc.array(reading, { maxLength: 12 })),
        fc.option(fc.constant('5000')),
        (meterStart, readings, meterStop) => {
          let session = tallied(fold(start(meterStart ?? undefined)));
          const all = [...readings.map(metered), ...(meterStop === null ? [] : [stop(meterStop)])];
          for (const each of all) {
            session = evolveSession(session, each)!;
            const exact = bare(reckon(session));
            expect(bare(energyOf(session))).toEqual(exact);
            session = tallied(session);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
  it('the ordinary case is carried on', () => {
    let session = tallied(fold(start('1000'), read('12:00', { value: '1000' })));
    for (let n = 1; n < 30; n += 1) {
      session = evolveSession(session, metered({ minute: n, value: 1000 + n }))!;
      expect(session.tally).toBeDefined();
    }
  });
  it('energy is never negative, and its curve rises from 0 to it', () => {
    fc.assert(
      fc.property(
        fc.option(fc.nat(9000)),
        fc.array(reading, { maxLength: 12 }),
        fc.option(fc.nat(9000)),
        (meterStart, readings, meterStop) => {
          const session = fold(start(meterStart?.toString()), ...readings.map(metered), stop(meterStop?.toString()));
          const { wh } = energyOf(session);
          expect(wh).toBeGreaterThanOrEqual(0);
          const curve = curveOf(session, { from: t('12:00'), until: t('12:30') });
          expect(curve[0]).toEqual({ at: t('12:00'), wh: 0 });
          expect(curve.at(-1)).toEqual({ at: t('12:30'), wh });
          for (const [index, point] of curve.slice(1).entries()) {
            expect(point.at).toBeGreaterThan(curve[index]!.at);
            expect(point.wh).toBeGreaterThanOrEqual(curve[index]!.wh);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
