import type { AskedCertificate, CertificateHash, Inbound } from '@plugga/kit';
import { wordOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

interface Payload {
  readonly ocspRequestData: Readonly<Record<string, unknown>>;
}
interface Reply {
  readonly status: 'Accepted' | 'Failed';
  readonly ocspResult?: string;
  readonly statusInfo?: { readonly reasonCode: string; readonly additionalInfo?: string };
}

/** The hashes of a certificate as OCPP writes them. */
export const hashOf = (raw: Readonly<Record<string, unknown>>): CertificateHash => {
  const algorithm = raw['hashAlgorithm'];
  return {
    algorithm: algorithm === 'SHA384' || algorithm === 'SHA512' ? algorithm : 'SHA256',
    issuerNameHash: wordOf(raw['issuerNameHash']) ?? '',
    issuerKeyHash: wordOf(raw['issuerKeyHash']) ?? '',
    serialNumber: wordOf(raw['serialNumber']) ?? '',
  };
};

/** An OCSPRequestDataType: whose status is asked for, and where the station believes that it can be had. */
export const askedCertificate = (raw: Readonly<Record<string, unknown>>): AskedCertificate => ({
  certificate: hashOf(raw),
  source: 'ocsp',
  urls: [raw['responderURL']].flatMap((it) => (typeof it === 'string' ? [it] : [])),
});

/** The longest ocspResult of 2.1, and of 2.0.1. */
const MOST = 18_000;
const MOST_201 = 5_500;

/** [2,"id","GetCertificateStatus",{"ocspRequestData":{"hashAlgorithm":"SHA256",…,"responderURL":"http://ocsp.example"}}] */
export const getCertificateStatus = (wire: Wire2): Inbound<Payload, Reply> => ({
  request: wire.tolerant('GetCertificateStatusRequest', { kind: 'plain' }),
  response: wire.strict('GetCertificateStatusResponse'),
  read: ({ ocspRequestData }) => ({
    facts: [{ kind: 'seen' }],
    ask: {
      question: 'certificateStatus',
      certificates: [askedCertificate(ocspRequestData)],
    },
  }),
  reply: ({ certificateStatus }, _, { protocol }) => {
    const result = certificateStatus?.[0]?.ocsp;
    if (result === undefined)
      return {
        status: 'Failed',
        statusInfo: { reasonCode: certificateStatus === undefined ? 'NoService' : 'NoAnswer' },
      };
    // Cut off it would be no answer at all.
    return result.length > (protocol === 'ocpp2.1' ? MOST : MOST_201)
      ? { status: 'Failed', statusInfo: { reasonCode: 'TooLarge' } }
      : { status: 'Accepted', ocspResult: result };
  },
});
