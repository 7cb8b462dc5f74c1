/** A value of DER (X.690), as tests write it. */
export function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...head]), value]);
}
export const seq = (...values: readonly Buffer[]): Buffer => tlv(0x30, Buffer.concat(values));
export const explicit = (n: number, value: Buffer): Buffer => tlv(0xa0 + n, value);
export const integer = (bytes: Buffer): Buffer => tlv(0x02, bytes);
export const time = (ms: number): Buffer =>
  tlv(0x18, Buffer.from(`${new Date(ms).toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`));

export function oid(text: string): Buffer {
  const [a = 0, b = 0, ...rest] = text.split('.').map(Number);
  const bytes = rest.flatMap((n) => {
    const groups = [n & 127];
    for (let left = n >> 7; left > 0; left >>= 7) groups.unshift((left & 127) | 128);
    return groups;
  });
  return tlv(0x06, Buffer.from([a * 40 + b, ...bytes]));
}
