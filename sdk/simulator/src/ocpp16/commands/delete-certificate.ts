import { type Command, malformed, record, status } from '../command.ts';

export const deleteCertificate: Command = async (payload, hands) => {
  const hash = record(payload['certificateHashData']);
  if (hash === undefined) return malformed('certificateHashData is missing');
  return status(await hands.security.remove(hash), () => hands.save());
};
