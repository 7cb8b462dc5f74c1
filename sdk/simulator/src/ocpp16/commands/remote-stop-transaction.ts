import { accepted, type Command, malformed, status, whole } from '../command.ts';

export const remoteStopTransaction: Command = (payload, hands) => {
  const id = whole(payload['transactionId']);
  if (id === undefined) return malformed('transactionId is missing');
  const connector = hands.connectors.find((one) => one.running?.entry.transactionId === id);
  return connector === undefined ? status('Rejected') : accepted(() => hands.stop(connector, 'Remote'));
};
