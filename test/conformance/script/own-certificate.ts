import 'reflect-metadata';
import { createPrivateKey, type KeyObject, webcrypto, X509Certificate } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator } from '@peculiar/x509';
import type { Rule } from './fit.ts';

const KINDS = {
  RSA: {
    ...{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    ...{ modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  },
  ECDSA: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const;

/** A key pair of a station, what it asks to be certified, and what it then must be given. */
export interface OwnKey {
  readonly csr: string;
  readonly key: string;
  /** A chain whose first certificate is for this key and this name. */
  readonly chain: Rule;
}

/** A key pair and its request for a certificate (PKCS#10). */
export async function ownKey(kind: keyof typeof KINDS, identity: string): Promise<OwnKey> {
  const algorithm = KINDS[kind];
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const request = await Pkcs10CertificateRequestGenerator.create(
    { name: `CN=${identity}, O=Conformance`, keys: keys as never, signingAlgorithm: algorithm },
    webcrypto as never,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const own = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return {
    csr: request.toString('pem'),
    key: own.export({ type: 'pkcs8', format: 'pem' }).toString(),
    chain: { rule: `a certificate of the key and the name of ${identity}`, fits: (it) => isFor(it, own, identity) },
  };
}

function isFor(chain: unknown, own: KeyObject, identity: string): boolean {
  try {
    // Node reads the first of several.
    const certificate = new X509Certificate(String(chain));
    return certificate.checkPrivateKey(own) && certificate.subject.split('\n').includes(`CN=${identity}`);
  } catch {
    return false;
  }
}
