import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openEnvelope } from './envelope.ts';
import { judge } from './judge.ts';
import { readOcmf } from './ocmf.ts';
import { readPublicKey } from './public-key.ts';
import { checkRecord } from './verify.ts';

interface Fixture {
  readonly source: string;
  readonly maker: string;
  readonly curve: string;
  readonly key: string;
  readonly records: readonly string[];
  readonly result: 'verified' | 'failed';
}
const { records, others } = JSON.parse(readFileSync(join(import.meta.dirname, '../fixtures/records.json'), 'utf8')) as {
  readonly records: readonly Fixture[];
  readonly others: readonly { readonly source: string; readonly format: string; readonly value: string }[];
};

const keyOf = (text: string) => {
  const read = readPublicKey(text);
  if (!read.ok) throw new Error(read.reason);
  return read.key;
};
const recordOf = (text: string) => {
  const read = readOcmf(openEnvelope(text).text);
  if (!read.ok) throw new Error(read.reason);
  return read.record;
};

describe('records of meters in the field', () => {
  test.each(records)('$maker: $result ($source)', ({ key, curve, records: texts, result }) => {
    const publicKey = keyOf(key);
    expect(publicKey.curve.name).toBe(curve);
    const results = texts.map((text) => checkRecord(recordOf(text), [publicKey]).result);
    expect(results.includes('failed') ? 'failed' : results[0]).toBe(result);
    if (result === 'verified') expect(new Set(results)).toEqual(new Set(['verified']));
  });

  const of = (file: string): Fixture => records.find(({ source }) => source.endsWith(file))!;
  const judged = (fixture: Fixture, claim: { energyWh: number; startedAt: string; endedAt: string }) =>
    judge(
      fixture.records.map((text, at) => {
        const record = recordOf(text);
        const check = checkRecord(record, [keyOf(fixture.key)]);
        return { id: String(at), sha256: '', format: 'OCMF', record, check };
      }),
      {
        closing: 'closing-1',
        energyWh: claim.energyWh,
        startedAt: Date.parse(claim.startedAt),
        endedAt: Date.parse(claim.endedAt),
      },
      { toleranceSeconds: 300, acceptUnsynchronised: false, acceptGaps: false },
    );

  test('begin and end in one record of a DC meter prove what was charged; the export register beside it does not count', () => {
    const claim = { startedAt: '2021-10-06T11:13:50Z', endedAt: '2021-10-06T11:15:20Z' };
    expect(judged(of('VW_OCMF_load.xml'), { ...claim, energyWh: 1101 })).toMatchObject({
      result: 'verified',
      energyWh: 1101,
      meter: '1211751603',
    });
    expect(judged(of('VW_OCMF_load.xml'), { ...claim, energyWh: 1103 }).reasons).toEqual([
      { code: 'energy-differs', detail: '1101 Wh are signed, 1103 Wh are billed' },
    ]);
  });

  test('begin and end in two records, padded digits, seconds among the readings', () => {
    const claim = { energyWh: 898, startedAt: '2021-11-17T16:09:38Z', endedAt: '2021-11-17T16:15:10Z' };
    expect(judged(of('second_key_fail_ocmf.xml'), claim)).toMatchObject({ result: 'verified', energyWh: 898 });
  });

  test('a meter whose clock was never set is not believed', () => {
    const claim = { energyWh: 0, startedAt: '2021-11-17T16:09:38Z', endedAt: '2021-11-17T16:15:10Z' };
    const { result, reasons } = judged(of('ocmf_tariff_1.xml'), claim);
    expect([result, reasons.map(({ code }) => code)]).toEqual(['failed', ['clock', 'clock']]);
  });

  test('a meter that says it is not well is not believed, though its signature holds', () => {
    const claim = { energyWh: 0, startedAt: '2021-10-07T13:29:55Z', endedAt: '2021-10-07T13:38:05Z' };
    const { result, reasons } = judged(of('20211007-device-with-evt-ocmf-sss-ses.xml'), claim);
    expect(result).toBe('failed');
    expect(new Set(reasons.map(({ code }) => code))).toEqual(new Set(['meter-status', 'error-flags']));
  });
});

test.each(others)('$format is named and kept as it is', ({ format, value }) => {
  expect(openEnvelope(value)).toEqual({ format, text: value });
  expect(openEnvelope(Buffer.from(value).toString('base64')).format).toBe(format);
});
