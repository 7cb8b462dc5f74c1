import { type Command, malformed, status, text } from '../command.ts';
import { isRootType } from '../security/certificates.ts';

export const installCertificate: Command = async (payload, hands) => {
  const [type, pem] = [payload['certificateType'], text(payload['certificate'])];
  if (!isRootType(type)) return malformed(`certificateType "${String(type)}" is unknown`);
  if (pem === undefined) return malformed('certificate is missing');
  return status(await hands.security.install(type, pem), () => hands.save());
};
