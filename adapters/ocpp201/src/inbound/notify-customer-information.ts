import type { Inbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';
import { reportPart } from './report-part.ts';

interface Request {
  readonly requestId: number;
  readonly seqNo?: unknown;
  readonly data: string;
  readonly tbc?: unknown;
}

/**
 * [2,"id","NotifyCustomerInformation",{"data":"name: Ada","seqNo":0,"tbc":true,"generatedAt":"2026-01-05T12:00:00Z","requestId":7}]
 */
export const notifyCustomerInformation = (wire: Wire2): Inbound<Request, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('NotifyCustomerInformationRequest', {
    kind: 'plain',
    harmless: ['generatedAt', 'seqNo'],
    opaque: ['seqNo', 'tbc', 'generatedAt'],
  }),
  response: wire.strict('NotifyCustomerInformationResponse'),
  read: ({ data, ...payload }) => ({
    facts: [
      {
        kind: 'customerReported',
        report: reportPart(payload),
        text: data,
      },
    ],
  }),
  reply: () => ({}),
});
