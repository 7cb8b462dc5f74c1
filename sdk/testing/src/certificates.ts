import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

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

function signed(
  issuer: { readonly name: string; readonly key: KeyObject },
  subject: string,
  key: KeyObject,
  extensions: readonly Buffer[],
  days: number,
): string {
  const until = Date.now() + days * DAY_MS;
  const body = seq(
    explicit(0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    nameOf(issuer.name),
    seq(time(Math.min(Date.now(), until) - DAY_MS), time(until)),
    nameOf(subject),
    key.export({ type: 'spki', format: 'der' }),
    explicit(3, seq(...extensions)),
  );
  const signature = sign('sha256', body, issuer.key);
  return pem(seq(body, ecdsaWithSha256, tlv(0x03, Buffer.concat([Buffer.from([0]), signature]))));
}

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 730;

// ---- DER: tag, length, value ----

function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), value]);
}
const seq = (...values: readonly Buffer[]): Buffer => tlv(0x30, Buffer.concat(values));
const explicit = (n: number, value: Buffer): Buffer => tlv(0xa0 + n, value);
const integer = (bytes: Buffer): Buffer => tlv(0x02, bytes);
const time = (ms: number): Buffer =>
  tlv(0x18, Buffer.from(`${new Date(ms).toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`));

function oid(text: string): Buffer {
  const [a = 0, b = 0, ...rest] = text.split('.').map(Number);
  const bytes = rest.flatMap((n) => {
    const groups = [n & 127];
    for (let left = n >> 7; left > 0; left >>= 7) groups.unshift((left & 127) | 128);
    return groups;
  });
  return tlv(0x06, Buffer.from([a * 40 + b, ...bytes]));
}
const ecdsaWithSha256 = seq(oid('1.2.840.10045.4.3.2'));

const nameOf = (text: string): Buffer => seq(tlv(0x31, seq(oid('2.5.4.3'), tlv(0x0c, Buffer.from(text)))));

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  seq(oid(id), ...(critical ? [tlv(0x01, Buffer.from([0xff]))] : []), tlv(0x04, value));

const isAuthority = extension('2.5.29.19', seq(tlv(0x01, Buffer.from([0xff]))), true);

const hostOf = (host: string): Buffer =>
  isIP(host) === 4 ? tlv(0x87, Buffer.from(host.split('.').map(Number))) : tlv(0x82, Buffer.from(host));

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replaceAll(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
