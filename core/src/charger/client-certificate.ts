import { createHash, X509Certificate } from 'node:crypto';
import { fail, type Instant } from '@plugga/kit';
import type { CertificateCheck, ClientCertificate } from './auth.ts';
import type { StationCredentials } from './face.ts';
import { weaknessOf } from '../tls/files.ts';

/** What a plugin knows of a certificate that a station shows: it vouches for it, refuses it, or is silent. */
export type Vouched = { readonly accept: boolean; readonly reason?: string } | undefined;

/** The longest way from a station's certificate to whom we trust. */
const LONGEST = 5;
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const BROKEN = /md5|sha-?1(?!\d)/i;
const REMEMBERED = 20_000;

/** Names one certificate among all: SHA-256 of its DER, in hexadecimal. */
export const fingerprintOf = (der: Uint8Array): string => createHash('sha256').update(der).digest('hex');

/**
 * Security profile 3 (security whitepaper A00.FR.401 to 426): in force, strong enough, for a client, named after the station,
 * and either its chain leads to one of the anchors or a plugin vouches for it. A plugin's refusal (revoked) stands above both.
 */
export function createCertificateCheck(o: {
  /** Whom the installation trusts for all its stations. */
  anchors(): readonly X509Certificate[];
  /** Asks the plugins; silent while they cannot be asked. */
  vouch(credentials: StationCredentials, certificate: string, chain: readonly string[]): Promise<Vouched>;
  /** Whether plugins cannot be asked now. */
  away(): boolean;
  now(): Instant;
}): CertificateCheck {
  /** Those that were vouched for before, so that their stations come in while nobody can be asked. */
  const remembered = new Map<string, true>();

  return async ({ chain: shown }, credentials) => {
    const chain = parsed(shown);
    const [own] = chain;
    if (own === undefined) return { ok: false, why: 'it is no certificate that can be read' };
    const fault = faultOf(own, credentials, o.now());
    if (fault !== undefined) return { ok: false, why: fault };
    const isAnchored = leadsTo(chain, o.anchors(), o.now());
    const key = `${credentials.station} ${own.fingerprint256}`;
    const vouched = await o.vouch(credentials, own.toString(), chain.slice(1).map(String));
    if (vouched?.accept === false) {
      remembered.delete(key);
      return { ok: false, why: vouched.reason ?? 'it is not accepted' };
    }
    if (vouched?.accept === true) remember(remembered, key);
    else if (!isAnchored && o.away()) {
      // Refused, it would be told that its certificate is no good, which nobody knows now.
      if (!remembered.has(key)) throw fail('unavailable', 'who signed the certificate cannot be asked now');
    } else if (!isAnchored)
      return { ok: false, why: `it is not from an authority that is trusted here (issuer ${lineOf(own.issuer)})` };
    return { ok: true };
  };
}

const remember = (known: Map<string, true>, key: string): void => {
  known.delete(key);
  known.set(key, true);
  if (known.size > REMEMBERED) known.delete(known.keys().next().value as string);
};

const parsed = (shown: ClientCertificate['chain']): readonly X509Certificate[] => {
  try {
    return shown.slice(0, LONGEST).map((der) => new X509Certificate(der));
  } catch {
    return [];
  }
};

/** What is wrong with the certificate itself, whoever signed it. */
function faultOf(own: X509Certificate, { identity, serial }: StationCredentials, now: Instant): string | undefined {
  const notInForce = outsideOf(own, now);
  if (notInForce !== undefined) return notInForce;
  if (own.ca) return 'it is the certificate of an authority, not of a station';
  const weak =
    weaknessOf(own) ?? (BROKEN.test(own.signatureAlgorithm ?? '') ? 'it is signed with SHA-1 or MD5' : undefined);
  if (weak !== undefined) return weak;
  // Node names the extended uses so; a certificate without them is for any use.
  const uses = own.keyUsage as readonly string[] | undefined;
  if (uses !== undefined && !uses.includes(CLIENT_AUTH)) return 'it is not for a client of TLS';
  const name = commonNameOf(own);
  if (name !== identity && (serial === undefined || name !== serial))
    return `it names ${name === undefined ? 'nobody' : JSON.stringify(name)}, not this station${
      serial === undefined ? '' : ' or its serial number'
    }`;
  return undefined;
}

const outsideOf = (it: X509Certificate, now: Instant): string | undefined => {
  if (it.validToDate.getTime() <= now) return `${lineOf(it.subject)} has expired at ${it.validToDate.toISOString()}`;
  if (it.validFromDate.getTime() > now)
    return `${lineOf(it.subject)} is not valid before ${it.validFromDate.toISOString()}`;
  return undefined;
};

/** The only CN of the subject; undefined where there is none, or several. */
function commonNameOf({ subject }: X509Certificate): string | undefined {
  // Node writes one part a line, with everything that is special in a value escaped (RFC 2253).
  const names = subject.split('\n').filter((line) => line.startsWith('CN=') || / \+ CN=/.test(line));
  const [only = ''] = names;
  if (names.length !== 1 || / \+ [A-Za-z.0-9]+=/.test(only)) return undefined;
  return only.slice(3).replaceAll(/\\(\W)/g, '$1');
}

const lineOf = (subject: string): string => JSON.stringify(subject.replaceAll('\n', ', '));

/** Each link is signed by the next, by one that may sign, and the last by an anchor, or is one. */
function leadsTo(chain: readonly X509Certificate[], anchors: readonly X509Certificate[], now: Instant): boolean {
  const signs = (issuer: X509Certificate, of: X509Certificate): boolean =>
    issuer.ca && outsideOf(issuer, now) === undefined && of.checkIssued(issuer) && of.verify(issuer.publicKey);
  for (const [i, it] of chain.entries()) {
    if (anchors.some((anchor) => signs(anchor, it))) return true;
    const next = chain[i + 1];
    if (next === undefined || !signs(next, it)) return false;
  }
  return false;
}
