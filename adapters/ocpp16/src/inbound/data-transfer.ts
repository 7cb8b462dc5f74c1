import type { Inbound } from '@plugga/kit';
import { strict, tolerant } from '../schema.ts';

interface Request {
  readonly vendorId: string;
  readonly messageId?: string;
  /** Text by the specification; some vendors nest an object. */
  readonly data?: unknown;
}
interface Response {
  readonly status: 'Accepted' | 'Rejected' | 'UnknownVendorId' | 'UnknownMessageId';
  readonly data?: string;
}

const STATUS = {
  accepted: 'Accepted',
  rejected: 'Rejected',
  unknownVendorId: 'UnknownVendorId',
  unknownMessageId: 'UnknownMessageId',
} as const;

/** [2,"id","DataTransfer",{"vendorId":"org.example","messageId":"tick","data":"{}"}] */
export const dataTransfer: Inbound<Request, Response> = {
  request: tolerant('DataTransferRequest', { kind: 'plain', opaque: ['data'] }),
  response: strict('DataTransferResponse'),
  read: ({ vendorId, messageId, data }) => ({
    facts: [{ kind: 'noted', topic: 'dataTransfer', data: { vendorId, messageId, data } }],
    ask: { question: 'dataTransfer', vendorId, messageId, data },
  }),
  reply: ({ dataTransfer }) => {
    const data = dataTransfer?.data;
    return {
      status: STATUS[dataTransfer?.status ?? 'unknownVendorId'],
      ...(data !== undefined && { data: typeof data === 'string' ? data : JSON.stringify(data) }),
    };
  },
};
