import { timingSafeEqual } from 'node:crypto';
import type { StationCredentials } from './face.ts';
import type { Renewed } from '../site/pending-credentials.ts';
import { isStationKey, type KeyHash } from '../site/station-key.ts';

/** What is known of the way a request came. Behind a proxy that ends TLS, whoever trusts that proxy says it. */
export interface Transport {
  readonly address: string;
  readonly secure: boolean;
  readonly certificate?: ClientCertificate;
}

/** The certificate that a station showed, as TLS saw it. */
export interface ClientCertificate {
  /** DER: its own first, then whatever it sent of those above it. Nothing of it has been judged, but that it has the key. */
  readonly chain: readonly [own: Uint8Array, ...above: Uint8Array[]];
}

/** Security profile 3: whether that certificate is this station's, of somebody who is trusted, in force and not revoked. */
export type CertificateCheck = (
  certificate: ClientCertificate,
  credentials: StationCredentials,
) => Promise<{ readonly ok: true } | { readonly ok: false; readonly why: string }>;

export type Verdict =
  /** `securityProfile`: how it came, which may be higher than it must. `renewed`: with what it was given since. */
  | { readonly ok: true; readonly securityProfile: number; readonly renewed?: Renewed }
  /** `kind` names the security event, where it is one. */
  | { readonly ok: false; readonly status: 401 | 403 | 404; readonly kind: string; readonly why: string };

export interface Presented {
  readonly identity: string;
  readonly credentials: StationCredentials | undefined;
  readonly authorization: string | undefined;
  readonly transport: Transport;
}

export interface AuthRules {
  readonly pepper: Uint8Array;
  /** `open`: stations of profile 0 need no permission of their own. */
  readonly onboarding: 'closed' | 'open';
  readonly checkCertificate?: CertificateCheck;
}

const refuse = (status: 401 | 403 | 404, kind: string, why: string): Verdict => ({ ok: false, status, kind, why });

/**
 * Who may come in, decided before the upgrade. Security profiles 0 to 3 as in the OCPP 1.6 security whitepaper and 2.0.1
 * A00; 0, no credentials at all, is ours and only for stations that are allowed to.
 */
export async function authenticate(presented: Presented, rules: AuthRules): Promise<Verdict> {
  const { credentials } = presented;
  const raised = credentials?.pending?.securityProfile;
  if (credentials !== undefined && raised !== undefined) {
    const higher = { ...credentials, securityProfile: raised, allowInsecure: false };
    const verdict = await judge({ ...presented, credentials: higher }, rules);
    if (verdict.ok) return { ...verdict, renewed: { ...verdict.renewed, securityProfile: raised } };
  }
  return judge(presented, rules);
}

async function judge(presented: Presented, rules: AuthRules): Promise<Verdict> {
  const { credentials, transport } = presented;
  const password = passwordFor(presented.identity, presented.authorization);
  // An unknown station costs as much time as one with a wrong key.
  const isOwn = isKey(credentials, password, rules.pepper);
  const given = isOwn ? undefined : keyAmong(credentials?.pending?.keys, password, rules.pepper);
  const keyFits = isOwn || given !== undefined;
  const renewed = given === undefined ? {} : { renewed: { key: given } };
  if (credentials === undefined || credentials.disabled) return refuse(404, 'unknown-station', 'no such station');
  const { securityProfile, keyHash } = credentials;
  const mayBeInsecure = credentials.allowInsecure || (securityProfile === 0 && rules.onboarding === 'open');
  // A station that has a key and shows one is held to it, also where it may come without.
  if (mayBeInsecure && (securityProfile === 0 || (securityProfile === 1 && presented.authorization === undefined)))
    return { ok: true, securityProfile: keyFits ? (transport.secure ? 2 : 1) : 0, ...renewed };
  if (securityProfile === 0 && keyHash === undefined)
    return refuse(403, 'insecure-refused', 'the station has no key and may not come without one');
  if (securityProfile === 3) return withCertificate(credentials, transport, rules.checkCertificate);
  if (!keyFits)
    return refuse(
      401,
      'authentication-failed',
      password === undefined ? 'no credentials of this station' : 'wrong key',
    );
  if (securityProfile === 2 && !transport.secure)
    // The key has now been seen in clear text.
    return refuse(403, 'key-exposed', 'security profile 2 needs TLS; the key was sent without and should be changed');
  return { ok: true, securityProfile: transport.secure ? 2 : 1, ...renewed };
}

async function withCertificate(
  credentials: StationCredentials,
  transport: Transport,
  check: CertificateCheck | undefined,
): Promise<Verdict> {
  const { certificate } = transport;
  if (!transport.secure) return refuse(401, 'certificate-missing', 'security profile 3 needs TLS and a certificate');
  if (certificate === undefined)
    return refuse(401, 'certificate-missing', 'security profile 3 needs a certificate, and none was shown');
  if (check === undefined) return refuse(403, 'certificate-refused', 'client certificates are not set up');
  const checked = await check(certificate, credentials);
  return checked.ok
    ? { ok: true, securityProfile: 3 }
    : refuse(403, 'certificate-refused', `the certificate is refused: ${checked.why}`);
}

/** Bytes after `<identity>:`; undefined when the header is none of Basic or names another user. */
function passwordFor(identity: string, authorization: string | undefined): Uint8Array | undefined {
  const encoded = /^basic +([A-Za-z0-9+/_-]+={0,2}) *$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64');
  const user = Buffer.from(`${identity}:`, 'utf8');
  // Identities and keys may hold colons: the user name ends where the known identity ends.
  if (pair.length < user.length || !timingSafeEqual(pair.subarray(0, user.length), user)) return undefined;
  return pair.subarray(user.length);
}

const keyAmong = (
  keys: readonly KeyHash[] | undefined,
  password: Uint8Array | undefined,
  pepper: Uint8Array,
): KeyHash | undefined =>
  password === undefined ? undefined : keys?.find((stored) => isStationKey(password, stored, pepper));

const nobody = Buffer.alloc(32);

function isKey(
  credentials: StationCredentials | undefined,
  password: Uint8Array | undefined,
  pepper: Uint8Array,
): boolean {
  const hash = credentials?.keyHash ?? nobody;
  const salt = credentials?.keySalt ?? nobody;
  const fits = isStationKey(password ?? nobody, { hash, salt }, pepper);
  return fits && password !== undefined && credentials?.keyHash !== undefined;
}
