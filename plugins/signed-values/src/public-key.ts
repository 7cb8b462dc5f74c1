import { createHash, createPublicKey, ECDH, type KeyObject } from 'node:crypto';
import { fromBase64, fromHex, fromUtf8 } from './bytes.ts';
import { type Curve, curveOf, curves } from './curves.ts';

/** A meter's public key, however it was written. */
export interface PublicKey {
  readonly curve: Curve;
  /** SubjectPublicKeyInfo with the whole point, hexadecimal: what is stored and exported. */
  readonly spki: string;
  /** SHA-256 of it, hexadecimal: two texts of one key have one. */
  readonly fingerprint: string;
  readonly key: KeyObject;
}
export type ReadKey = { readonly ok: true; readonly key: PublicKey } | { readonly ok: false; readonly reason: string };

/** The longest text of a key of the largest curve, in any coat. */
const LONGEST = 4_000;
const EC_PUBLIC_KEY = '06072a8648ce3d0201';

const der = (tag: string, body: string): string => {
  const length = body.length / 2;
  const long = length < 128 ? '' : length < 256 ? '81' : '82';
  return `${tag}${long}${length.toString(16).padStart(long === '82' ? 4 : 2, '0')}${body}`;
};
const spkiOf = (curve: Curve, point: string): string =>
  der('30', der('30', EC_PUBLIC_KEY + der('06', curve.oid)) + der('03', `00${point}`));

const imported = (key: Parameters<typeof createPublicKey>[0]): KeyObject | undefined => {
  try {
    return createPublicKey(key);
  } catch {
    return undefined;
  }
};

/** A point as one of the curve, uncompressed; undefined where it does not lie on it. */
const onCurve = (curve: Curve, point: Buffer): PublicKey | undefined => {
  let whole: string;
  try {
    whole = ECDH.convertKey(point, curve.name, undefined, 'hex', 'uncompressed') as string;
  } catch {
    return undefined;
  }
  const spki = spkiOf(curve, whole);
  const bytes = Buffer.from(spki, 'hex');
  const key = imported({ key: bytes, format: 'der', type: 'spki' });
  return key && { curve, spki, fingerprint: createHash('sha256').update(bytes).digest('hex'), key };
};

/** SubjectPublicKeyInfo to its point: the last bytes of it, as the curve says how many. */
const ofSpki = (key: KeyObject): PublicKey | undefined => {
  const name = key.asymmetricKeyType === 'ec' ? key.asymmetricKeyDetails?.namedCurve : undefined;
  const curve = name === undefined ? undefined : curveOf(name);
  if (curve === undefined) return undefined;
  const bytes = key.export({ format: 'der', type: 'spki' });
  for (const length of [2 * curve.size + 1, curve.size + 1]) {
    const found = onCurve(curve, bytes.subarray(-length));
    if (found !== undefined && bytes.at(-length - 1) === 0) return found;
  }
  return undefined;
};

/** 04 X Y, 02 X, 03 X, or X Y without a mark. A point lies on one curve of its size only, so that it names its own. */
const ofPoint = (bytes: Buffer, wanted: Curve | undefined): PublicKey | undefined => {
  const fits = ({ size }: Curve): Buffer | undefined => {
    if (bytes.length === 2 * size) return Buffer.concat([Buffer.of(4), bytes]);
    const marked = bytes.length === 2 * size + 1 && bytes[0] === 4;
    // Without Y every curve of that size has such a point: it must be named.
    const short = wanted !== undefined && bytes.length === size + 1 && (bytes[0] === 2 || bytes[0] === 3);
    return marked || short ? bytes : undefined;
  };
  for (const curve of wanted === undefined ? curves : [wanted]) {
    const point = fits(curve);
    const found = point && onCurve(curve, point);
    if (found) return found;
  }
  return undefined;
};

const ofBytes = (bytes: Buffer, wanted: Curve | undefined): PublicKey | undefined => {
  const spki = bytes[0] === 0x30 ? imported({ key: bytes, format: 'der', type: 'spki' }) : undefined;
  return (spki && ofSpki(spki)) ?? ofPoint(bytes, wanted);
};

/** `oca:base16:asn1:3059…` (OCA, Signed Meter Values in OCPP, section 3.2.2), what is printed on the meter in it. */
const OCA = /^oca:(base16|base64):[^:]*:([\s\S]*)$/i;

const bytesOf = (text: string): readonly Buffer[] => {
  const bare = text.replaceAll(/\s/g, '');
  const hex = fromHex(bare.replaceAll(/^0x|[:.-]/gi, ''));
  return [hex, fromBase64(bare)].filter((it) => it !== undefined);
};

const keyIn = (text: string, wanted: Curve | undefined, depth: number): PublicKey | undefined => {
  if (text.includes('-----BEGIN')) {
    const key = imported(text);
    return key && ofSpki(key);
  }
  const [, encoding, printed = ''] = OCA.exec(text.trim()) ?? [];
  const candidates = encoding?.toLowerCase() === 'base16' ? printed.replaceAll(/0x|[^0-9a-f]/gi, '') : printed || text;
  for (const bytes of bytesOf(candidates)) {
    const found = ofBytes(bytes, wanted);
    if (found !== undefined) return found;
    // Base64 over the text of a key, with and without the words before it.
    const inner = depth === 0 ? fromUtf8(bytes) : undefined;
    const within = inner && keyIn(inner, wanted, depth + 1);
    if (within) return within;
  }
  return undefined;
};

/**
 * Reads a public key as meters, stations and their papers write it: PEM, DER as hexadecimal or base64, `oca:base16:asn1:…`
 * itself or in base64, and points without a coat. `curve` is needed only for a compressed point.
 */
export function readPublicKey(text: string, curve?: string): ReadKey {
  if (text.length > LONGEST) return { ok: false, reason: 'the key is too long' };
  const wanted = curve === undefined ? undefined : curveOf(curve);
  if (curve !== undefined && wanted === undefined) return { ok: false, reason: `the curve "${curve}" is not known` };
  const key = keyIn(text, wanted, 0);
  if (key === undefined)
    return {
      ok: false,
      reason: `this is no public key on ${wanted?.name ?? 'a curve of OCMF'}: PEM, DER or a point, as hexadecimal or base64`,
    };
  if (wanted !== undefined && key.curve !== wanted)
    return { ok: false, reason: `the key is on ${key.curve.name}, not on ${wanted.name}` };
  return { ok: true, key };
}
