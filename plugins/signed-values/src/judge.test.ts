import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge, type Claim, type Judged, type Policy } from './judge.ts';
import { readOcmf } from './ocmf.ts';
import { readPublicKey } from './public-key.ts';
import type { RecordCheck } from './verify.ts';

const START = Date.parse('2026-01-15T12:00:00Z');
const END = Date.parse('2026-01-15T13:00:00Z');
const claim: Claim = { closing: 'closing-1', energyWh: 10_000, startedAt: START, endedAt: END };
const policy: Policy = { toleranceSeconds: 300, acceptUnsynchronised: false, acceptGaps: false };

const pem = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({ format: 'pem', type: 'spki' });
const read = readPublicKey(String(pem));
if (!read.ok) throw new Error(read.reason);
const verified: RecordCheck = { result: 'verified', reasons: [], key: read.key };

const B = { TM: '2026-01-15T12:00:00,000+0000 S', TX: 'B', RV: 1_000, RI: '1-b:1.8.0', RU: 'Wh', EF: '', ST: 'G' };
const E = { ...B, TM: '2026-01-15T13:00:00,000+0000 S', TX: 'E', RV: 11_000 };

/** A record of the meter, as it was checked. `RV` may be digits: `'1.00'` stands in it as a number with two places. */
const aRecord = (
  page: number,
  readings: readonly object[],
  o: { check?: RecordCheck; meter?: string } = {},
): Judged => {
  const payload = JSON.stringify({ PG: `T${page}`, MS: o.meter ?? 'M1', RD: readings }).replaceAll(
    /"RV":"([\d.]+)"/g,
    '"RV":$1',
  );
  const found = readOcmf(`OCMF|${payload}|{"SD":"00"}`);
  if (!found.ok) throw new Error(found.reason);
  return { id: `r${page}`, sha256: '', format: 'OCMF', record: found.record, check: o.check ?? verified };
};
const codes = (records: readonly Judged[], o: { claim?: Partial<Claim>; policy?: Partial<Policy> } = {}) => {
  const { result, reasons } = judge(records, { ...claim, ...o.claim }, { ...policy, ...o.policy });
  return [result, ...new Set(reasons.map(({ code }) => code))].join(' ');
};

test('begin and end that say what is billed are verified, in one record or in two, in any order', () => {
  expect(codes([aRecord(1, [B, E])])).toBe('verified');
  expect(codes([aRecord(1, [B]), aRecord(2, [E])])).toBe('verified');
  expect(codes([aRecord(2, [E]), aRecord(1, [B])])).toBe('verified');
});

test('a begin that is told again in the record of the end does no harm; one that differs does', () => {
  expect(codes([aRecord(1, [B]), aRecord(2, [B, E])])).toBe('verified');
  expect(codes([aRecord(1, [{ ...B, RV: 900 }]), aRecord(2, [B, E])])).toBe('failed other-session');
});

describe('energy, within one step of the register', () => {
  const kWh = (begin: string, end: string) => [
    aRecord(1, [{ ...B, RU: 'kWh', RV: begin }]),
    aRecord(2, [{ ...E, RU: 'kWh', RV: end }]),
  ];
  test.each([
    ['1.00', '11.00', 10_009, 'verified'],
    ['1.00', '11.00', 10_011, 'failed energy-differs'],
    ['1.000', '11.000', 10_001, 'verified'],
    ['1.000', '11.000', 10_002, 'failed energy-differs'],
    ['1.0004', '11.0009', 10_001, 'verified'],
    ['1', '11', 10_400, 'verified'],
    ['11', '1', 0, 'failed energy-differs'],
  ])('%s to %s kWh, %i Wh billed: %s', (begin, end, energyWh, result) => {
    expect(codes(kWh(begin, end), { claim: { energyWh } })).toBe(result);
  });

  test('export, duration and momentary values are no energy into the car', () => {
    for (const other of [{ RI: '1-b:2.8.0' }, { RU: 's', RI: '01-00:00.08.06.FF' }, { RI: '1-b:1.7.0' }])
      expect(
        codes([
          aRecord(1, [
            { ...B, ...other },
            { ...E, ...other },
          ]),
        ]),
      ).toBe('failed begin-missing end-missing');
  });

  test('begin and end of two registers make no difference', () => {
    expect(codes([aRecord(1, [B]), aRecord(2, [{ ...E, RI: '1-b:1.8.1' }])])).toBe('failed end-missing');
  });
});

