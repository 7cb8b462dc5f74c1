import { type Command, malformed, record, status, text, time, whole } from '../command.ts';

export const signedUpdateFirmware: Command = async (payload, hands) => {
  const firmware = record(payload['firmware']);
  const [requestId, location] = [whole(payload['requestId']), text(firmware?.['location'])];
  const [certificate, signature] = [text(firmware?.['signingCertificate']), text(firmware?.['signature'])];
  const retrieveAt = time(firmware?.['retrieveDateTime']);
  if (requestId === undefined || location === undefined || retrieveAt === undefined)
    return malformed('requestId, firmware.location or firmware.retrieveDateTime is missing');
  if (certificate === undefined || signature === undefined)
    return malformed('firmware.signingCertificate or firmware.signature is missing');
  if (!(await hands.security.trustsSigner(certificate))) return status('InvalidCertificate');
  const update = hands.maintenance.update({
    location,
    retrieveAt,
    installAt: time(firmware?.['installDateTime']),
    retries: whole(payload['retries']),
    retrySeconds: whole(payload['retryInterval']),
    signed: { requestId, certificate, signature },
  });
  return status(update.answer, update.begin);
};
