import { accepted, type Command, malformed, status, text, whole } from '../command.ts';

const known = [
  'BootNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'LogStatusNotification',
  'MeterValues',
  'SignChargePointCertificate',
  'StatusNotification',
];

/** TriggerMessage of the security extension: its FirmwareStatusNotification is the signed one. */
export const extendedTriggerMessage: Command = (payload, hands) => {
  const message = text(payload['requestedMessage']);
  if (message === undefined) return malformed('requestedMessage is missing');
  if (!known.includes(message)) return status('NotImplemented');
  const connector = whole(payload['connectorId']);
  if (connector !== undefined && !hands.connectors.some((one) => one.number === connector)) return status('Rejected');
  const wanted = message === 'FirmwareStatusNotification' ? 'SignedFirmwareStatusNotification' : message;
  return accepted(() => hands.trigger(wanted, connector));
};
