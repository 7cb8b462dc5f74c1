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
  reply: ({ certificateStatus }) => {
    const result = certificateStatus?.[0]?.ocsp;
    return result === undefined
      ? { status: 'Failed', statusInfo: { reasonCode: certificateStatus === undefined ? 'NoService' : 'NoAnswer' } }
      : { status: 'Accepted', ocspResult: result };
  },
});
