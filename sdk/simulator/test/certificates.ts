import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

export interface TestCertificate {
  readonly pem: string;
  readonly privateKey: string;
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

const privatePemOf = async (keys: webcrypto.CryptoKeyPair): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');

const made = async (certificate: x509.X509Certificate, keys: webcrypto.CryptoKeyPair): Promise<TestCertificate> => ({
  pem: certificate.toString('pem'),
  privateKey: await privatePemOf(keys),
  certificate,
  keys,
});
const valid = (daysAgo: number) => ({
  notBefore: new Date(Date.now() - (daysAgo + 40) * DAY_MS),
  notAfter: new Date(Date.now() + (5 - daysAgo) * DAY_MS),
});

export const aRoot = async (name: string, o: { readonly daysAgo?: number } = {}): Promise<TestCertificate> => {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '00ab12',
    name: `CN=${name}, O=Roots`,
    ...valid(o.daysAgo ?? 0),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return made(certificate, keys);
};

export const issuedBy = async (
  root: TestCertificate,
  subject: string,
  o: { readonly publicKey?: webcrypto.CryptoKey; readonly daysAgo?: number } = {},
): Promise<TestCertificate> => {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '77',
    subject,
    issuer: root.certificate.subject,
    ...valid(o.daysAgo ?? 0),
    signingKey: root.keys.privateKey,
    publicKey: o.publicKey ?? keys.publicKey,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  });
  return made(certificate, keys);
};

/** Reads a request with the library, checks its own signature, and signs it. */
export const signRequest = async (root: TestCertificate, csr: string) => {
  const request = new x509.Pkcs10CertificateRequest(csr);
  const genuine = await request.verify();
  const { certificate } = await issuedBy(root, request.subject, { publicKey: await request.publicKey.export() });
  return { genuine, subject: request.subject, pem: certificate.toString('pem') };
};
