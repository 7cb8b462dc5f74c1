import { createHash, X509Certificate } from 'node:crypto';
import { issuerNameOf, keyBitsOf } from './der.ts';

/** The last two are of OCPP 2.x alone. */
export type RootType =
  | 'CentralSystemRootCertificate'
  | 'ManufacturerRootCertificate'
  | 'MORootCertificate'
  | 'V2GRootCertificate';
/** Whether OCPP 1.6 has it. */
export const isRootType = (value: unknown): value is RootType =>
  value === 'CentralSystemRootCertificate' || value === 'ManufacturerRootCertificate';

export interface Stored {
  readonly type: RootType;
  readonly pem: string;
}

/** `certificateHashData` of the security extension. */
export interface CertificateHash {
  readonly hashAlgorithm: 'SHA256' | 'SHA384' | 'SHA512';
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

/** The first certificate of a PEM text; undefined when there is none to read. */
export const certificateOf = (pem: string): X509Certificate | undefined => {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
};

/** Each certificate of a PEM text, in its order; undefined when one cannot be read. */
export const chainOf = (pem: string): X509Certificate[] | undefined => {
  const parts = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const chain = parts.map(certificateOf);
  return chain.every((one) => one !== undefined) ? chain : undefined;
};

export const isTimely = (certificate: X509Certificate, now: number): boolean =>
  Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);

export const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

const withoutZeros = (serial: string): string => serial.toLowerCase().replace(/^0+(?=.)/, '');

/** The issuer's key must be at hand for its hash; a root is its own issuer. */
export const hashOf = (
  certificate: X509Certificate,
  among: readonly X509Certificate[],
  algorithm: CertificateHash['hashAlgorithm'] = 'SHA256',
): CertificateHash => {
  const issuer = [certificate, ...among].find((one) => certificate.checkIssued(one)) ?? certificate;
  const digest = (bytes: Buffer): string => createHash(algorithm.toLowerCase()).update(bytes).digest('hex');
  return {
    hashAlgorithm: algorithm,
    issuerNameHash: digest(issuerNameOf(certificate.raw)),
    issuerKeyHash: digest(keyBitsOf(issuer.publicKey.export({ format: 'der', type: 'spki' }))),
    serialNumber: withoutZeros(certificate.serialNumber),
  };
};

const isAlgorithm = (value: unknown): value is CertificateHash['hashAlgorithm'] =>
  value === 'SHA256' || value === 'SHA384' || value === 'SHA512';

/** The roots that the CSMS has installed. */
export interface CertificateStore {
  install(type: RootType, pem: string, now: number): 'Accepted' | 'Rejected' | 'Failed';
  remove(given: Readonly<Record<string, unknown>>): 'Accepted' | 'Failed' | 'NotFound';
  hashes(type: RootType): CertificateHash[];
  of(type: RootType): X509Certificate[];
  keep(): readonly Stored[];
}

export const certificateStore = (most: () => number, past: readonly Stored[] = []): CertificateStore => {
  let stored: Stored[] = [...past];
  const of = (type?: RootType): X509Certificate[] =>
    stored.filter((one) => type === undefined || one.type === type).flatMap(({ pem }) => certificateOf(pem) ?? []);
  return {
    of,
    install(type, pem, now) {
      const certificate = certificateOf(pem);
      if (certificate === undefined) return 'Failed';
      if (!isTimely(certificate, now)) return 'Rejected';
      const others = stored.filter(
        (one) => one.type !== type || certificateOf(one.pem)?.fingerprint256 !== certificate.fingerprint256,
      );
      if (others.length >= most()) return 'Rejected';
      stored = [...others, { type, pem }];
      return 'Accepted';
    },
    remove(given) {
      const { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber } = given;
      if (!isAlgorithm(hashAlgorithm)) return 'Failed';
      const left = stored.filter(({ pem }) => {
        const certificate = certificateOf(pem);
        if (certificate === undefined) return true;
        const own = hashOf(certificate, of(), hashAlgorithm);
        return !(
          own.issuerNameHash === String(issuerNameHash).toLowerCase() &&
          own.issuerKeyHash === String(issuerKeyHash).toLowerCase() &&
          own.serialNumber === withoutZeros(String(serialNumber))
        );
      });
      if (left.length === stored.length) return 'NotFound';
      stored = left;
      return 'Accepted';
    },
    hashes: (type) => of(type).map((one) => hashOf(one, of())),
    keep: () => stored,
  };
};
