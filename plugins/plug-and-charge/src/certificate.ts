import { createHash, X509Certificate } from 'node:crypto';
import type { CertificateHash } from '@plugga/kit';
import { at, bitsOf, type Der, oidOf, readDer, tagged } from './der.ts';

/** A certificate with what Node does not tell of it. */
export interface Certificate {
  readonly x509: X509Certificate;
  /** Its own name, and that of its issuer, as they stand there. */
  readonly name: Uint8Array;
  readonly issuer: Uint8Array;
  /** The bits of its public key. */
  readonly key: Uint8Array;
  /** Hexadecimal, lower case, without zeros before it: as OCPP writes serial numbers. */
  readonly serial: string;
  readonly commonName: string | undefined;
  /** By its basic constraints and its key usage; a certificate without key usage may do what it is. */
  readonly maySign: boolean;
  /** How many authorities may stand below it, where that is limited. */
  readonly most: number | undefined;
  /** URLs of those who tell whether it is revoked. */
  readonly responders: readonly string[];
  readonly from: number;
  readonly until: number;
}

/** However its lines are broken: stations write PEM on one line, with blank ones, or with CRLF. */
const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]{1,20000})-----END CERTIFICATE-----/g;
const KEY_USAGE = '2.5.29.15';
const BASIC_CONSTRAINTS = '2.5.29.19';
const AUTHORITY_INFO = '1.3.6.1.5.5.7.1.1';
const OCSP = '1.3.6.1.5.5.7.48.1';
const KEY_CERT_SIGN = 0x04;

export const withoutZeros = (hex: string): string => hex.toLowerCase().replace(/^0+(?=.)/, '');

/** What an extension holds; undefined where it is not there. */
const extensionOf = (tbs: Der, id: string): Der | undefined => {
  const found = at(tagged(tbs, 0xa3), 0)?.children.find((it) => oidOf(at(it, 0)) === id);
  const value = found?.children.at(-1);
  return value?.tag === 0x04 ? readDer(value.content) : undefined;
};

const respondersOf = (tbs: Der): readonly string[] =>
  (extensionOf(tbs, AUTHORITY_INFO)?.children ?? [])
    .filter((it) => oidOf(at(it, 0)) === OCSP && at(it, 1)?.tag === 0x86)
    .map((it) => Buffer.from(at(it, 1)!.content).toString('latin1'));

/** Reads DER; undefined where it cannot be read. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(der);
  } catch {
    return undefined;
  }
  const tbs = at(readDer(x509.raw), 0);
  if (tbs === undefined) return undefined;
  // The version is left out of those of version 1.
  const skipped = tbs.children[0]?.tag === 0xa0 ? 1 : 0;
  const [, , issuer, , name, info] = tbs.children.slice(skipped);
  const key = bitsOf(at(info, 1));
  if (issuer === undefined || name === undefined || key === undefined) return undefined;
  const usage = bitsOf(extensionOf(tbs, KEY_USAGE));
  const limit = extensionOf(tbs, BASIC_CONSTRAINTS)?.children.find((it) => it.tag === 0x02);
  const named = x509.toLegacyObject().subject?.CN as string | readonly string[] | undefined;
  return {
    ...{ x509, name: name.raw, issuer: issuer.raw, key, serial: withoutZeros(x509.serialNumber) },
    commonName: typeof named === 'string' ? named : named?.[0],
    maySign: x509.ca && (usage === undefined || ((usage[0] ?? 0) & KEY_CERT_SIGN) !== 0),
    most: limit === undefined ? undefined : Number(`0x${Buffer.from(limit.content).toString('hex')}`),
    responders: respondersOf(tbs),
    ...{ from: x509.validFromDate.getTime(), until: x509.validToDate.getTime() },
  };
}

/** Each certificate of a PEM text, in its order; undefined where it holds none, or one that cannot be read. */
export function readChain(pem: string): readonly Certificate[] | undefined {
  const chain = [...pem.matchAll(BLOCK)].map(([, base64 = '']) => readCertificate(Buffer.from(base64, 'base64')));
  return chain.length > 0 && chain.every((it) => it !== undefined) ? chain : undefined;
}

export const isSame = (a: Certificate, b: Certificate): boolean => a.x509.raw.equals(b.x509.raw);
export const isInForce = ({ from, until }: Certificate, now: number): boolean => from <= now && now <= until;
/** By its name alone, which anybody can write. */
export const isIssuerOf = (issuer: Certificate, of: Certificate): boolean => of.x509.checkIssued(issuer.x509);
export const hasSigned = (issuer: Certificate, of: Certificate): boolean => {
  try {
    return of.x509.verify(issuer.x509.publicKey);
  } catch {
    return false;
  }
};

const digest = (algorithm: CertificateHash['algorithm'], bytes: Uint8Array): string =>
  createHash(algorithm.toLowerCase()).update(bytes).digest('hex');

/** How OCPP and OCSP name a certificate: by its issuer's name and key, and its number (RFC 6960, section 4.1.1). */
export const hashOf = (of: Certificate, issuer: Certificate): CertificateHash => ({
  algorithm: 'SHA256',
  issuerNameHash: digest('SHA256', of.issuer),
  issuerKeyHash: digest('SHA256', issuer.key),
  serialNumber: of.serial,
});

/** Whether the hashes name that certificate, going by what it says itself: the name of its issuer, and its number. */
export const isNamed = (
  { issuer, serial }: Certificate,
  { algorithm, issuerNameHash, serialNumber }: CertificateHash,
): boolean => serial === withoutZeros(serialNumber) && digest(algorithm, issuer) === issuerNameHash.toLowerCase();

/** Whether that is the issuer which the hashes name. */
export const isIssuerIn = (
  { algorithm, issuerNameHash, issuerKeyHash }: CertificateHash,
  { name, key }: Certificate,
): boolean =>
  digest(algorithm, name) === issuerNameHash.toLowerCase() && digest(algorithm, key) === issuerKeyHash.toLowerCase();

export const fingerprintOf = ({ x509 }: Certificate): string => x509.fingerprint256.replaceAll(':', '').toLowerCase();
