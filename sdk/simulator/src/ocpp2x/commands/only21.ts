import { type Command, malformed, record, status, text, whole } from '../../ocpp16/command.ts';
import { connectorWith, type Context } from './context.ts';

type Given = Readonly<Record<string, unknown>>;

/** What only OCPP 2.1 has beside streams, dynamic profiles and tariffs: battery swap, signals of the grid, web payment. */
export const only21 = ({ hands, beside }: Context): Readonly<Record<string, Command>> => {
  const controls = new Map<string, Given>();
  return {
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
