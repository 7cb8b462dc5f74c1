import { type Command, malformed, record, status, text, whole } from '../../ocpp16/command.ts';
import type { Context } from '../commands/context.ts';
import { limitsOf, refusalOf } from './tariff-rules.ts';

/** Block I of 2.1: the price for who has none of their own, at one EVSE or (0) at all. */
export const setDefaultTariff =
  ({ hands, tariffs }: Context): Command =>
  (payload) => {
    const [evseId, tariff] = [whole(payload['evseId']), record(payload['tariff'])];
    const tariffId = text(tariff?.['tariffId']);
    if (evseId === undefined || tariff === undefined || tariffId === undefined)
      return malformed('evseId, tariff or its tariffId is missing');
    if (evseId !== 0 && !hands.connectors.some((one) => one.number === evseId)) return status('Rejected');
    const refused = refusalOf(tariff, limitsOf(hands));
    if (refused !== undefined) return status(refused);
    // The same tariff may be set at one EVSE after another; under its id there is no other one.
    const other = tariffs
      .all()
      .some((one) => one.tariff['tariffId'] === tariffId && JSON.stringify(one.tariff) !== JSON.stringify(tariff));
    if (other) return status('DuplicateTariffId');
    tariffs.setDefault(evseId, tariff);
    return status('Accepted');
  };
