import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compositeOf } from './composite.ts';
import { limitAt, type Seen } from './limit.ts';
import { type Profile, profileOf, type ProfileLimits } from './profile.ts';
import { afterTransaction, withoutProfiles, withProfile } from './profiles.ts';

const limits: ProfileLimits = {
  maxStackLevel: 8,
  units: ['A', 'W'],
  maxPeriods: 24,
  maxProfiles: 20,
  purposes: ['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile'],
};
const noon = Date.parse('2026-03-04T12:00:00Z');
const hardware = { watts: 11_040, phases: 3, fromOutside: Infinity, generated: 0 };

const aProfile = (o: Partial<Profile> = {}): Profile => ({
  id: 1,
  connector: 1,
  stackLevel: 0,
  purpose: 'TxDefaultProfile',
  kind: 'Absolute',
  installedAt: noon,
  schedule: { startAt: noon, unit: 'W', periods: [{ startSeconds: 0, limit: 5_000 }] },
  ...o,
});
const seen = (o: Partial<Seen> = {}): Seen => ({ connector: 1, startedAt: noon, phases: 3, ...o });
const wattsAt = (profiles: readonly Profile[], seconds: number, o: Partial<Seen> = {}): number =>
  limitAt(profiles, noon + seconds * 1_000, seen(o), hardware).watts;

describe('what holds', () => {
  test('without a profile the hardware is the limit', () => {
    expect(wattsAt([], 0)).toBe(11_040);
  });

  test('the higher stack level wins while it says something, then the lower again', () => {
    const low = aProfile({ id: 1 });
    const high = aProfile({
      id: 2,
      stackLevel: 3,
      schedule: { startAt: noon, durationSeconds: 60, unit: 'W', periods: [{ startSeconds: 0, limit: 9_000 }] },
    });
    expect([0, 59, 60].map((at) => wattsAt([low, high], at))).toEqual([9_000, 9_000, 5_000]);
  });

  test('a TxProfile overrules the default of whatever stack level; the station’s maximum caps both', () => {
    const tx = aProfile({
      id: 2,
      purpose: 'TxProfile',
      schedule: { startAt: noon, unit: 'W', periods: [{ startSeconds: 0, limit: 8_000 }] },
    });
    const max = aProfile({
      id: 3,
      connector: 0,
      purpose: 'ChargePointMaxProfile',
      schedule: { startAt: noon, unit: 'W', periods: [{ startSeconds: 0, limit: 6_000 }] },
    });
    expect(wattsAt([aProfile({ stackLevel: 8 }), tx], 0)).toBe(8_000);
    expect(wattsAt([aProfile({ stackLevel: 8 }), tx, max], 0)).toBe(6_000);
    expect(wattsAt([aProfile(), max], 0)).toBe(5_000);
  });

  test('the connector’s own default comes before that of connector 0', () => {
    const everywhere = aProfile({
      id: 2,
      connector: 0,
      stackLevel: 5,
      schedule: { startAt: noon, unit: 'W', periods: [{ startSeconds: 0, limit: 2_000 }] },
    });
    expect(wattsAt([everywhere, aProfile()], 0)).toBe(5_000);
    expect(wattsAt([everywhere, aProfile()], 0, { connector: 2 })).toBe(2_000);
  });

  test('amperes count the phases that the car uses; numberPhases holds it to fewer', () => {
    const amps = (phases?: number) =>
      aProfile({
        schedule: {
          startAt: noon,
          unit: 'A',
          periods: [{ startSeconds: 0, limit: 10, ...(phases === undefined ? {} : { phases }) }],
        },
      });
    expect(wattsAt([amps()], 0)).toBe(6_900);
    expect(wattsAt([amps()], 0, { phases: 1 })).toBe(2_300);
    expect(wattsAt([amps(1)], 0)).toBe(2_300);
  });

  test('a Relative profile counts from the start of the transaction', () => {
    const relative = aProfile({
      kind: 'Relative',
      schedule: {
        unit: 'W',
        periods: [
          { startSeconds: 0, limit: 1_000 },
          { startSeconds: 600, limit: 7_000 },
        ],
      },
    });
    const startedAt = noon + 300_000;
    expect([300, 899, 900].map((at) => wattsAt([relative], at, { startedAt }))).toEqual([1_000, 1_000, 7_000]);
  });

  test('a daily profile comes again each day and never before its first', () => {
    const night = aProfile({
      kind: 'Recurring',
      recurrency: 'Daily',
      schedule: { startAt: noon, durationSeconds: 3_600, unit: 'W', periods: [{ startSeconds: 0, limit: 3_000 }] },
    });
    const day = 86_400;
    expect([-day, 0, 3_599, 3_600, day, day + 3_600, 9 * day].map((at) => wattsAt([night], at))).toEqual([
      11_040, 3_000, 3_000, 11_040, 3_000, 11_040, 3_000,
    ]);
    const weekly = { ...night, recurrency: 'Weekly' as const };
    expect([0, day, 7 * day].map((at) => wattsAt([weekly], at))).toEqual([3_000, 11_040, 3_000]);
  });

  test('validFrom and validTo hold to the instant', () => {
    const short = aProfile({ validFrom: noon + 10_000, validTo: noon + 20_000 });
    expect([9, 10, 19, 20].map((at) => wattsAt([short], at))).toEqual([11_040, 5_000, 5_000, 11_040]);
  });
});

