const HEX = /^(?:[0-9a-f]{2})+$/i;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Bytes of hexadecimal text; undefined for anything else. */
export const fromHex = (text: string): Buffer | undefined => (HEX.test(text) ? Buffer.from(text, 'hex') : undefined);

/** Bytes of base64 text, padded or not; undefined where anything else stands in it. */
export const fromBase64 = (text: string): Buffer | undefined => {
  const bare = text.replace(/=+$/, '');
  if (!BASE64.test(text) || bare.length % 4 === 1) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64').replace(/=+$/, '') === bare ? bytes : undefined;
};

/** Text of bytes that are UTF-8; undefined where they are not. */
export const fromUtf8 = (bytes: Buffer): string | undefined => {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
};
