import { type Command, status } from '../command.ts';

export const unlockConnector: Command = (payload, hands) => {
  const connector = hands.connectors.find((one) => one.number === payload['connectorId']);
  if (connector === undefined) return status('NotSupported');
  return status('Unlocked', () => {
    if (connector.running !== undefined) hands.stop(connector, 'UnlockCommand');
  });
};
