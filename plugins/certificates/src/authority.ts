import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  type Pkcs10CertificateRequest,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

type Key = webcrypto.CryptoKey;

/** Whoever signs: its certificate, with those above it but the root, and its key. */
export interface Authority {
  readonly certificate: X509Certificate;
  /** PEM, the issuing certificate first. */
  readonly chain: string;
  readonly key: Key;
  readonly signingAlgorithm: { readonly name: string; readonly hash: string };
}

const DAY_MS = 86_400_000;
const ROOT_DAYS = 3650;
/** A station whose clock is behind takes its new certificate all the same. */
const EARLIER_MS = 3_600_000;
const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** Keys as they come: EC on any of the three curves, or RSA; found by trying, because PKCS#8 says it inside. */
const KINDS = [
  { import: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
  { import: { name: 'ECDSA', namedCurve: 'P-384' }, sign: { name: 'ECDSA', hash: 'SHA-384' } },
  { import: { name: 'ECDSA', namedCurve: 'P-521' }, sign: { name: 'ECDSA', hash: 'SHA-512' } },
  {
    import: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    sign: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  },
] as const;

/** Throws, saying what is wrong, where certificate and key do not belong together or may not sign. */
export async function authorityOf(pem: { readonly certificate: string; readonly key: string }): Promise<Authority> {
  let certificates: readonly X509Certificate[];
  try {
    certificates = PemConverter.decode(pem.certificate).map((der) => new X509Certificate(der));
  } catch {
    certificates = [];
  }
  const [certificate] = certificates;
  if (certificate === undefined) throw new Error('authority.certificate is no certificate in PEM');
  if (certificate.getExtension(BasicConstraintsExtension)?.ca !== true)
    throw new Error('authority.certificate may not sign others: it is no CA');
  const [der] = decodedKey(pem.key);
  for (const kind of der === undefined ? [] : KINDS) {
    const key = await webcrypto.subtle.importKey('pkcs8', der!, kind.import, true, ['sign']).catch(() => undefined);
    if (key === undefined) continue;
    const authority = { certificate, chain: pem.certificate.trim(), key, signingAlgorithm: kind.sign };
    if (!(await belongs(authority, kind.import))) throw new Error('authority.key is not the key of its certificate');
    return authority;
  }
  throw new Error('authority.key is no private key in PKCS#8 PEM (EC P-256, P-384, P-521 or RSA)');
}

const decodedKey = (pem: string): readonly ArrayBuffer[] => {
  try {
    return PemConverter.decode(pem);
  } catch {
    return [];
  }
};

async function belongs({ certificate, key, signingAlgorithm }: Authority, kind: object): Promise<boolean> {
  const text = new Uint8Array([1, 2, 3]);
  try {
    const signature = await webcrypto.subtle.sign(signingAlgorithm, key, text);
    const publicKey = await certificate.publicKey.export(kind as never, ['verify'], webcrypto as never);
    return await webcrypto.subtle.verify(signingAlgorithm, publicKey as never, signature, text);
  } catch {
    return false;
  }
}

/** A root of our own, for development: certificate and key in PEM. */
export async function developmentRoot(o: {
  readonly name: string;
  readonly now: number;
  readonly serial: string;
}): Promise<{ readonly certificate: string; readonly key: string }> {
  const keys = await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: o.serial,
      name: [{ CN: [o.name] }, { O: ['development only'] }],
      notBefore: new Date(o.now - EARLIER_MS),
      notAfter: new Date(o.now + ROOT_DAYS * DAY_MS),
      keys,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions: [
        new BasicConstraintsExtension(true, 0, true),
        new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto as never),
      ],
    },
    webcrypto as never,
  );
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { certificate: certificate.toString('pem'), key: PemConverter.encode(pkcs8, 'PRIVATE KEY') };
}

/** The certificate that a station asked for: what the request names, for TLS as a client (or as a server of cars), never longer than its issuer. */
export async function issue(
  authority: Authority,
  request: Pkcs10CertificateRequest,
  o: { readonly now: number; readonly serial: string; readonly days: number; readonly forCars?: boolean },
): Promise<{ readonly pem: string; readonly chain: string; readonly notAfter: Date }> {
  const { certificate: issuer } = authority;
  const notAfter = new Date(Math.min(o.now + o.days * DAY_MS, issuer.notAfter.getTime()));
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: o.serial,
      subject: request.subject,
      issuer: issuer.subject,
      notBefore: new Date(Math.max(o.now - EARLIER_MS, issuer.notBefore.getTime())),
      notAfter,
      signingKey: authority.key,
      publicKey: request.publicKey,
      signingAlgorithm: authority.signingAlgorithm,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([o.forCars === true ? ExtendedKeyUsage.serverAuth : ExtendedKeyUsage.clientAuth]),
        await AuthorityKeyIdentifierExtension.create(issuer.publicKey, false, webcrypto as never),
        await SubjectKeyIdentifierExtension.create(request.publicKey, false, webcrypto as never),
      ],
    },
    webcrypto as never,
  );
  const pem = certificate.toString('pem');
  // The root is at the station already: the chain ends below it.
  const isRoot = issuer.subject === issuer.issuer;
  return { pem, chain: isRoot ? `${pem}\n` : `${pem}\n${authority.chain}\n`, notAfter };
}

/** Undefined where the PEM holds none that can be read. */
export const readCertificate = (pem: string): X509Certificate | undefined => {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
};

/** Signed by that authority, whether or not it was here that it signed. */
export async function isSignedBy(
  { certificate: issuer }: Authority,
  of: X509Certificate,
  now: number,
): Promise<boolean> {
  if (of.issuer !== issuer.subject) return false;
  return of.verify({ publicKey: issuer, date: new Date(now) }, webcrypto as never).catch(() => false);
}
