import { type Command, malformed, record, status } from '../../ocpp16/command.ts';
import { connectorWith, type Context } from '../commands/context.ts';
import { limitsOf, refusalOf } from './tariff-rules.ts';

/** Block I of 2.1: a running transaction goes on at another price, in the currency that it has. */
export const changeTransactionTariff =
  ({ hands, tariffs }: Context): Command =>
  (payload) => {
    const tariff = record(payload['tariff']);
    if (tariff === undefined) return malformed('tariff is missing');
    const connector = connectorWith(hands, payload['transactionId']);
    const entry = connector?.running?.entry ?? connector?.open;
    if (connector === undefined || entry === undefined) return status('TxNotFound');
    const id = String(entry.transactionId);
    const before = tariffs.changedTo(id) ?? tariffs.at(connector.number, entry.idTag, hands.now());
    if (before !== undefined && tariff['currency'] !== before['currency']) return status('NoCurrencyChange');
    const refused = refusalOf(tariff, limitsOf(hands));
    if (refused !== undefined) return status(refused);
    return status('Accepted', () => tariffs.change(id, tariff));
  };
