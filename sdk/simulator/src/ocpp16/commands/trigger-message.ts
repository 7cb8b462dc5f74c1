import { accepted, type Command, malformed, status, text, whole } from '../command.ts';

const known = [
  'BootNotification',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'MeterValues',
  'StatusNotification',
];

export const triggerMessage: Command = (payload, hands) => {
  const message = text(payload['requestedMessage']);
  if (message === undefined) return malformed('requestedMessage is missing');
  if (!known.includes(message)) return status('NotImplemented');
  const connector = whole(payload['connectorId']);
  if (connector !== undefined && !hands.connectors.some((one) => one.number === connector)) return status('Rejected');
  return accepted(() => hands.trigger(message, connector));
};
