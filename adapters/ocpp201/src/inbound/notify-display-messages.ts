import type { Inbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

interface Request {
  readonly requestId: number;
  readonly messageInfo?: readonly unknown[];
  readonly tbc?: boolean;
}

/** [2,"id","NotifyDisplayMessages",{"requestId":7,"messageInfo":[…],"tbc":true}] : one part of what the station shows. */
export const notifyDisplayMessages = (wire: Wire2): Inbound<Request, Readonly<Record<string, never>>> => ({
  request: wire.tolerant('NotifyDisplayMessagesRequest', { kind: 'plain' }),
  response: wire.strict('NotifyDisplayMessagesResponse'),
  read: ({ requestId: request, messageInfo: messages = [], tbc: more = false }) => ({
    facts: [{ kind: 'noted', topic: 'display.messages', data: { request, messages, more } }],
  }),
  reply: () => ({}),
});
