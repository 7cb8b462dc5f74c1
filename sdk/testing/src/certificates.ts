import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { explicit, integer, oid, seq, time, tlv } from './der.ts';

/** A certificate and its key, as PEM. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** An issuer of the test's own, whom nobody else trusts. */
export interface TestAuthority {
  /** What whoever shall trust it is given. */
  readonly cert: string;
  /** What it signs with. */
  readonly key: string;
  /** For those names or addresses; without any it can be a client's only. `days` may be negative: it has expired. */
  issue(
    name: string,
    o?: { readonly hosts?: readonly string[]; readonly days?: number; readonly key?: 'ec' | 'rsa' },
  ): TestCertificate;
  /** An issuer below it. */
  below(name: string): TestAuthority;
}

/** Certificates, signed with elliptic curves, made as RFC 5280 writes them down: no program and no package is needed. */
export function testAuthority(name = 'Test authority'): TestAuthority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return authorityOf(
    name,
    own.privateKey,
    signed({ name, key: own.privateKey }, name, own.publicKey, [isAuthority], AUTHORITY_DAYS),
  );
}

const authorityOf = (name: string, key: KeyObject, cert: string): TestAuthority => ({
  cert,
  key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  issue: (subject, { hosts = [], days = 1, key: kind = 'ec' } = {}) => {
    const pair =
      kind === 'ec'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('rsa', { modulusLength: 2048 });
    const extensions =
      hosts.length === 0 ? [extension('2.5.29.19', seq())] : [extension('2.5.29.17', seq(...hosts.map(hostOf)))];
    return {
      cert: signed({ name, key }, subject, pair.publicKey, extensions, days),
      key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    };
  },
  below: (subject) => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return authorityOf(
      subject,
      pair.privateKey,
      signed({ name, key }, subject, pair.publicKey, [isAuthority], AUTHORITY_DAYS),
    );
  },
});

/** A certificate as PEM, for so many days from `now`; fewer than none: it has expired. */
export function signed(
  issuer: { readonly name: string; readonly key: KeyObject },
  subject: string,
  key: KeyObject,
  extensions: readonly Buffer[],
  days: number,
  now = Date.now(),
): string {
  const until = now + days * DAY_MS;
  const body = seq(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(issuer.name),
    seq(time(Math.min(now, until) - DAY_MS), time(until)),
    nameOf(subject),
    key.export({ type: 'spki', format: 'der' }),
    explicit(3, seq(...extensions)),
  );
  const signature = sign('sha256', body, issuer.key);
  return pem(seq(body, ecdsaWithSha256, tlv(0x03, Buffer.concat([Buffer.from([0]), signature]))));
}

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 730;

// ---- what a certificate is made of ----

export const ecdsaWithSha256 = seq(oid('1.2.840.10045.4.3.2'));

export const nameOf = (text: string): Buffer => seq(tlv(0x31, seq(oid('2.5.4.3'), tlv(0x0c, Buffer.from(text)))));

export const extension = (id: string, value: Buffer, critical = false): Buffer =>
  seq(oid(id), ...(critical ? [tlv(0x01, Buffer.from([0xff]))] : []), tlv(0x04, value));

export const isAuthority = extension('2.5.29.19', seq(tlv(0x01, Buffer.from([0xff]))), true);

const hostOf = (host: string): Buffer =>
  isIP(host) === 4 ? tlv(0x87, Buffer.from(host.split('.').map(Number))) : tlv(0x82, Buffer.from(host));

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')}\n-----END CERTIFICATE-----\n`;
