import { createHash, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AskedCertificate } from '@plugga/kit';
import { ecdsaWithSha256, extension, isAuthority, nameOf, signed } from './certificates.ts';
import { explicit, oid, seq, time, tlv } from './der.ts';

/** How a contract differs from one that is good. */
export interface ContractFlaws {
  /** How long it is in force; negative: it has expired. */
  readonly days?: number;
  /** Who signs it has another key than the authority that it names. */
  readonly forged?: boolean;
  /** It may issue others itself. */
  readonly ca?: boolean;
  /** It does not say who would know that it is revoked. */
  readonly mute?: boolean;
}

/** A mobility operator of the test's own, with an authority below its root, and somebody who tells what is revoked. */
export interface TestOperator {
  /** PEM. */
  readonly root: string;
  readonly authority: string;
  contract(emaid: string, flaws?: ContractFlaws): TestContract;
}
export interface TestContract {
  /** PEM, the contract first and the root left out. */
  readonly chain: string;
  /** What is revoked by it. */
  readonly serial: string;
  /** Of both certificates, as stations send them. */
  readonly hashes: readonly AskedCertificate[];
}

/** An OCSP responder (RFC 6960) on a port of this machine. */
export interface TestResponder {
  /** http://localhost:port */
  readonly url: string;
  /** How often it was asked. */
  asked(): number;
  /** All that it has answered, in base64. */
  said(): readonly string[];
  /** Serial numbers, hexadecimal. */
  readonly revoked: Set<string>;
  /** Who signs what it says, or what is odd about it: the issuer itself at first. */
  speaks: 'issuer' | 'delegate' | 'anyone' | 'stranger' | 'stale' | 'unknown' | 'rubbish' | 'nobody';
  /** With `now` the world's time is another one; `sub`: what its authority below the root is. */
  operator(
    name: string,
    o?: { readonly now?: number; readonly subDays?: number; readonly sub?: 'authority' | 'nobody' },
  ): TestOperator;
  close(): void;
}

interface Issuer {
  readonly name: string;
  readonly key: KeyObject;
  readonly public: KeyObject;
  readonly now: number;
}

const DAY_MS = 86_400_000;
const YEARS = 730;
const MAY_SIGN_OCSP = extension('2.5.29.37', seq(oid('1.3.6.1.5.5.7.3.9')));
const isNobody = extension('2.5.29.19', seq());
const bits = (bytes: Buffer): Buffer => tlv(0x03, Buffer.concat([Buffer.from([0]), bytes]));
const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const derOf = (pem: string): Buffer => new X509Certificate(pem).raw;

const said = (responder: string): Buffer =>
  extension('1.3.6.1.5.5.7.1.1', seq(seq(oid('1.3.6.1.5.5.7.48.1'), tlv(0x86, Buffer.from(responder)))));

/** The key itself: what a SubjectPublicKeyInfo of P-256 ends with. */
const keyHash = (algorithm: string, key: KeyObject): string =>
  createHash(algorithm)
    .update(key.export({ type: 'spki', format: 'der' }).subarray(-65))
    .digest('hex');

const asked = (pem: string, issuer: Issuer, url: string): AskedCertificate => ({
  certificate: {
    algorithm: 'SHA256',
    issuerNameHash: createHash('sha256').update(nameOf(issuer.name)).digest('hex'),
    issuerKeyHash: keyHash('sha256', issuer.public),
    serialNumber: new X509Certificate(pem).serialNumber.toLowerCase().replace(/^0+/, ''),
  },
  ...{ source: 'ocsp', urls: [url] },
});

/** What stands in the value that begins there, and what comes after it. */
function opened(der: Buffer): { readonly content: Buffer; readonly raw: Buffer; readonly rest: Buffer } {
  const first = der[1]!;
  const from = first < 128 ? 2 : 2 + (first & 127);
  const to = from + (first < 128 ? first : der.readUIntBE(2, first & 127));
  return { content: der.subarray(from, to), raw: der.subarray(0, to), rest: der.subarray(to) };
}