describe('what the meter says of itself', () => {
  test.each([
    ['a meter that is not well', [{ ...B, ST: 'M' }, E], 'failed meter-status'],
    [
      'a meter that says nothing of it',
      [
        { ...B, ST: '' },
        { ...E, ST: '' },
      ],
      'failed meter-status',
    ],
    ['energy that may not be billed', [B, { ...E, EF: 'E' }], 'failed error-flags'],
    ['time that may not be billed', [B, { ...E, EF: 't' }], 'failed error-flags'],
    ['an error while charging', [B, { ...B, TX: 'X' }, E], 'failed error-flags'],
    ['a stop by power failure', [B, { ...E, TX: 'P' }], 'verified'],
    [
      'a reading without a transaction',
      [
        { ...B, TX: '' },
        { ...E, TX: '' },
      ],
      'failed begin-missing end-missing',
    ],
  ])('%s', (_, readings, result) => {
    expect(codes([aRecord(1, readings)])).toBe(result);
  });
});

describe('clock and counter, and what the operator may accept', () => {
  const unset = { TM: '1970-01-01T01:01:49,000+0100 U' };
  test('a clock that was not set', () => {
    const records = [
      aRecord(1, [
        { ...B, ...unset },
        { ...E, ...unset },
      ]),
    ];
    expect(codes(records)).toBe('failed clock');
    expect(codes(records, { policy: { acceptUnsynchronised: true } })).toBe('verified');
  });

  const at = (begin: string, end: string) => [
    aRecord(1, [{ ...B, TM: `${begin},000+0000 S` }]),
    aRecord(2, [{ ...E, TM: `${end},000+0000 S` }]),
  ];
  test.each([
    ['within the tolerance', '2026-01-15T11:55:00', '2026-01-15T13:05:00', 'verified'],
    ['a clock that is early', '2026-01-15T11:50:00', '2026-01-15T12:50:00', 'failed clock'],
    ['a clock that is late', '2026-01-15T12:10:00', '2026-01-15T13:10:00', 'failed clock'],
    ['an end before its begin', '2026-01-15T13:00:00', '2026-01-15T12:00:00', 'failed clock'],
    ['a day before', '2026-01-14T12:00:00', '2026-01-14T13:00:00', 'failed other-session'],
    ['a day later', '2026-01-16T12:00:00', '2026-01-16T13:00:00', 'failed other-session'],
  ])('%s', (_, begin, end, result) => {
    expect(codes(at(begin, end))).toBe(result);
  });

  test('one half of a transaction is none', () => {
    expect(codes([aRecord(1, [B])])).toBe('failed end-missing');
    expect(codes([aRecord(1, [E])])).toBe('failed begin-missing');
  });

  test('a time that nobody can read is no time', () => {
    for (const TM of ['yesterday', '2026-01-15T12:00:00,000 S', '2026-99-15T12:00:00,000+0000 S'])
      expect(codes([aRecord(1, [{ ...B, TM }, E])])).toBe('failed clock');
  });

  test('numbers that are left out, that come twice and that run backwards', () => {
    const accepting = { policy: { acceptGaps: true } };
    expect(codes([aRecord(1, [B]), aRecord(3, [E])])).toBe('failed counter-gap');
    expect(codes([aRecord(1, [B]), aRecord(3, [E])], accepting)).toBe('verified');
    expect(codes([aRecord(1, [B]), aRecord(2, [{ ...B, TX: 'C', RV: 5_000 }]), aRecord(3, [E])])).toBe('verified');
    expect(codes([aRecord(1, [B]), aRecord(1, [E])], accepting)).toBe('failed counter-gap');
    expect(codes([aRecord(2, [B]), aRecord(1, [E])], accepting)).toBe('failed counter-gap');
  });
});

test('nothing is verified unless a verified record says the begin and one says the end', () => {
  const checks: readonly RecordCheck[] = [
    verified,
    { result: 'unverified', reasons: [{ code: 'no-key' }] },
    { result: 'failed', reasons: [{ code: 'tampered' }] },
  ];
  const some = fc.record({
    check: fc.constantFrom(...checks),
    what: fc.subarray([B, E]),
    meter: fc.constantFrom('M1', 'M2'),
  });
  fc.assert(
    fc.property(fc.array(some, { maxLength: 4 }), (given) => {
      const records = given.map(({ check, what, meter }, at) => aRecord(at + 1, what, { check, meter }));
      const { result } = judge(records, claim, policy);
      if (result !== 'verified') return;
      const good = given.filter(({ check }) => check === verified);
      expect(good.some(({ what }) => what.includes(B))).toBe(true);
      expect(good.some(({ what }) => what.includes(E))).toBe(true);
      expect(given.every(({ check }) => check.result !== 'failed')).toBe(true);
      expect(new Set(good.map(({ meter }) => meter)).size).toBe(1);
    }),
    { numRuns: 300 },
  );
});
