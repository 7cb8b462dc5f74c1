import { accepted, type Command, malformed, record, status, text, whole } from '../command.ts';

export const remoteStartTransaction: Command = (payload, hands) => {
  const idTag = text(payload['idTag']);
  if (idTag === undefined) return malformed('idTag is missing');
  const wanted = whole(payload['connectorId']);
  const profile = payload['chargingProfile'];
  // Nothing but the transaction's own profile may come with its start (OCPP 1.6 section 3.13.2).
  if (profile !== undefined && record(profile)?.['chargingProfilePurpose'] !== 'TxProfile') return status('Rejected');
  const connector = hands.connectors.find(
    (one) => (wanted === undefined || one.number === wanted) && hands.usable(one, idTag),
  );
  if (connector === undefined) return status('Rejected');
  return accepted(() => hands.remoteStart(connector, idTag, profile));
};
