import type { Connector, Status } from './connector.ts';
import type { Configuration } from './configuration.ts';

/** What the CSMS's commands may do with the station. */
export interface Hands {
  readonly connectors: readonly Connector[];
  readonly configuration: Configuration;
  readonly vendor: string;
  remoteStart(connector: Connector, idTag: string): void;
  stop(connector: Connector, reason: string): void;
  show(connector: Connector, status: Status): void;
  resting(connector: Connector): void;
  restart(kind: 'Soft' | 'Hard'): void;
  trigger(message: string, connector: number | undefined): void;
  configured(): void;
}

/** The answer, and what happens once it has been sent. */
export interface Reply {
  readonly result: Record<string, unknown>;
  readonly after?: () => void;
}

type Payload = Readonly<Record<string, unknown>>;
type Command = (payload: Payload, hands: Hands) => Reply | 'FormationViolation';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const whole = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) ? value : undefined;
const accepted = (after?: () => void): Reply => ({ result: { status: 'Accepted' }, ...(after ? { after } : {}) });
const status = (value: string): Reply => ({ result: { status: value } });
const free = (connector: Connector): boolean => connector.operative && connector.running === undefined;

const remoteStart: Command = (payload, hands) => {
  const idTag = text(payload['idTag']);
  if (idTag === undefined) return 'FormationViolation';
  const wanted = whole(payload['connectorId']);
  const connector = hands.connectors.find((one) => free(one) && (wanted === undefined || one.number === wanted));
  return connector === undefined ? status('Rejected') : accepted(() => hands.remoteStart(connector, idTag));
};

const remoteStop: Command = (payload, hands) => {
  const id = whole(payload['transactionId']);
  if (id === undefined) return 'FormationViolation';
  const connector = hands.connectors.find((one) => one.running?.entry.transactionId === id);
  return connector === undefined ? status('Rejected') : accepted(() => hands.stop(connector, 'Remote'));
};

const reset: Command = (payload, hands) => {
  const kind = payload['type'];
  if (kind !== 'Soft' && kind !== 'Hard') return 'FormationViolation';
  return accepted(() => hands.restart(kind));
};

const unlockConnector: Command = (payload, hands) => {
  const connector = hands.connectors.find((one) => one.number === payload['connectorId']);
  if (connector === undefined) return status('NotSupported');
  return {
    result: { status: 'Unlocked' },
    after: () => {
      if (connector.running !== undefined) hands.stop(connector, 'UnlockCommand');
    },
  };
};

const changeAvailability: Command = (payload, hands) => {
  const { type, connectorId } = payload;
  if ((type !== 'Operative' && type !== 'Inoperative') || whole(connectorId) === undefined) return 'FormationViolation';
  const chosen = connectorId === 0 ? hands.connectors : hands.connectors.filter((one) => one.number === connectorId);
  if (chosen.length === 0) return status('Rejected');
  const busy = chosen.filter((one) => one.running !== undefined);
  for (const one of busy) one.scheduled = type;
  const apply = (): void => {
    for (const one of chosen) {
      if (one.running !== undefined) continue;
      one.operative = type === 'Operative';
      hands.resting(one);
    }
  };
  return { result: { status: busy.length > 0 ? 'Scheduled' : 'Accepted' }, after: apply };
};

const triggerMessage: Command = (payload, hands) => {
  const message = text(payload['requestedMessage']);
  if (message === undefined) return 'FormationViolation';
  const known = ['BootNotification', 'Heartbeat', 'StatusNotification', 'MeterValues'].includes(message);
  if (!known) return status('NotImplemented');
  const connector = whole(payload['connectorId']);
  if (connector !== undefined && !hands.connectors.some((one) => one.number === connector)) return status('Rejected');
  return accepted(() => hands.trigger(message, connector));
};

const getConfiguration: Command = (payload, hands) => {
  const wanted = payload['key'] ?? [];
  if (!Array.isArray(wanted)) return 'FormationViolation';
  const { configurationKey, unknownKey } = hands.configuration.report(wanted.map(String));
  return { result: { configurationKey, ...(unknownKey.length > 0 ? { unknownKey } : {}) } };
};

const changeConfiguration: Command = (payload, hands) => {
  const [key, value] = [text(payload['key']), text(payload['value'])];
  if (key === undefined || value === undefined) return 'FormationViolation';
  const answer = hands.configuration.change(key, value);
  return answer === 'Accepted' ? accepted(() => hands.configured()) : status(answer);
};

const dataTransfer: Command = (payload, hands) =>
  payload['vendorId'] === hands.vendor
    ? { result: { status: 'Accepted', data: String(payload['data'] ?? '') } }
    : status('UnknownVendorId');

/** CSMS to station (OCPP 1.6 section 5); what is not here is answered NotImplemented. */
export const commands: Readonly<Record<string, Command>> = {
  ChangeAvailability: changeAvailability,
  ChangeConfiguration: changeConfiguration,
  DataTransfer: dataTransfer,
  GetConfiguration: getConfiguration,
  RemoteStartTransaction: remoteStart,
  RemoteStopTransaction: remoteStop,
  Reset: reset,
  TriggerMessage: triggerMessage,
  UnlockConnector: unlockConnector,
};
