import type { Inbound } from '@plugga/kit';
import { wire21 } from '../schema.ts';

/**
 * [2,"id","NotifySettlement",{"transactionId":"T1","pspRef":"P1","status":"Settled","settlementAmount":12.5,"settlementTime":"…"}]:
 * what a terminal at the station has taken. Kept and shown; it is money that has moved, so whatever can be read is.
 */
export const notifySettlement: Inbound<Readonly<Record<string, unknown>>, Readonly<Record<string, never>>> = {
  request: wire21.tolerant('NotifySettlementRequest', { kind: 'transaction' }),
  response: wire21.strict('NotifySettlementResponse'),
  lastResort: {},
  read: (p) => ({ facts: [{ kind: 'noted', topic: 'settlement', data: p }] }),
  reply: () => ({}),
};
