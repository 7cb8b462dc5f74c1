import type { Inbound } from '@plugga/kit';
import { tokenOf } from '@plugga/ocpp201';
import { clip } from '@plugga/wire';
import { wire21 } from '../schema.ts';

interface Request {
  readonly eventType: string;
  readonly requestId: number;
  readonly idToken: unknown;
  readonly batteryData: readonly unknown[];
}

/**
 * [2,"id","BatterySwap",{"eventType":"BatteryIn","requestId":7,"idToken":{…},"batteryData":[…]}] : whose it is, as any token
 * that is shown without a transaction, and which batteries went where.
 */
export const batterySwap: Inbound<Request, Readonly<Record<string, never>>> = {
  request: wire21.tolerant('BatterySwapRequest', { kind: 'plain' }),
  response: wire21.strict('BatterySwapResponse'),
  read: ({ eventType, requestId: request, idToken, batteryData: batteries }) => {
    const token = tokenOf(idToken);
    const swap = { request, event: clip(eventType, 50), batteries };
    const noted = { kind: 'noted', topic: 'battery.swap', data: swap } as const;
    return token === undefined
      ? { facts: [noted] }
      : {
          facts: [{ kind: 'attempted', token }, noted],
          ask: { question: 'authorize', token, purpose: 'authorize' },
        };
  },
  reply: () => ({}),
};
