/** One value of DER (X.690): its first byte, where its content begins and where it ends. */
interface Value {
  readonly tag: number;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

const valueAt = (der: Buffer, at: number): Value => {
  const first = der.readUInt8(at + 1);
  if (first < 0x80) return { tag: der.readUInt8(at), at, from: at + 2, to: at + 2 + first };
  const size = first & 0x7f;
  const from = at + 2 + size;
  return { tag: der.readUInt8(at), at, from, to: from + der.readUIntBE(at + 2, size) };
};

/** The bytes of the issuer's name in a certificate, as they stand there: what its hash is made of (RFC 6960 section 4.1.1). */
export const issuerNameOf = (certificate: Buffer): Buffer => {
  const tbs = valueAt(certificate, valueAt(certificate, 0).from);
  let value = valueAt(certificate, tbs.from);
  if (value.tag === 0xa0) value = valueAt(certificate, value.to); // the version
  value = valueAt(certificate, value.to); // over the serial number to the algorithm
  value = valueAt(certificate, value.to);
  return certificate.subarray(value.at, value.to);
};

/** The key itself of a SubjectPublicKeyInfo: its BIT STRING without tag, length and count of unused bits. */
export const keyBitsOf = (spki: Buffer): Buffer => {
  const algorithm = valueAt(spki, valueAt(spki, 0).from);
  const bits = valueAt(spki, algorithm.to);
  return spki.subarray(bits.from + 1, bits.to);
};
