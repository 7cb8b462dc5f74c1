import { type Command, malformed, record, status, text, whole } from '../../ocpp16/command.ts';
import { connectorsOf, connectorWith, type Context } from './context.ts';

type Given = Readonly<Record<string, unknown>>;

/** What only OCPP 2.1 has beside streams and dynamic profiles: tariffs, battery swap, signals of the grid, web payment. */
export const only21 = ({ hands, beside }: Context): Readonly<Record<string, Command>> => {
  const tariffs = new Map<number, Given>();
  const controls = new Map<string, Given>();
  return {
    SetDefaultTariff(payload) {
      const [evseId, tariff] = [whole(payload['evseId']), record(payload['tariff'])];
      if (evseId === undefined || tariff === undefined) return malformed('evseId or tariff is missing');
      const chosen = connectorsOf(hands, evseId === 0 ? undefined : { id: evseId });
      if (chosen.length === 0) return status('Rejected');
      for (const one of chosen) tariffs.set(one.number, tariff);
      return status('Accepted');
    },
    GetTariffs(payload) {
      const evseId = whole(payload['evseId']) ?? 0;
      const found = [...tariffs].filter(([evse]) => evseId === 0 || evse === evseId);
      if (found.length === 0) return status('NoTariff');
      const ids = [...new Set(found.map(([, tariff]) => tariff['tariffId']))];
      const tariffAssignments = ids.map((tariffId) => ({
        tariffId,
        tariffKind: 'DefaultTariff',
        evseIds: found.filter(([, tariff]) => tariff['tariffId'] === tariffId).map(([evse]) => evse),
      }));
      return { result: { status: 'Accepted', tariffAssignments } };
    },
    ClearTariffs(payload) {
      const ids = payload['tariffIds'];
      const evseId = whole(payload['evseId']) ?? 0;
      const wanted = Array.isArray(ids) ? ids : [...new Set([...tariffs.values()].map((one) => one['tariffId']))];
      const clearTariffsResult = wanted.map((tariffId: unknown) => {
        const gone = [...tariffs].filter(
          ([evse, one]) => one['tariffId'] === tariffId && (evseId === 0 || evse === evseId),
        );
        for (const [evse] of gone) tariffs.delete(evse);
        return { tariffId, status: gone.length > 0 ? 'Accepted' : 'NoTariff' };
      });
      return {
        result: { clearTariffsResult: clearTariffsResult.length > 0 ? clearTariffsResult : [{ status: 'NoTariff' }] },
      };
    },
    ChangeTransactionTariff(payload) {
      if (record(payload['tariff']) === undefined) return malformed('tariff is missing');
      return status(connectorWith(hands, payload['transactionId']) === undefined ? 'TxNotFound' : 'Accepted');
    },
    RequestBatterySwap(payload) {
      const [requestId, idToken] = [whole(payload['requestId']), record(payload['idToken'])];
      if (requestId === undefined || idToken === undefined) return malformed('requestId or idToken is missing');
      const battery = (evseId: number, serialNumber: string, soC: number): Given => ({
        ...{ evseId, serialNumber, soC, soH: 98 },
      });
      const swap = async (): Promise<void> => {
        const told = { idToken, requestId };
        await beside.call('BatterySwap', { ...told, eventType: 'BatteryIn', batteryData: [battery(1, 'EMPTY1', 12)] });
        await beside.call('BatterySwap', { ...told, eventType: 'BatteryOut', batteryData: [battery(1, 'FULL1', 97)] });
      };
      return status('Accepted', () => void swap());
    },
    AFRRSignal: (payload) =>
      whole(payload['signal']) === undefined ? malformed('signal is missing') : status('Accepted'),
    NotifyAllowedEnergyTransfer: (payload) =>
      status(connectorWith(hands, payload['transactionId']) === undefined ? 'Rejected' : 'Accepted'),
    NotifyWebPaymentStarted: (payload) =>
      whole(payload['evseId']) === undefined ? malformed('evseId is missing') : { result: {} },
    SetDERControl(payload) {
      const controlId = text(payload['controlId']);
      if (controlId === undefined) return malformed('controlId is missing');
      controls.set(controlId, payload);
      return status('Accepted');
    },
    GetDERControl(payload) {
      const requestId = whole(payload['requestId']);
      if (requestId === undefined) return malformed('requestId is missing');
      const found = [...controls.values()].filter(
        (one) => payload['controlId'] === undefined || one['controlId'] === payload['controlId'],
      );
      return status(found.length === 0 ? 'NotFound' : 'Accepted', () => {
        if (found.length > 0) void beside.call('ReportDERControl', { requestId, ...reportOf(found) });
      });
    },
    ClearDERControl(payload) {
      const id = text(payload['controlId']);
      if (id === undefined) {
        const some = controls.size > 0;
        controls.clear();
        return status(some ? 'Accepted' : 'NotFound');
      }
      return status(controls.delete(id) ? 'Accepted' : 'NotFound');
    },
  };
};

/** The set-points and curves as a report has them: each under the name of its kind. */
const reportOf = (controls: readonly Given[]): Given => {
  const parts: Record<string, unknown[]> = {};
  for (const { controlId: id, isDefault, controlType, ...rest } of controls) {
    for (const [kind, value] of Object.entries(rest)) {
      const base = { id, isDefault, isSuperseded: false };
      (parts[kind] ??= []).push(
        kind === 'curve' ? { ...base, curveType: controlType, curve: value } : { ...base, [kind]: value },
      );
    }
  }
  return parts;
};
