import { verify } from 'node:crypto';
import type { CertificateHash } from '@plugga/kit';
import {
  type Certificate,
  hasSigned,
  isInForce,
  isIssuerIn,
  isIssuerOf,
  readCertificate,
  withoutZeros,
} from './certificate.ts';
import {
  at,
  bitsOf,
  type Der,
  integer,
  NULL,
  objectId,
  octets,
  oidOf,
  readDer,
  sequence,
  tagged,
  timeOf,
} from './der.ts';

/** What a responder says of one certificate, signed by whoever may say it. */
export interface OcspAnswer {
  /** Undefined where nobody who may say it has signed it, or it is out of date. */
  readonly status?: 'good' | 'revoked' | 'unknown';
  readonly nextUpdate?: number;
  readonly reason?: string;
}

const NIST_HASH = '608648016503040201'; // 2.16.840.1.101.3.4.2.1
const HASHES = {
  SHA256: Buffer.from(`${NIST_HASH}`, 'hex'),
  SHA384: Buffer.from(`${NIST_HASH.slice(0, -2)}02`, 'hex'),
  SHA512: Buffer.from(`${NIST_HASH.slice(0, -2)}03`, 'hex'),
} as const;
/** Those of the profiles of ISO 15118-2 and -20, and RSA; null: the hash is part of the signature. */
const SIGNATURES: Readonly<Record<string, string | null>> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.3.101.112': null,
  '1.3.101.113': null,
};
const BASIC = '1.3.6.1.5.5.7.48.1.1';
const MAY_SIGN_OCSP = '1.3.6.1.5.5.7.3.9';
const STATUS: Readonly<Record<number, OcspAnswer['status']>> = { 0x80: 'good', 0xa1: 'revoked', 0x82: 'unknown' };
/** Clocks of responders are not ours. */
const AHEAD_MS = 300_000;
/** Of an answer that does not say when there is a newer one. */
const FRESH_MS = 86_400_000;

const bytesOf = (hex: string): Uint8Array => {
  const even = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return (even[0] ?? 0) < 0x80 ? even : Buffer.concat([Uint8Array.from([0]), even]);
};

/** The question about one certificate (RFC 6960, section 4.1), without a nonce: responders answer with what they have ready. */
export const ocspRequest = ({
  algorithm,
  issuerNameHash,
  issuerKeyHash,
  serialNumber,
}: CertificateHash): Uint8Array => {
  const id = sequence(
    sequence(objectId(HASHES[algorithm]), NULL),
    ...[octets(Buffer.from(issuerNameHash, 'hex')), octets(Buffer.from(issuerKeyHash, 'hex'))],
    integer(bytesOf(withoutZeros(serialNumber))),
  );
  return sequence(sequence(sequence(sequence(id))));
};

const hexOf = (of: Der | undefined): string => Buffer.from(of?.content ?? []).toString('hex');

/** The answer about that very certificate, among all that a response holds. */
const singleOf = (data: Der | undefined, asked: CertificateHash): Der | undefined =>
  data?.children
    .filter(({ tag }) => tag === 0x30)
    .flatMap(({ children }) => children)
    .find(
      (it) =>
        hexOf(at(it, 0, 1)) === asked.issuerNameHash.toLowerCase() &&
        hexOf(at(it, 0, 2)) === asked.issuerKeyHash.toLowerCase() &&
        withoutZeros(hexOf(at(it, 0, 3))) === withoutZeros(asked.serialNumber),
    );

/** The issuer itself, or whom it has named to speak for it (RFC 6960, section 4.2.2.2). */
const maySpeak = (one: Certificate, issuer: Certificate, now: number): boolean =>
  one.x509.raw.equals(issuer.x509.raw) ||
  (isIssuerOf(issuer, one) &&
    hasSigned(issuer, one) &&
    isInForce(one, now) &&
    one.x509.keyUsage?.includes(MAY_SIGN_OCSP) === true);

function isSignedBy(one: Certificate, basic: Der): boolean {
  const [data, algorithm, signature] = basic.children;
  const hash = SIGNATURES[oidOf(at(algorithm, 0))];
  const bits = bitsOf(signature);
  if (data === undefined || hash === undefined || bits === undefined) return false;
  try {
    return verify(hash, data.raw, one.x509.publicKey, bits);
  } catch {
    return false;
  }
}

/**
 * Reads what a responder has answered (DER); undefined where it is no answer about that certificate. `issuers`: certificates
 * among which its issuer may be.
 */
export function readOcsp(
  bytes: Uint8Array,
  asked: CertificateHash,
  o: { readonly issuers: readonly Certificate[]; readonly now: number },
): OcspAnswer | undefined {
  const response = readDer(bytes);
  const inner = at(tagged(response, 0xa0), 0);
  if (hexOf(at(response, 0)) !== '00' || oidOf(at(inner, 0)) !== BASIC) return undefined;
  const basic = readDer(at(inner, 1)?.content ?? new Uint8Array());
  const single = singleOf(at(basic, 0), asked);
  if (basic === undefined || single === undefined) return undefined;
  const status = STATUS[at(single, 1)?.tag ?? 0];
  const thisUpdate = timeOf(at(single, 2));
  const said = timeOf(at(tagged(single, 0xa0), 0));
  const nextUpdate = Number.isNaN(said) ? thisUpdate + FRESH_MS : said;

  const sent = (at(tagged(basic, 0xa0), 0)?.children ?? []).flatMap(({ raw }) => readCertificate(raw) ?? []);
  const issuer = [...o.issuers, ...sent].find((it) => isIssuerIn(asked, it));
  if (issuer === undefined) return { reason: 'the issuer of the certificate is not known here' };
  const speaks = [issuer, ...sent].some((it) => maySpeak(it, issuer, o.now) && isSignedBy(it, basic));
  if (!speaks) return { reason: 'it is not signed by the issuer or whom that has named' };
  // NaN is neither.
  if (!(thisUpdate <= o.now + AHEAD_MS && o.now <= nextUpdate)) return { reason: 'it is out of date' };
  return { ...(status !== undefined && { status }), nextUpdate };
}
