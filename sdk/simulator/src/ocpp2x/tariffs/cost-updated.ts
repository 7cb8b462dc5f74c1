import { type Command, malformed, text } from '../../ocpp16/command.ts';
import type { Context } from '../commands/context.ts';

/** Block I, I02: what a transaction costs so far, for the display. One that it does not know is answered all the same. */
export const costUpdated =
  ({ beside }: Context): Command =>
  (payload) => {
    const [total, id] = [payload['totalCost'], text(payload['transactionId'])];
    if (typeof total !== 'number' || id === undefined) return malformed('totalCost or transactionId is missing');
    const entry = beside.ledger.findLast((one) => one.transactionId === id);
    if (entry !== undefined) beside.costs(entry, { total, final: entry.cost?.final === true });
    return { result: {} };
  };
