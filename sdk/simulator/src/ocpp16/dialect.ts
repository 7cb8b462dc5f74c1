import type { Dialect } from '../dialect.ts';
import { commands } from './commands/index.ts';
import { keys } from './keys.ts';
import { transactions } from './transactions.ts';

/** OCPP 1.6 over JSON. */
export const dialect16 = (): Dialect => ({
  protocol: 'ocpp1.6',
  model: 'Virtual 16',
  keys,
  transactions,
  commands: () => commands,
  starts: () => undefined,
  tell: (action, payload) => ({ action, payload: { ...payload } }),
  hear: (_, answer) => answer,
  spoken: (status) => status,
  tellsExpiry: false,
  payloadOf(item) {
    const { action } = item.message;
    if (action === 'StartTransaction') return item.payload;
    const transactionId = item.claimedId === undefined ? item.entry.transactionId : item.claimedId;
    if (transactionId !== undefined) return { ...item.payload, transactionId };
    return action === 'StopTransaction' ? { ...item.payload, transactionId: -1 } : item.payload;
  },
  known: ({ message, entry }) => message.action === 'StartTransaction' || entry.transactionId !== undefined,
});