/** The certificate that a request asks about: the only thing in it that matters here. */
function idOf(request: Buffer) {
  const { raw, content } = opened(opened(opened(opened(opened(request).content).content).content).content);
  const algorithm = opened(content);
  const name = opened(algorithm.rest);
  const key = opened(name.rest);
  return {
    raw,
    digest: algorithm.raw.includes(oid('2.16.840.1.101.3.4.2.1')) ? 'sha256' : 'sha384',
    key: key.content.toString('hex'),
    serial: opened(key.rest).content.toString('hex').replace(/^0+/, ''),
  };
}

/** Starts it; whoever asks must be allowed to reach this machine. */
export async function testResponder(): Promise<TestResponder> {
  const issuers: Issuer[] = [];
  const revoked = new Set<string>();
  let count = 0;
  const told: string[] = [];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      count += 1;
      if (self.speaks === 'nobody') return;
      if (self.speaks === 'rubbish') return void response.end('<html>');
      const id = idOf(Buffer.concat(parts));
      const issuer = issuers.find((it) => keyHash(id.digest, it.public) === id.key);
      const bytes = issuer === undefined ? seq(tlv(0x0a, Buffer.from([6]))) : answerOf(issuer, id, self);
      told.push(bytes.toString('base64'));
      response.end(bytes);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const self: TestResponder = {
    ...{ url, revoked, speaks: 'issuer', asked: () => count, said: () => told },
    operator: (name, { now = Date.now(), subDays = YEARS, sub = 'authority' } = {}) => {
      const [rootPair, subPair] = [pair(), pair()];
      const [rootName, subName] = [`${name} Root`, `${name} Sub`];
      const root: Issuer = { name: rootName, key: rootPair.privateKey, public: rootPair.publicKey, now };
      const below: Issuer = { name: subName, key: subPair.privateKey, public: subPair.publicKey, now };
      issuers.push(root, below);
      const rootPem = signed(root, rootName, root.public, [isAuthority], YEARS, now);
      const may = sub === 'authority' ? isAuthority : isNobody;
      const authority = signed(root, subName, below.public, [may, said(url)], subDays, now);
      return {
        ...{ root: rootPem, authority },
        contract: (emaid, { days = 365, forged = false, ca = false, mute = false } = {}) => {
          const signer = forged ? { name: subName, key: pair().privateKey } : below;
          const extensions = [ca ? isAuthority : isNobody, ...(mute ? [] : [said(url)])];
          const leaf = signed(signer, emaid, pair().publicKey, extensions, days, now);
          const hashes = [asked(leaf, below, url), asked(authority, root, url)];
          return { chain: `${leaf}${authority}`, serial: hashes[0]!.certificate.serialNumber, hashes };
        },
      };
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return self;
}

function answerOf(issuer: Issuer, id: ReturnType<typeof idOf>, { revoked, speaks }: TestResponder): Buffer {
  const { now } = issuer;
  const at = speaks === 'stale' ? now - 10 * DAY_MS : now;
  const status =
    speaks === 'unknown'
      ? tlv(0x82, Buffer.alloc(0))
      : revoked.has(id.serial)
        ? tlv(0xa1, time(now - DAY_MS))
        : tlv(0x80, Buffer.alloc(0));
  const single = seq(id.raw, status, time(at - 60_000), explicit(0, time(at + DAY_MS)));
  const other = pair();
  const spoken = speaks === 'issuer' || speaks === 'stale' || speaks === 'unknown';
  const key = spoken ? issuer.key : other.privateKey;
  const data = seq(explicit(1, nameOf(issuer.name)), time(at), seq(single));
  // Whom the issuer has named to answer for it; whom it has named for something else; whom it does not know.
  const named =
    speaks === 'stranger'
      ? signed({ name: issuer.name, key: other.privateKey }, 'Responder', other.publicKey, [MAY_SIGN_OCSP], 1, now)
      : signed(issuer, 'Responder', other.publicKey, speaks === 'delegate' ? [MAY_SIGN_OCSP] : [], 1, now);
  const basic = seq(
    ...[data, ecdsaWithSha256, bits(sign('sha256', data, key))],
    ...(spoken ? [] : [explicit(0, seq(derOf(named)))]),
  );
  const bytes = seq(oid('1.3.6.1.5.5.7.48.1.1'), tlv(0x04, basic));
  return seq(tlv(0x0a, Buffer.from([0])), explicit(0, bytes));
}
