import type { Inbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

interface Request {
  readonly requestId: number;
  readonly seqNo: number;
  readonly data: string;
  readonly tbc?: boolean;
}

/**
 * [2,"id","NotifyCustomerInformation",{"data":"","seqNo":0,"generatedAt":"2026-01-05T12:00:00Z","requestId":7}] : that it
 * came is kept, what it says of a driver is not: the log is never erased.
 */
export const notifyCustomerInformation = (wire: Wire2): Inbound<Request, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('NotifyCustomerInformationRequest', { kind: 'plain', harmless: ['generatedAt', 'seqNo'] }),
  response: wire.strict('NotifyCustomerInformationResponse'),
  read: ({ requestId: request, seqNo = 0, data, tbc = false }) => ({
    facts: [
      { kind: 'noted', topic: 'customer.information', data: { request, seqNo, more: tbc, characters: data.length } },
    ],
  }),
  reply: () => ({}),
});
