/** As we write it, in 1.6 and in 2.x: each with the members in our own order. */
const SECRETS: readonly (readonly [name: Buffer, value: RegExp])[] = [
  [Buffer.from('AuthorizationKey'), /("key"\s*:\s*"AuthorizationKey"\s*,\s*"value"\s*:\s*")[^"]*(")/gi],
  [
    Buffer.from('BasicAuthPassword'),
    /("variable"\s*:\s*\{\s*"name"\s*:\s*"BasicAuthPassword"\s*\}\s*,\s*"attributeValue"\s*:\s*")[^"]*(")/gi,
  ],
];

/** What we send is kept as it went out, but for a station's new key, which nobody is to read again. */
export const withoutSecrets = (bytes: Uint8Array): Uint8Array => {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = SECRETS.find(([name]) => frame.includes(name));
  return found === undefined ? bytes : Buffer.from(frame.toString('utf8').replaceAll(found[1], '$1***$2'), 'utf8');
};
