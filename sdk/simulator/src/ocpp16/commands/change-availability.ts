import { type Command, malformed, status, whole } from '../command.ts';

/** What charges is changed when it has ended (OCPP 1.6 section 5.2). */
export const changeAvailability: Command = (payload, hands) => {
  const { type, connectorId } = payload;
  if (type !== 'Operative' && type !== 'Inoperative') return malformed('type is neither Operative nor Inoperative');
  if (whole(connectorId) === undefined) return malformed('connectorId is missing');
  const chosen = connectorId === 0 ? hands.connectors : hands.connectors.filter((one) => one.number === connectorId);
  if (chosen.length === 0) return status('Rejected');
  const busy = chosen.filter((one) => one.running !== undefined);
  for (const one of busy) one.scheduled = type;
  return status(busy.length > 0 ? 'Scheduled' : 'Accepted', () => {
    for (const one of chosen) {
      if (one.running !== undefined) continue;
      one.operative = type === 'Operative';
      hands.resting(one);
    }
    hands.save();
  });
};
