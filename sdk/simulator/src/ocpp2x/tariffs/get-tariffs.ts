import { type Command, malformed, status, whole } from '../../ocpp16/command.ts';
import type { Context } from '../commands/context.ts';

/** Block I of 2.1: each tariff with where, or for whom, it holds. */
export const getTariffs =
  ({ hands, tariffs }: Context): Command =>
  (payload) => {
    const evseId = whole(payload['evseId']);
    if (evseId === undefined) return malformed('evseId is missing');
    const numbers = hands.connectors.map((one) => one.number);
    if (evseId !== 0 && !numbers.includes(evseId)) return status('Rejected');
    const found = tariffs
      .all()
      .filter((one) => evseId === 0 || one.evseId === evseId || one.evseId === 0 || one.idTag !== undefined);
    if (found.length === 0) return status('NoTariff');
    const kinds = found.map((one) => ({
      ...one,
      tariffKind: one.idTag === undefined ? 'DefaultTariff' : 'DriverTariff',
    }));
    const keys = [...new Set(kinds.map((one) => JSON.stringify([one.tariffKind, one.tariff['tariffId']])))];
    const tariffAssignments = keys.map((key) => {
      const [tariffKind, tariffId] = JSON.parse(key) as [string, string];
      const same = kinds.filter((one) => one.tariffKind === tariffKind && one.tariff['tariffId'] === tariffId);
      const validFrom = same[0]?.tariff['validFrom'];
      const evseIds = same.flatMap((one) => (one.evseId === 0 ? numbers : (one.evseId ?? [])));
      const idTokens = same.flatMap((one) => one.idTag ?? []);
      return {
        ...{ tariffId, tariffKind },
        ...(validFrom === undefined ? {} : { validFrom }),
        ...(evseIds.length === 0 ? {} : { evseIds: [...new Set(evseIds)].sort((a, b) => a - b) }),
        ...(idTokens.length === 0 ? {} : { idTokens: [...new Set(idTokens)] }),
      };
    });
    return { result: { status: 'Accepted', tariffAssignments } };
  };
