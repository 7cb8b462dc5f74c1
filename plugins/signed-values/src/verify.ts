import { verify } from 'node:crypto';
import type { SignedReason } from '@plugga/kit';
import { fromBase64, fromHex } from './bytes.ts';
import { type Algorithm, algorithmOf } from './curves.ts';
import type { Ocmf } from './ocmf.ts';
import type { PublicKey } from './public-key.ts';

/** What is said of one record alone. */
export type RecordCheck =
  | { readonly result: 'verified'; readonly reasons: readonly []; readonly key: PublicKey }
  | { readonly result: 'failed' | 'unverified'; readonly reasons: readonly SignedReason[] };

const bytesOf = ({ encoding, data }: Ocmf['signature']): Buffer | undefined => {
  const read = { hex: fromHex, base64: fromBase64 }[encoding.toLowerCase()];
  return read?.(data.replaceAll(/\s/g, ''));
};

/**
 * The two numbers of a DER signature as the curve's bytes, one after the other: SEQUENCE { INTEGER r, INTEGER s }. Numbers are
 * read without a sign: there are meters that leave out the zero before a high bit, and OpenSSL takes those for negative.
 */
function numbersOf(der: Buffer, size: number): Buffer | undefined {
  const long = der[1] === 0x81 ? 1 : 0;
  const length = der[1 + long];
  if (der[0] !== 0x30 || length === undefined || length !== der.length - 2 - long) return undefined;
  const numbers = Buffer.alloc(2 * size);
  let at = 2 + long;
  for (const last of [size, 2 * size]) {
    const end = at + 2 + (der[at + 1] ?? 0);
    if (der[at] !== 0x02 || end > der.length) return undefined;
    const digits = der.subarray(at + 2, end);
    const first = digits.findIndex((it) => it !== 0);
    const number = first < 0 ? digits.subarray(0, 0) : digits.subarray(first);
    if (number.length > size) return undefined;
    number.copy(numbers, last - number.length);
    at = end;
  }
  return at === der.length ? numbers : undefined;
}

/** DER as the standard says, or the two numbers one after the other, as some meters write them. */
const isSignedBy = (record: Ocmf, algorithm: Algorithm, signature: Buffer, key: PublicKey): boolean => {
  const { curve, hash } = algorithm;
  if (key.curve !== curve) return false;
  const payload = Buffer.from(record.payload, 'utf8');
  const forms = [numbersOf(signature, curve.size), signature.length === 2 * curve.size ? signature : undefined];
  return forms.some(
    (numbers) => numbers !== undefined && verify(hash, payload, { key: key.key, dsaEncoding: 'ieee-p1363' }, numbers),
  );
};

/**
 * Whether a record was signed by one of the registered keys of its meter. `told` are keys that stand with the record or that the
 * station tells: they prove nothing, and only help to say why it is not so.
 */
export function checkRecord(
  record: Ocmf,
  registered: readonly PublicKey[],
  told: readonly PublicKey[] = [],
): RecordCheck {
  const algorithm = algorithmOf(record.signature.algorithm);
  if (algorithm === undefined)
    return unverified('unknown-algorithm', `"${record.signature.algorithm.slice(0, 60)}" is not known`);
  const signature = bytesOf(record.signature);
  if (signature === undefined)
    return unverified('unreadable', `the signature is not ${record.signature.encoding.slice(0, 20)}`);
  const isBy = (key: PublicKey): boolean => isSignedBy(record, algorithm, signature, key);
  const meter = record.meter === undefined ? 'a meter that it does not name' : `meter ${record.meter}`;
  const stranger = told.find((key) => !registered.some((it) => it.fingerprint === key.fingerprint) && isBy(key));
  const by = stranger && `it is signed by the key ${stranger.fingerprint.slice(0, 16)}…, which only the station tells`;
  if (registered.length === 0)
    return unverified('no-key', `no key of ${meter} is registered for that time${by === undefined ? '' : `; ${by}`}`);
  const key = registered.find(isBy);
  if (key !== undefined) return { result: 'verified', reasons: [], key };
  if (by !== undefined) return failed('wrong-key', `${by}; not by a registered one of ${meter}`);
  const curves = [...new Set(registered.map((it) => it.curve))];
  if (!curves.includes(algorithm.curve))
    return failed('wrong-key', `signed on ${algorithm.curve.name}; the key of ${meter} is on ${curves[0]?.name}`);
  return failed(
    'tampered',
    `the payload or signature was changed, or it was signed with another key than that of ${meter}`,
  );
}

const unverified = (code: SignedReason['code'], detail: string): RecordCheck => ({
  result: 'unverified',
  reasons: [{ code, detail }],
});
const failed = (code: SignedReason['code'], detail: string): RecordCheck => ({
  result: 'failed',
  reasons: [{ code, detail }],
});