describe('the composite schedule', () => {
  test('joins what is equal, starts at 0, and speaks the unit that was asked for', () => {
    const stepped = aProfile({
      schedule: {
        startAt: noon,
        unit: 'A',
        periods: [
          { startSeconds: 0, limit: 6 },
          { startSeconds: 100, limit: 6 },
          { startSeconds: 200, limit: 16, phases: 1 },
        ],
      },
    });
    const ask = { now: noon + 50_400, durationSeconds: 600, seen: seen(), hardware };
    expect(compositeOf([stepped], { ...ask, unit: 'A' })).toEqual({
      duration: 600,
      startSchedule: '2026-03-04T12:00:50.000Z',
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [
        { startPeriod: 0, limit: 6 },
        { startPeriod: 150, limit: 16, numberPhases: 1 },
      ],
    });
    expect(compositeOf([stepped], { ...ask, unit: 'W' }).chargingSchedulePeriod).toEqual([
      { startPeriod: 0, limit: 4_140 },
      { startPeriod: 150, limit: 3_680, numberPhases: 1 },
    ]);
  });

  /** The rules of section 3.13 once more, for one second, without a thought for speed. */
  const plainly = (profiles: readonly Profile[], second: number, who: Seen): number => {
    const speaks = (profile: Profile): number | undefined => {
      if (second * 1_000 < (profile.validFrom ?? 0) || second * 1_000 >= (profile.validTo ?? Infinity))
        return undefined;
      let start: number;
      if (profile.kind === 'Relative')
        start = profile.purpose === 'ChargePointMaxProfile' ? profile.installedAt : who.startedAt;
      else start = profile.schedule.startAt!;
      let offset = second - start / 1_000;
      if (profile.kind === 'Recurring') {
        const every = profile.recurrency === 'Weekly' ? 604_800 : 86_400;
        while (offset >= every) offset -= every;
      }
      if (offset < 0 || offset >= (profile.schedule.durationSeconds ?? Infinity)) return undefined;
      let said: number | undefined;
      for (const { startSeconds, limit, phases } of profile.schedule.periods) {
        const used = phases !== undefined && phases < who.phases ? phases : who.phases;
        if (startSeconds <= offset) said = profile.schedule.unit === 'W' ? limit : limit * 230 * used;
      }
      return said;
    };
    const best = (purpose: string, connector: number): number | undefined => {
      for (let level = 8; level >= 0; level -= 1) {
        for (const profile of profiles) {
          if (profile.purpose !== purpose || profile.connector !== connector || profile.stackLevel !== level) continue;
          const said = speaks(profile);
          if (said !== undefined) return said;
        }
      }
      return undefined;
    };
    const tx = best('TxProfile', 1) ?? best('TxDefaultProfile', 1) ?? best('TxDefaultProfile', 0);
    return Math.min(hardware.watts, best('ChargePointMaxProfile', 0) ?? Infinity, tx ?? Infinity);
  };

  const span = 1_200;
  const second = fc.integer({ min: -span, max: 2 * span }).map((at) => noon + at * 1_000);
  const anyProfile = fc
    .record({
      place: fc.constantFrom(
        ['ChargePointMaxProfile', 0] as const,
        ['TxDefaultProfile', 0] as const,
        ['TxDefaultProfile', 1] as const,
        ['TxProfile', 1] as const,
      ),
      kind: fc.constantFrom('Absolute' as const, 'Relative' as const, 'Recurring' as const),
      recurrency: fc.constantFrom('Daily' as const, 'Weekly' as const),
      // A recurrence that began days ago comes into the window too.
      daysAgo: fc.constantFrom(0, 1, 7, 13),
      startAt: second,
      installedAt: second,
      valid: fc.option(fc.tuple(second, second), { nil: undefined }),
      duration: fc.option(fc.integer({ min: 1, max: 2 * span }), { nil: undefined }),
      unit: fc.constantFrom('A' as const, 'W' as const),
      stackLevel: fc.integer({ min: 0, max: 4 }),
      steps: fc.uniqueArray(fc.integer({ min: 1, max: 2 * span }), { maxLength: 4 }),
      limit: fc.array(fc.integer({ min: 0, max: 32 }), { minLength: 5, maxLength: 5 }),
      phases: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
    })
    .map((o): Profile => {
      const recurs = o.kind === 'Recurring';
      return {
        id: 0,
        connector: o.place[1],
        purpose: o.place[0],
        stackLevel: o.stackLevel,
        kind: o.kind,
        installedAt: o.installedAt,
        ...(recurs ? { recurrency: o.recurrency } : {}),
        ...(o.valid === undefined ? {} : { validFrom: Math.min(...o.valid), validTo: Math.max(...o.valid) }),
        schedule: {
          unit: o.unit,
          ...(o.kind === 'Relative' ? {} : { startAt: o.startAt - (recurs ? o.daysAgo * 86_400_000 : 0) }),
          ...(o.duration === undefined ? {} : { durationSeconds: o.duration }),
          periods: [0, ...o.steps.sort((a, b) => a - b)].map((startSeconds, at) => ({
            startSeconds,
            limit: o.limit[at]! * (o.unit === 'W' ? 400 : 1),
            ...(o.phases === undefined ? {} : { phases: o.phases }),
          })),
        },
      };
    });
  const installed = fc
    .array(anyProfile, { maxLength: 7 })
    .map((all) =>
      all
        .map((one, id) => ({ ...one, id }))
        .reduce<readonly Profile[]>((held, one) => withProfile(held, one, limits) ?? held, []),
    );

  test('says for every second what a plain second-by-second reading of the rules says', () => {
    fc.assert(
      fc.property(
        installed,
        fc.integer({ min: -600, max: 600 }),
        fc.constantFrom(1, 2, 3),
        (profiles, start, phases) => {
          const who = seen({ startedAt: noon + start * 1_000, phases });
          const composite = compositeOf(profiles, { now: noon, durationSeconds: span, unit: 'W', seen: who, hardware });
          const { chargingSchedulePeriod: periods } = composite;
          expect(periods[0]?.startPeriod).toBe(0);
          for (let at = 0; at < span; at += 1) {
            const said = periods.findLast((one) => one.startPeriod <= at)!.limit;
            const plain = plainly(profiles, noon / 1_000 + at, who);
            if (said !== plain) expect.fail(`at ${at} s the composite says ${said}, the rules ${plain}`);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('has no period that changes nothing', () => {
    fc.assert(
      fc.property(installed, (profiles) => {
        const asked = { now: noon, durationSeconds: span, unit: 'W' as const, seen: seen(), hardware };
        const { chargingSchedulePeriod: all } = compositeOf(profiles, asked);
        for (const [at, one] of all.entries()) {
          const before = all[at - 1];
          expect(before?.limit === one.limit && before.numberPhases === one.numberPhases).toBe(false);
        }
      }),
    );
  });
});

describe('taking and clearing', () => {
  const given = (o: Record<string, unknown> = {}, schedule: Record<string, unknown> = {}) => ({
    chargingProfileId: 7,
    stackLevel: 1,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Absolute',
    chargingSchedule: {
      startSchedule: '2026-03-04T12:00:00Z',
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }],
      ...schedule,
    },
    ...o,
  });
  const why = (profile: unknown, connector = 1) => {
    const read = profileOf(profile, { connector, now: noon, limits });
    return read.ok ? 'taken' : `${read.malformed ? 'malformed' : 'refused'}: ${read.why}`;
  };

  test.each([
    ['taken', given(), 1],
    [
      'refused: the first period does not start at 0',
      given({}, { chargingSchedulePeriod: [{ startPeriod: 5, limit: 1 }] }),
      1,
    ],
    ['refused: the Absolute profile has no startSchedule', given({}, { startSchedule: undefined }), 1],
    ['refused: a Relative profile has a startSchedule', given({ chargingProfileKind: 'Relative' }), 1],
    ['refused: the Recurring profile has no recurrencyKind', given({ chargingProfileKind: 'Recurring' }), 1],
    ['refused: stackLevel is over 8', given({ stackLevel: 9 }), 1],
    [
      'refused: ChargePointMaxProfile is for connector 0 only',
      given({ chargingProfilePurpose: 'ChargePointMaxProfile' }),
      1,
    ],
    ['refused: TxProfile is not for connector 0', given({ chargingProfilePurpose: 'TxProfile' }), 0],
    ['malformed: duration is no whole seconds', given({}, { duration: 1.5 }), 1],
    ['malformed: chargingRateUnit is neither A nor W', given({}, { chargingRateUnit: 'kW' }), 1],
    ['malformed: chargingSchedulePeriod is missing', given({}, { chargingSchedulePeriod: [] }), 1],
    ['malformed: startSchedule is no time', given({}, { startSchedule: 'noon' }), 1],
    ['malformed: csChargingProfiles is missing', undefined, 1],
  ])('%s', (answer, profile, connector) => {
    expect(why(profile, connector)).toBe(answer);
  });

  test('an equal id, or an equal stack level and purpose on the connector, is replaced', () => {
    const held = [aProfile({ id: 1 }), aProfile({ id: 2, stackLevel: 1 })];
    expect(withProfile(held, aProfile({ id: 2, stackLevel: 4 }), limits)?.map((one) => one.id)).toEqual([1, 2]);
    expect(withProfile(held, aProfile({ id: 3, stackLevel: 0 }), limits)?.map((one) => one.id)).toEqual([2, 3]);
    expect(
      withProfile(held, aProfile({ id: 3, stackLevel: 5 }), {
        ...limits,
        maxProfiles: 2,
        purposes: ['ChargePointMaxProfile', 'TxDefaultProfile', 'TxProfile'],
      }),
    ).toBeUndefined();
  });

  test('cleared is by id, else by all that is given; a transaction takes its own profiles along', () => {
    const held = [
      aProfile({ id: 1 }),
      aProfile({ id: 2, stackLevel: 1 }),
      aProfile({ id: 3, connector: 2 }),
      aProfile({ id: 4, purpose: 'TxProfile' }),
    ];
    const left = (clear: Record<string, unknown>) => withoutProfiles(held, clear).map((one) => one.id);
    expect(left({ id: 2 })).toEqual([1, 3, 4]);
    expect(left({ connectorId: 1 })).toEqual([3]);
    expect(left({ connectorId: 1, chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 0 })).toEqual([2, 3, 4]);
    expect(left({})).toEqual([]);
    expect(afterTransaction(held, 1).map((one) => one.id)).toEqual([1, 2, 3]);
  });
});
