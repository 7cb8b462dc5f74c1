import type { Inbound } from '@plugga/kit';
import { decimalOf, numberOf, textOf, wordOf } from '@plugga/wire';
import { strict, tolerant } from '../schema.ts';
import { whereOf } from './where.ts';
import { type IdTagInfo, idTagInfo } from './id-tag-info.ts';

interface Request {
  readonly connectorId?: unknown;
  readonly idTag?: unknown;
  readonly meterStart?: unknown;
  readonly reservationId?: unknown;
  readonly timestamp?: unknown;
}
interface Response {
  readonly transactionId: number;
  readonly idTagInfo: IdTagInfo;
}

/** [2,"id","StartTransaction",{"connectorId":1,"idTag":"04A2B3C4","meterStart":1200,"timestamp":"2026-01-05T12:00:00Z"}] */
export const startTransaction: Inbound<Request, Response> = {
  request: tolerant('StartTransactionRequest', { kind: 'transaction' }),
  response: strict('StartTransactionResponse'),
  // Id 0 is none of ours: a stop that repeats it is reconciled as one whose start was not answered.
  lastResort: { transactionId: 0, idTagInfo: { status: 'Accepted' } },
  read: (p) => {
    const where = whereOf(p.connectorId);
    const idTag = textOf(p.idTag);
    const token = idTag === undefined ? undefined : { value: idTag };
    const time = wordOf(p.timestamp);
    const meterStart = decimalOf(p.meterStart);
    // Several stations always send 0 for "no reservation".
    const reservation = numberOf(p.reservationId) || undefined;
    return {
      facts: [
        {
          kind: 'started',
          ...where,
          time,
          ...(token && { token }),
          ...(meterStart !== undefined && { meterStart }),
          ...(reservation !== undefined && { reservation }),
        },
      ],
      ...(token && { ask: { question: 'authorize', token, evse: where.evse, purpose: 'start', time } }),
    };
  },
  reply: ({ authorization, transaction }, p) => ({
    transactionId: Number(transaction?.id ?? 0),
    // No decision although there was a token is a fault of ours, and never the driver's. No token at all is nobody's.
    idTagInfo: idTagInfo(authorization ?? { status: textOf(p.idTag) === undefined ? 'invalid' : 'accepted' }),
  }),
};
