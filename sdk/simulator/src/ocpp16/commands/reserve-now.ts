import { accepted, type Command, malformed, status, text, time, whole } from '../command.ts';

/** OCPP 1.6 section 5.13: the state of the connector says why it cannot be had. */
export const reserveNow: Command = (payload, hands) => {
  const [number, id] = [whole(payload['connectorId']), whole(payload['reservationId'])];
  const [idTag, expiresAt] = [text(payload['idTag']), time(payload['expiryDate'])];
  if (number === undefined || id === undefined || idTag === undefined || expiresAt === undefined)
    return malformed('connectorId, reservationId, idTag or expiryDate is missing');
  const parentIdTag = text(payload['parentIdTag']);
  if (expiresAt <= hands.now()) return status('Rejected');
  if (number === 0 && !hands.configuration.on('ReserveConnectorZeroSupported')) return status('Rejected');
  const chosen = number === 0 ? hands.connectors : hands.connectors.filter((one) => one.number === number);
  if (chosen.length === 0) return status('Rejected');
  // One with the same number is replaced, so it is no obstacle.
  const others = hands.reservations.all().filter((one) => one.id !== id);
  const taken = new Set(others.map((one) => one.connector));
  const free = chosen.filter(
    (one) => one.operative && !taken.has(one.number) && (one.status === 'Available' || one.status === 'Reserved'),
  );
  const anywhere = number === 0 ? others.filter((one) => one.connector === 0).length : 0;
  if (free.length <= anywhere) {
    if (chosen.every((one) => one.status === 'Faulted')) return status('Faulted');
    return status(chosen.every((one) => !one.operative) ? 'Unavailable' : 'Occupied');
  }
  hands.reservations.add({
    id,
    connector: number,
    idTag,
    expiresAt,
    ...(parentIdTag === undefined ? {} : { parentIdTag }),
  });
  return accepted(() => hands.reserved());
};
