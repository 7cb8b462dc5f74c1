import type { Fact, Inbound } from '@plugga/kit';
import { decimalOf, textOf, transactionOf, wordOf } from '@plugga/wire';
import { strict, tolerant } from '../schema.ts';
import { type IdTagInfo, idTagInfo } from './id-tag-info.ts';
import { readingsOf } from './readings.ts';

interface Request {
  readonly transactionId?: unknown;
  readonly idTag?: unknown;
  readonly meterStop?: unknown;
  readonly timestamp?: unknown;
  readonly reason?: unknown;
  readonly transactionData?: unknown;
}
interface Response {
  readonly idTagInfo?: IdTagInfo;
}

/** [2,"id","StopTransaction",{"transactionId":7,"meterStop":5200,"timestamp":"2026-01-05T13:00:00Z","reason":"Local"}] */
export const stopTransaction: Inbound<Request, Response> = {
  request: tolerant('StopTransactionRequest', { kind: 'transaction' }),
  response: strict('StopTransactionResponse'),
  lastResort: {},
  read: (p) => {
    // Null and absent mean what -1 means: the station never learnt the id. The core finds the session by its content.
    const transaction = { id: transactionOf(p.transactionId) ?? '-1' };
    const idTag = textOf(p.idTag);
    const token = idTag === undefined ? undefined : { value: idTag };
    const time = wordOf(p.timestamp);
    const meterStop = decimalOf(p.meterStop);
    const reason = wordOf(p.reason);
    const readings = readingsOf(p.transactionData);
    const facts: Fact[] = [];
    if (readings.length > 0) facts.push({ kind: 'metered', transaction, readings });
    facts.push({
      kind: 'ended',
      transaction,
      time,
      ...(token && { token }),
      ...(meterStop !== undefined && { meterStop }),
      ...(reason && { reason }),
    });
    if (p.transactionData !== undefined && !Array.isArray(p.transactionData)) {
      facts.push({ kind: 'noted', topic: 'transactionData.unreadable', data: p.transactionData });
    }
    return { facts, ...(token && { ask: { question: 'authorize', token, purpose: 'stop', time } }) };
  },
  // Only a stop that names a token hears about one (1.6 section 6.50).
  reply: ({ authorization }, p) =>
    authorization && textOf(p.idTag) !== undefined ? { idTagInfo: idTagInfo(authorization) } : {},
};
