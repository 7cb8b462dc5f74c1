import { type Command, status } from '../command.ts';

export const clearChargingProfile: Command = (payload, hands) =>
  status(hands.charging.clear(payload) ? 'Accepted' : 'Unknown', () => hands.save());
