import { instant, type StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { stopTransaction } from './stop-transaction.ts';

const now = instant(0);
const view = {} as StationView;
const request = { transactionId: 7, meterStop: 5, timestamp: '2026-01-05T13:00:00Z' };

describe('StopTransaction', () => {
  test('a stop that names a token hears about it', () => {
    const outcome = { now, authorization: { status: 'blocked' } as const };
    expect(stopTransaction.reply(outcome, { ...request, idTag: 'A' }, view)).toEqual({
      idTagInfo: { status: 'Blocked' },
    });
    expect(stopTransaction.reply({ now }, { ...request, idTag: 'A' }, view)).toEqual({});
  });

  test('a stop that names none does not', () => {
    const outcome = { now, authorization: { status: 'accepted' } as const };
    expect(stopTransaction.reply(outcome, request, view)).toEqual({});
    expect(stopTransaction.reply(outcome, { ...request, idTag: '' }, view)).toEqual({});
  });

  test('no reason is not said to be Local: a second stop may still tell it', () => {
    expect(stopTransaction.read(request, view).facts).toEqual([
      { kind: 'ended', transaction: { id: '7' }, time: '2026-01-05T13:00:00Z', meterStop: '5' },
    ]);
  });

  test('transactionData that is no list is kept beside the end', () => {
    const { facts } = stopTransaction.read({ ...request, transactionData: 'x' }, view);
    expect(facts.map(({ kind }) => kind)).toEqual(['ended', 'noted']);
  });
});
