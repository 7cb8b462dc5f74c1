import { type Command, malformed } from '../command.ts';
import { isRootType } from '../security/certificates.ts';

export const getInstalledCertificateIds: Command = async (payload, hands) => {
  const type = payload['certificateType'];
  if (!isRootType(type)) return malformed(`certificateType "${String(type)}" is unknown`);
  const certificateHashData = await hands.security.installed(type);
  return {
    result: certificateHashData.length === 0 ? { status: 'NotFound' } : { status: 'Accepted', certificateHashData },
  };
};
