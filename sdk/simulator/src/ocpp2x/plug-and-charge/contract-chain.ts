import { webcrypto } from 'node:crypto';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
/** Where the made-up authorities would say whether they have revoked something; nobody listens there. */
const RESPONDER = 'http://ocsp.example.com';

/** A certificate chain of ISO 15118 for tests: PEM from the leaf to the authority below the root, and the root. */
export interface MadeChain {
  readonly chain: string;
  readonly root: string;
}

/** The library is read in only when a car comes that needs it: fleets never do. */
export const madeChain = async (subject: string, authority: string): Promise<MadeChain> => {
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const keysOf = (): Promise<webcrypto.CryptoKeyPair> =>
    webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const [rootKeys, subKeys, leafKeys] = await Promise.all([keysOf(), keysOf(), keysOf()]);
  const now = Date.now();
  const common = {
    // Clocks of fast stations are days behind.
    notBefore: new Date(now - 30 * DAY_MS),
    notAfter: new Date(now + 365 * DAY_MS),
    signingAlgorithm: algorithm,
  };
  const authorities = (limit: number | undefined) => [new x509.BasicConstraintsExtension(true, limit, true)];
  const responder = new x509.AuthorityInfoAccessExtension({ ocsp: [RESPONDER] });
  const rootName = `CN=${authority} Root, O=${authority}`;
  const subName = `CN=${authority} Sub 1, O=${authority}`;
  const root = await x509.X509CertificateGenerator.createSelfSigned(
    { ...common, serialNumber: '01', name: rootName, keys: rootKeys, extensions: authorities(undefined) },
    webcrypto,
  );
  const sub = await x509.X509CertificateGenerator.create(
    {
      ...common,
      ...{ serialNumber: '02', subject: subName, issuer: rootName },
      signingKey: rootKeys.privateKey,
      publicKey: subKeys.publicKey,
      extensions: [...authorities(0), responder],
    },
    webcrypto,
  );
  const leaf = await x509.X509CertificateGenerator.create(
    {
      ...common,
      ...{ serialNumber: '03', subject: `CN=${subject}, O=${authority}`, issuer: subName },
      signingKey: subKeys.privateKey,
      publicKey: leafKeys.publicKey,
      extensions: [responder],
    },
    webcrypto,
  );
  return { chain: `${leaf.toString('pem')}\n${sub.toString('pem')}\n`, root: `${root.toString('pem')}\n` };
};
