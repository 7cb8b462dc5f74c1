import type { ContractStatus, Inbound, ShownContract } from '@plugga/kit';
import { isMembers, textOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { tokenOf } from '../token.ts';
import { askedCertificate } from './get-certificate-status.ts';
import { type IdTokenInfo, idTokenInfo } from './id-token-info.ts';

interface Request {
  readonly idToken: unknown;
  readonly certificate?: unknown;
  readonly iso15118CertificateHashData?: unknown;
}
interface Response {
  readonly idTokenInfo: IdTokenInfo;
  readonly certificateStatus?: (typeof STATUS)[ContractStatus];
}

const STATUS = {
  accepted: 'Accepted',
  signatureError: 'SignatureError',
  expired: 'CertificateExpired',
  revoked: 'CertificateRevoked',
  notAvailable: 'NoCertificateAvailable',
  chainError: 'CertChainError',
  cancelled: 'ContractCancelled',
} as const;

/** What a vehicle showed by ISO 15118. A station that has judged the chain itself sends its hashes alone. */
const contractOf = ({ certificate, iso15118CertificateHashData: hashes }: Request): ShownContract | undefined => {
  const chain = textOf(certificate);
  const certificates = Array.isArray(hashes) ? hashes.filter(isMembers).map(askedCertificate) : [];
  return chain === undefined && certificates.length === 0
    ? undefined
    : { ...(chain !== undefined && { chain }), certificates };
};

/**
 * [2,"id","Authorize",{"idToken":{"idToken":"04A2B3C4","type":"ISO14443"}}]
 * [2,"id","Authorize",{"idToken":{"idToken":"DE8ACC12E46L89","type":"eMAID"},"iso15118CertificateHashData":[{…,"responderURL":"…"}]}]
 */
export const authorize = (wire: Wire2): Inbound<Request, Response> => ({
  request: wire.tolerant('AuthorizeRequest', { kind: 'plain' }),
  response: wire.strict('AuthorizeResponse'),
  read: (p) => {
    // An empty token is one that nobody knows.
    const token = tokenOf(p.idToken) ?? { value: '' };
    const contract = contractOf(p);
    return {
      facts: [{ kind: 'attempted', token }],
      ask: { question: 'authorize', token, purpose: 'authorize', ...(contract !== undefined && { contract }) },
    };
  },
  // No decision is no permission: nothing has been charged yet.
  reply: ({ authorization, contract }, _, station) => ({
    idTokenInfo: idTokenInfo(authorization ?? { status: 'invalid' }, station),
    ...(contract !== undefined && { certificateStatus: STATUS[contract] }),
  }),
});
