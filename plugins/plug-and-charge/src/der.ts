/** One value of DER (X.690), as far as certificates and OCSP need it. */
export interface Der {
  /** `0x30` for a SEQUENCE, `0xa0` for what is marked [0]. */
  readonly tag: number;
  /** With tag and length, as it stands there. */
  readonly raw: Uint8Array;
  readonly content: Uint8Array;
  readonly children: readonly Der[];
}

const DEEPEST = 24;
const CONSTRUCTED = 0x20;

/** The value that begins there; undefined where its length is not of DER or reaches beyond the end. */
function valueAt(bytes: Uint8Array, from: number, depth: number): Der | undefined {
  const [tag, first] = bytes.subarray(from, from + 2);
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || depth > DEEPEST) return undefined;
  const size = first < 0x80 ? 0 : first & 0x7f;
  // 0x80 is a length that is not known beforehand: BER, not DER.
  if (first === 0x80 || size > 3) return undefined;
  const begins = from + 2 + size;
  const length = size === 0 ? first : bytes.subarray(from + 2, begins).reduce((sum, byte) => sum * 256 + byte, 0);
  if (begins + length > bytes.length) return undefined;
  const content = bytes.subarray(begins, begins + length);
  const children = (tag & CONSTRUCTED) === 0 ? [] : valuesIn(content, depth + 1);
  return children && { tag, raw: bytes.subarray(from, begins + length), content, children };
}

function valuesIn(bytes: Uint8Array, depth: number): readonly Der[] | undefined {
  const values: Der[] = [];
  for (let from = 0; from < bytes.length;) {
    const value = valueAt(bytes, from, depth);
    if (value === undefined) return undefined;
    values.push(value);
    from += value.raw.length;
  }
  return values;
}

/** Reads DER; undefined where it is none, or more than one value. */
export const readDer = (bytes: Uint8Array): Der | undefined => {
  const value = valueAt(bytes, 0, 0);
  return value?.raw.length === bytes.length ? value : undefined;
};

const child = (of: Der | undefined, at: number): Der | undefined => of?.children[at];
/** The value that is reached by going to the nth child, and so on. */
export const at = (of: Der | undefined, ...path: readonly number[]): Der | undefined => path.reduce(child, of);
export const tagged = (of: Der | undefined, tag: number): Der | undefined => of?.children.find((it) => it.tag === tag);
/** The bits of a BIT STRING that has none to spare. */
export const bitsOf = (of: Der | undefined): Uint8Array | undefined =>
  of?.tag === 0x03 ? of.content.subarray(1) : undefined;

/** 1.3.6.1.…; empty where it is none. */
export const oidOf = (of: Der | undefined): string => {
  if (of?.tag !== 0x06) return '';
  const parts: number[] = [];
  let n = 0;
  for (const byte of of.content) {
    n = n * 128 + (byte & 127);
    if (byte < 128) {
      parts.push(n);
      n = 0;
    }
  }
  const [first = 0, ...rest] = parts;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - top * 40, ...rest].join('.');
};

/** GeneralizedTime as DER writes it: 20300131235959Z. */
export const timeOf = (of: Der | undefined): number => {
  const digits =
    of?.tag === 0x18
      ? /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(Buffer.from(of.content).toString('latin1'))
      : null;
  if (digits === null) return NaN;
  const [y, mo, d, h, mi, s] = digits.slice(1).map(Number);
  return Date.UTC(y!, mo! - 1, d, h, mi, s);
};

// ---- what is written: tag, length, value ----

const tlv = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const value = Buffer.concat(parts);
  const { length } = value;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Uint8Array.from([tag, ...head]), value]);
};
export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => tlv(0x30, ...parts);
export const octets = (bytes: Uint8Array): Uint8Array => tlv(0x04, bytes);
export const integer = (bytes: Uint8Array): Uint8Array => tlv(0x02, bytes);
export const objectId = (content: Uint8Array): Uint8Array => tlv(0x06, content);
export const NULL = Uint8Array.from([0x05, 0x00]);
