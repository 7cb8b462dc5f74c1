import type { CertificateHash, CertificateUse, CommandResult, CommandTable, Outbound, StationView } from '@plugga/kit';
import { byStatus, membersOf, resultOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

const USE = {
  csmsRoot: 'CSMSRootCertificate',
  manufacturerRoot: 'ManufacturerRootCertificate',
  v2gRoot: 'V2GRootCertificate',
  moRoot: 'MORootCertificate',
  oemRoot: 'OEMRootCertificate',
  v2gChain: 'V2GCertificateChain',
} as const satisfies Record<CertificateUse, string>;
const OWN = { station: 'ChargingStationCertificate', v2g: 'V2GCertificate', v2g20: 'V2G20Certificate' } as const;

/** Why this version has no such use; undefined where it has. */
const lacking = (use: CertificateUse, { protocol }: Pick<StationView, 'protocol'>): string | undefined =>
  use === 'oemRoot' && protocol === 'ocpp2.0.1' ? 'OCPP 2.0.1 has no OEM root certificates' : undefined;

/** CertificateSigned: the chain that a SignCertificate of the station was answered with; `requestId` is of 2.1. */
export const certificateSigned = (wire: Wire2): Outbound<CommandTable['certificateSigned']> =>
  wire.oneCall({
    action: 'CertificateSigned',
    payload: ({ chain, use, request }, { protocol }) =>
      use === 'v2g20' && protocol === 'ocpp2.0.1'
        ? 'OCPP 2.0.1 has no certificates of ISO 15118-20'
        : {
            certificateChain: chain,
            ...(use !== undefined && { certificateType: OWN[use] }),
            ...(request !== undefined && protocol !== 'ocpp2.0.1' && { requestId: request }),
          },
    statuses: { Accepted: 'accepted', Rejected: 'rejected' },
  });

/** InstallCertificate: a root that the station is to trust. */
export const installCertificate = (wire: Wire2): Outbound<CommandTable['installCertificate']> =>
  wire.oneCall({
    action: 'InstallCertificate',
    payload: ({ use, certificate }, station) =>
      use === 'v2gChain'
        ? "a station's own chain comes by CertificateSigned, not by InstallCertificate"
        : (lacking(use, station) ?? { certificateType: USE[use], certificate }),
    statuses: { Accepted: 'accepted', Failed: 'rejected', Rejected: 'rejected' },
  });

/** CertificateHashDataType. */
export const hashDataOf = ({ algorithm, ...hash }: CertificateHash) => ({ hashAlgorithm: algorithm, ...hash });

/** DeleteCertificate, by its hash. */
export const deleteCertificate = (wire: Wire2): Outbound<CommandTable['deleteCertificate']> =>
  wire.oneCall({
    action: 'DeleteCertificate',
    payload: ({ certificate }) => ({ certificateHashData: hashDataOf(certificate) }),
    statuses: { Accepted: 'accepted', Failed: 'rejected', NotFound: 'rejected' },
  });

const read = byStatus({ Accepted: 'accepted', NotFound: 'accepted' });
const ALGORITHMS: readonly unknown[] = ['SHA256', 'SHA384', 'SHA512'];

const hashOf = (raw: unknown): readonly CertificateHash[] => {
  const { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber } = membersOf(raw);
  if (!ALGORITHMS.includes(hashAlgorithm)) return [];
  const algorithm = hashAlgorithm as CertificateHash['algorithm'];
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const hash = { issuerNameHash: text(issuerNameHash), issuerKeyHash: text(issuerKeyHash) };
  return [{ algorithm, ...hash, serialNumber: text(serialNumber) }];
};

const useOf = (word: unknown): CertificateUse | undefined =>
  (Object.keys(USE) as CertificateUse[]).find((use) => USE[use] === word);

/** A chain is its own certificate and those below it; all are listed, with what the chain is for. */
const chainOf = (raw: unknown): readonly (CertificateHash & { readonly use?: CertificateUse })[] => {
  const { certificateType, certificateHashData, childCertificateHashData } = membersOf(raw);
  const children = Array.isArray(childCertificateHashData) ? childCertificateHashData : [];
  const use = useOf(certificateType);
  return [certificateHashData, ...children].flatMap(hashOf).map((it) => (use === undefined ? it : { ...it, use }));
};

/** GetInstalledCertificateIds; NotFound is a station that has none of that use. */
export const listCertificates = (wire: Wire2): Outbound<CommandTable['listCertificates']> => ({
  start: ({ use }, station) => {
    // M03: all that there are where no type is named.
    if (use === undefined) return wire.send('GetInstalledCertificateIds', {}, undefined);
    const uses = [use].flat();
    const detail = uses.map((it) => lacking(it, station)).find((it) => it !== undefined);
    return detail === undefined
      ? wire.send('GetInstalledCertificateIds', { certificateType: uses.map((it) => USE[it]) }, undefined)
      : { done: { status: 'unsupported', detail } };
  },
  next: (_, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      const result = read(payload);
      if (result.status !== 'accepted') return result;
      const list = payload['certificateHashDataChain'];
      return { status: 'accepted', certificates: Array.isArray(list) ? list.flatMap(chainOf) : [] };
    }),
  }),
});
