import type { CertificateOwn, Inbound } from '@plugga/kit';
import { clip, meaningOf, numberOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

interface Request {
  readonly csr: string;
  readonly certificateType?: string;
  readonly requestId?: number;
}
interface Reply {
  readonly status: 'Accepted' | 'Rejected';
  readonly statusInfo?: { readonly reasonCode: string; readonly additionalInfo?: string };
}

/** What is named is named again with the chain (2.0.1 A02.FR.14). */
const USE: Readonly<Record<string, CertificateOwn>> = {
  ChargingStationCertificate: 'station',
  V2GCertificate: 'v2g',
  V2G20Certificate: 'v2g20',
};

/** What the station will serve with it: none named is the one that it shows to us (2.0.1 A02). */
const wantedOf = ({ certificateType, requestId }: Request) => {
  const use = meaningOf(USE, certificateType);
  const request = numberOf(requestId);
  return { ...(use !== undefined && { use }), ...(request !== undefined && { request }) };
};

/** [2,"id","SignCertificate",{"csr":"-----BEGIN CERTIFICATE REQUEST-----…"}] : the chain follows later, by CertificateSigned. */
export const signCertificate = (wire: Wire2): Inbound<Request, Reply> => ({
  request: wire.tolerant('SignCertificateRequest', { kind: 'plain' }),
  response: wire.strict('SignCertificateResponse'),
  read: (payload) => {
    const { csr } = payload;
    const wanted = wantedOf(payload);
    return {
      facts: [{ kind: 'certificateRequested', csr, ...wanted }],
      ask: { question: 'signCertificate', csr, ...(wanted.use !== undefined && { use: wanted.use }) },
    };
  },
  reply: ({ signCertificate: answer }) =>
    answer?.accept === true
      ? { status: 'Accepted' }
      : {
          status: 'Rejected',
          ...(answer?.reason !== undefined &&
            answer.reason !== '' && {
              statusInfo: { reasonCode: 'InvalidCSR', additionalInfo: clip(answer.reason, 512) },
            }),
        },
});
