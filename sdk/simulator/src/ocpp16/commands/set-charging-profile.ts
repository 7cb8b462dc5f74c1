import { accepted, type Command, malformed, status, whole } from '../command.ts';

export const setChargingProfile: Command = (payload, hands) => {
  const connector = whole(payload['connectorId']);
  if (connector === undefined) return malformed('connectorId is missing');
  const answer = hands.charging.set(connector, payload['csChargingProfiles']);
  if (answer === 'Accepted') return accepted(() => hands.save());
  return answer.malformed ? malformed(answer.why) : status('Rejected');
};
