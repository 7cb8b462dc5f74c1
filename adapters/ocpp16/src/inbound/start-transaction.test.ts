import { instant, type StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { startTransaction } from './start-transaction.ts';

const now = instant(0);
const view = {} as StationView;
const request = { connectorId: 1, idTag: 'A', meterStart: 0, timestamp: '2026-01-05T12:00:00Z' };

describe('StartTransaction', () => {
  test.each(['blocked', 'expired', 'invalid', 'concurrentTx'] as const)('a %s token gets the real id too', (status) => {
    const reply = startTransaction.reply(
      { now, authorization: { status }, transaction: { id: '2147483647' } },
      request,
      view,
    );
    expect(reply.transactionId).toBe(2147483647);
    expect(reply.idTagInfo.status.toLowerCase()).toBe(status.toLowerCase());
    expect(startTransaction.response?.(reply)).toMatchObject({ ok: true });
  });

  test('a missing decision is never the driver’s fault', () => {
    const reply = startTransaction.reply({ now, transaction: { id: '7' } }, request, view);
    expect(reply).toEqual({ transactionId: 7, idTagInfo: { status: 'Accepted' } });
  });

  test('a start without a token is nobody’s', () => {
    const { facts, ask } = startTransaction.read({ ...request, idTag: '' }, view);
    expect(facts).toEqual([{ kind: 'started', evse: 1, connector: 1, time: '2026-01-05T12:00:00Z', meterStart: '0' }]);
    expect(ask).toBeUndefined();
    expect(startTransaction.reply({ now, transaction: { id: '7' } }, { ...request, idTag: '' }, view)).toEqual({
      transactionId: 7,
      idTagInfo: { status: 'Invalid' },
    });
  });

  test('the last resort is valid', () => {
    expect(startTransaction.response?.(startTransaction.lastResort)).toMatchObject({ ok: true });
  });
});
