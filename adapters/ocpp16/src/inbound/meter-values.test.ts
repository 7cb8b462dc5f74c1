import type { StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { meterValues } from './meter-values.ts';

const view = {} as StationView;
const reading = { timestamp: '2026-01-05T12:01:00Z', sampledValue: [{ value: '1' }] };
const transactionOf = (transactionId: unknown) => {
  const [fact] = meterValues.read({ connectorId: 1, transactionId, meterValue: [reading] }, view).facts;
  return fact?.kind === 'metered' ? fact.transaction?.id : fact;
};

describe('MeterValues', () => {
  test('the transaction id is kept as text', () => {
    expect([7, '7', ' 7 ', 2 ** 31, 'abc', 1.5].map(transactionOf)).toEqual([
      '7',
      '7',
      '7',
      '2147483648',
      'abc',
      '1.5',
    ]);
  });

  test('ids that stations write for "none" are none', () => {
    expect([undefined, null, 0, -1, '', '-1'].map(transactionOf)).toEqual(Array(6).fill(undefined));
  });

  test('several readings keep their order and their own times, also when they are the same', () => {
    const meterValue = ['12:02', '12:01', '12:01'].map((time) => ({ ...reading, timestamp: `2026-01-05T${time}:00Z` }));
    const [fact] = meterValues.read({ connectorId: 1, meterValue }, view).facts;
    expect(fact).toMatchObject({ readings: meterValue.map(({ timestamp }) => ({ time: timestamp })) });
  });

  test('a reading without a time is kept: the core takes the time of receipt', () => {
    const { facts } = meterValues.read({ connectorId: 1, meterValue: [{ sampledValue: [{ value: '1' }] }] }, view);
    expect(facts).toEqual([
      { kind: 'metered', evse: 1, connector: 1, readings: [{ time: undefined, samples: [{ value: '1' }] }] },
    ]);
  });

  test('nothing readable is no fact, and still answered', () => {
    expect(meterValues.read({ connectorId: 1, meterValue: [] }, view).facts).toEqual([]);
    expect(meterValues.reply({} as never, {}, view)).toEqual({});
  });
});
