import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  ExtensionsAttribute,
  Pkcs10CertificateRequest,
  type PublicKey,
  SubjectAlternativeNameExtension,
} from '@peculiar/x509';

/** What a station asks to be certified, checked; or why it is refused. */
export type Checked =
  | { readonly ok: true; readonly request: Pkcs10CertificateRequest; readonly commonName: string }
  | { readonly ok: false; readonly reason: string };

const CURVES: ReadonlySet<string> = new Set(['P-256', 'P-384', 'P-521']);
const LEAST_RSA_BITS = 2048;
/** The longest that OCPP 1.6's security extension allows. */
const LONGEST = 5500;

/** RSA of 2048 bits and more, NIST curves of 256 and more (security whitepaper, section 2.5). */
const weaknessOf = ({ algorithm }: PublicKey): string | undefined => {
  const { name, namedCurve, modulusLength } = algorithm as {
    readonly name: string;
    readonly namedCurve?: string;
    readonly modulusLength?: number;
  };
  if (name.startsWith('RSA'))
    return (modulusLength ?? 0) >= LEAST_RSA_BITS ? undefined : `an RSA key of ${modulusLength ?? 0} bits is too short`;
  if (name === 'ECDSA') return CURVES.has(namedCurve ?? '') ? undefined : `the curve ${namedCurve} is not taken`;
  return `keys of kind ${name} are not taken`;
};

/** What a request may not ask to be: an authority, or the name of a host. */
function tooMuch(request: Pkcs10CertificateRequest): string | undefined {
  const attribute = request.getAttribute('1.2.840.113549.1.9.14');
  const extensions = attribute instanceof ExtensionsAttribute ? attribute.items : [];
  for (const it of extensions) {
    if (it instanceof BasicConstraintsExtension && it.ca) return 'the request asks to be an authority';
    if (it instanceof SubjectAlternativeNameExtension && it.names.items.some(({ type }) => type === 'dns'))
      return 'the request asks for the name of a host';
  }
  return undefined;
}

/**
 * Reads a PKCS#10 request (PEM, or base64 of its DER) and checks all that it says of itself; with `names`, that it names one
 * of those.
 */
export async function readRequest(csr: string, names?: readonly string[]): Promise<Checked> {
  if (csr.length > LONGEST) return { ok: false, reason: 'the request is too long' };
  let request: Pkcs10CertificateRequest;
  let genuine: boolean;
  try {
    request = new Pkcs10CertificateRequest(csr);
    genuine = await request.verify();
  } catch {
    return { ok: false, reason: 'this is no certificate request (PKCS#10)' };
  }
  if (!genuine) return { ok: false, reason: 'the request is not signed by the key that it names' };
  const weakness = weaknessOf(request.publicKey);
  if (weakness !== undefined) return { ok: false, reason: weakness };
  const commonName = request.subjectName.getField('CN')[0]?.trim() ?? '';
  if (commonName === '') return { ok: false, reason: 'the request names nobody (its subject has no CN)' };
  if (names?.includes(commonName) === false)
    return {
      ok: false,
      reason: `the request names another than this station: "${commonName}", not ${names.map((it) => `"${it}"`).join(' or ')}`,
    };
  const more = tooMuch(request);
  return more === undefined ? { ok: true, request, commonName } : { ok: false, reason: more };
}
