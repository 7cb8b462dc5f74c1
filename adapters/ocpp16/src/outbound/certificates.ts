import type { CertificateHash, CertificateUse, CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { byStatus, resultOf } from '@plugga/wire';
import { oneCall, send } from '../schema.ts';

const USE = {
  csmsRoot: 'CentralSystemRootCertificate',
  manufacturerRoot: 'ManufacturerRootCertificate',
} as const satisfies Partial<Record<CertificateUse, string>>;
const NO_USE = 'OCPP 1.6 has root certificates of the CSMS and of the manufacturer, no others';
const ONE_USE = 'OCPP 1.6 lists the certificates of one use at a time';
const typeOf = (use: CertificateUse): string | undefined => (USE as Partial<Record<CertificateUse, string>>)[use];

/** CertificateSigned: the chain that a SignCertificate of the station was answered with. */
export const certificateSigned = oneCall<CommandTable['certificateSigned']>({
  action: 'CertificateSigned',
  payload: ({ chain, use = 'station' }) =>
    use === 'station' ? { certificateChain: chain } : 'OCPP 1.6 delivers certificates for TLS with us alone',
  statuses: { Accepted: 'accepted', Rejected: 'rejected' },
});

/** InstallCertificate: a root that the station is to trust. */
export const installCertificate = oneCall<CommandTable['installCertificate']>({
  action: 'InstallCertificate',
  payload: ({ use, certificate }) => {
    const certificateType = typeOf(use);
    return certificateType === undefined ? NO_USE : { certificateType, certificate };
  },
  statuses: { Accepted: 'accepted', Failed: 'rejected', Rejected: 'rejected' },
});

/** DeleteCertificate, by its hash. */
export const deleteCertificate = oneCall<CommandTable['deleteCertificate']>({
  action: 'DeleteCertificate',
  payload: ({ certificate: { algorithm, issuerNameHash, issuerKeyHash, serialNumber } }) => ({
    certificateHashData: { hashAlgorithm: algorithm, issuerNameHash, issuerKeyHash, serialNumber },
  }),
  statuses: { Accepted: 'accepted', Failed: 'rejected', NotFound: 'rejected' },
});

const read = byStatus({ Accepted: 'accepted', NotFound: 'accepted' });
const ALGORITHMS: readonly unknown[] = ['SHA256', 'SHA384', 'SHA512'];

const hashOf = (raw: unknown): readonly CertificateHash[] => {
  if (typeof raw !== 'object' || raw === null) return [];
  const { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber } = raw as Readonly<Record<string, unknown>>;
  if (!ALGORITHMS.includes(hashAlgorithm)) return [];
  const algorithm = hashAlgorithm as CertificateHash['algorithm'];
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  return [
    {
      algorithm,
      issuerNameHash: text(issuerNameHash),
      issuerKeyHash: text(issuerKeyHash),
      serialNumber: text(serialNumber),
    },
  ];
};

/** GetInstalledCertificateIds; NotFound is a station that has none of that use. */
export const listCertificates: Outbound<CommandTable['listCertificates']> = {
  start: ({ use }) => {
    const [one, ...others] = use === undefined ? [] : [use].flat();
    const certificateType = one === undefined || others.length > 0 ? undefined : typeOf(one);
    return certificateType === undefined
      ? { done: { status: 'unsupported', detail: one === undefined || others.length > 0 ? ONE_USE : NO_USE } }
      : send('GetInstalledCertificateIds', { certificateType }, undefined);
  },
  next: (_, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      const result = read(payload);
      if (result.status !== 'accepted') return result;
      const list = payload['certificateHashData'];
      return { status: 'accepted', certificates: Array.isArray(list) ? list.flatMap(hashOf) : [] };
    }),
  }),
};
