import type { Inbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

interface Request {
  readonly vendorId: string;
  readonly messageId?: string;
  readonly data?: unknown;
}
interface Response {
  readonly status: 'Accepted' | 'Rejected' | 'UnknownVendorId' | 'UnknownMessageId';
  readonly data?: unknown;
}

const STATUS = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  unknownVendorId: 'UnknownVendorId',
  unknownMessageId: 'UnknownMessageId',
} as const;

/** [2,"id","DataTransfer",{"vendorId":"org.example","messageId":"tick","data":{"any":"JSON"}}] */
export const dataTransfer = (wire: Wire2): Inbound<Request, Response> => ({
  request: wire.tolerant('DataTransferRequest', { kind: 'plain' }),
  response: wire.strict('DataTransferResponse'),
  read: ({ vendorId, messageId, data }) => ({
    facts: [{ kind: 'noted', topic: 'dataTransfer', data: { vendorId, messageId, data } }],
    ask: { question: 'dataTransfer', vendorId, messageId, data },
  }),
  reply: ({ dataTransfer }) => {
    const data = dataTransfer?.data;
    return { status: STATUS[dataTransfer?.status ?? 'unknownVendorId'], ...(data !== undefined && { data }) };
  },
});
