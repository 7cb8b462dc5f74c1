import { type Command, whole } from '../../ocpp16/command.ts';
import type { Context } from '../commands/context.ts';

/** Block I of 2.1: those that are named, else all, at one EVSE or everywhere. */
export const clearTariffs =
  ({ tariffs }: Context): Command =>
  (payload) => {
    const evseId = whole(payload['evseId']);
    const ids: unknown = payload['tariffIds'];
    const here = (one: { readonly evseId?: number }): boolean => evseId === undefined || one.evseId === evseId;
    const wanted: readonly unknown[] = Array.isArray(ids)
      ? ids
      : [
          ...new Set(
            tariffs
              .all()
              .filter(here)
              .map((one) => one.tariff['tariffId']),
          ),
        ];
    const cleared = wanted.map((tariffId) => {
      const gone = tariffs.clear((one) => here(one) && one.tariff['tariffId'] === tariffId);
      return { tariffId, status: gone > 0 ? 'Accepted' : 'NoTariff' };
    });
    return { result: { clearTariffsResult: cleared.length > 0 ? cleared : [{ status: 'NoTariff' }] } };
  };
