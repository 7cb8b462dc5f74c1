const NAME = Buffer.from('AuthorizationKey');
const VALUE = /("key"\s*:\s*"AuthorizationKey"\s*,\s*"value"\s*:\s*")[^"]*(")/gi;

/** What we send is kept as it went out, but for a station's new key, which nobody is to read again. */
export const withoutSecrets = (bytes: Uint8Array): Uint8Array => {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return frame.includes(NAME) ? Buffer.from(frame.toString('utf8').replaceAll(VALUE, '$1***$2'), 'utf8') : bytes;
};
