import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pemBlocks } from './pem.ts';

/** Where the TLS listener's certificates lie: paths of PEM files. */
export interface TlsFiles {
  /** Each with its chain, the own first; one of RSA, one of ECDSA, or both. */
  readonly certificates: readonly { readonly cert: string; readonly key: string }[];
  /** Who may vouch for stations. */
  readonly clientCa?: string;
}

/** A certificate that the listener shows. */
export interface Shown {
  readonly file: string;
  readonly subject: string;
  readonly kind: 'RSA' | 'ECDSA';
  readonly notAfter: Date;
}

/** What the files held when they were read. */
export interface TlsMaterial {
  readonly cert: readonly string[];
  readonly key: readonly string[];
  readonly shown: readonly Shown[];
  /** Roots, or issuing certificates, that a station's certificate may lead to. */
  readonly anchors: readonly X509Certificate[];
}

/** Least of a key, as in the security whitepaper of OCPP 1.6, A00.FR.306. */
const LEAST_RSA_BITS = 2048;
const LEAST_EC_BITS = 224;

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Reads all files; `problems` says in one sentence each what is wrong, and then there is no material. */
export function readTlsFiles(files: TlsFiles): {
  readonly problems: readonly string[];
  readonly material: TlsMaterial | undefined;
} {
  const problems: string[] = [];
  const read = (path: string): string | undefined => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      problems.push(`${path} cannot be read: ${textOf(error)}`);
      return undefined;
    }
  };
  const pairs = files.certificates.flatMap(({ cert: certFile, key: keyFile }) => {
    const [cert, key] = [read(certFile), read(keyFile)];
    if (cert === undefined || key === undefined) return [];
    const found = pairOf({ cert, key, certFile, keyFile });
    if (typeof found !== 'string') return [{ cert, key, shown: found }];
    problems.push(found);
    return [];
  });
  const twice = pairs.find(({ shown }, i) => pairs.slice(0, i).some((it) => it.shown.kind === shown.kind));
  if (twice !== undefined)
    problems.push(`${twice.shown.file} is a second ${twice.shown.kind} certificate: one of each kind is shown`);
  const ca = files.clientCa === undefined ? '' : read(files.clientCa);
  const anchors = ca === undefined ? [] : certificatesIn(ca);
  if (files.clientCa !== undefined && ca !== undefined) {
    if (anchors.length === 0) problems.push(`${files.clientCa} holds no certificate in PEM`);
    for (const it of anchors.filter(({ ca: isCa }) => !isCa))
      problems.push(`${files.clientCa}: "${oneLine(it.subject)}" is no CA, so it vouches for nobody`);
  }
  if (problems.length > 0) return { problems, material: undefined };
  return {
    problems,
    material: {
      cert: pairs.map(({ cert }) => cert),
      key: pairs.map(({ key }) => key),
      shown: pairs.map(({ shown }) => shown),
      anchors,
    },
  };
}

/** The certificates of a PEM text; those that cannot be read are left out. */
const certificatesIn = (pem: string): readonly X509Certificate[] =>
  pemBlocks(pem, 'CERTIFICATE').flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });

/** A subject as one line. */
const oneLine = (subject: string): string => subject.replaceAll('\n', ', ');

function pairOf(o: {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}): Shown | string {
  const [own] = certificatesIn(o.cert);
  if (own === undefined) return `${o.certFile} holds no certificate in PEM`;
  let fits: boolean;
  try {
    fits = own.checkPrivateKey(createPrivateKey(o.key));
  } catch (error) {
    return `${o.keyFile} holds no private key in PEM that can be read without a password: ${textOf(error)}`;
  }
  if (!fits) return `${o.keyFile} is not the key of ${o.certFile}`;
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = own.publicKey;
  const weak = weaknessOf(own);
  if (weak !== undefined) return `${o.certFile}: ${weak}`;
  if (type !== 'rsa' && type !== 'ec')
    return `${o.certFile}: keys of kind ${type} are not for OCPP, take RSA or ECDSA (${details?.namedCurve ?? ''})`;
  return {
    file: o.certFile,
    subject: oneLine(own.subject),
    kind: type === 'rsa' ? 'RSA' : 'ECDSA',
    notAfter: own.validToDate,
  };
}

/** Why the key of a certificate is too weak; undefined when it is not. */
export function weaknessOf({ publicKey }: X509Certificate): string | undefined {
  const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
  if (publicKey.asymmetricKeyType === 'rsa' && (modulusLength ?? 0) < LEAST_RSA_BITS)
    return `an RSA key of ${modulusLength} bits is too short, ${LEAST_RSA_BITS} are needed`;
  const bits = Number(/(\d{3})/.exec(namedCurve ?? '')?.[1] ?? LEAST_EC_BITS);
  if (publicKey.asymmetricKeyType === 'ec' && bits < LEAST_EC_BITS) return `the curve ${namedCurve} is too short`;
  return undefined;
}
