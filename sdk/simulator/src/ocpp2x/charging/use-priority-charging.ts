import { type Command, malformed, status } from '../../ocpp16/command.ts';
import { connectorWith, type Context } from '../commands/context.ts';

/** Block K of 2.1: a transaction goes before others, as the CSMS says or the driver asks at the station. */
export const usePriorityCharging = ({ hands, beside }: Context): Command => {
  beside.watch((event) => {
    if (event.kind !== 'hurried') return;
    const entry = hands.connectors.find((one) => one.number === event.connector)?.running?.entry;
    // Without a profile that says what it would mean there is nothing to press.
    if (entry === undefined || !hands.charging.first(event.connector, event.on)) return;
    beside.notify('NotifyPriorityCharging', { transactionId: entry.transactionId, activated: event.on });
  });
  return (payload) => {
    const { activate } = payload;
    if (typeof activate !== 'boolean') return malformed('activate is missing');
    const connector = connectorWith(hands, payload['transactionId']);
    if (connector?.running === undefined) return status('Rejected');
    return status(hands.charging.first(connector.number, activate) ? 'Accepted' : 'NoProfile');
  };
};
