import { redact } from '../redact.ts';

/** As we write it, in 1.6 and in 2.x: each with the members in our own order. */
const SECRETS: readonly (readonly [name: Buffer, value: RegExp])[] = [
  [Buffer.from('AuthorizationKey'), /("key"\s*:\s*"AuthorizationKey"\s*,\s*"value"\s*:\s*")[^"]*(")/gi],
  [
    Buffer.from('BasicAuthPassword'),
    /("variable"\s*:\s*\{\s*"name"\s*:\s*"BasicAuthPassword"\s*\}\s*,\s*"attributeValue"\s*:\s*")[^"]*(")/gi,
  ],
];

const NETWORK = Buffer.from('SetNetworkProfile');
/** Of a network profile: what it is let into networks with. */
const withoutNetworkSecrets = (frame: Buffer): Uint8Array => {
  try {
    return Buffer.from(JSON.stringify(redact(JSON.parse(frame.toString('utf8')))), 'utf8');
  } catch {
    // We write JSON; what is none is not kept.
    return NETWORK;
  }
};

/** What we send is kept as it went out, but for keys and passwords, which nobody is to read again. */
export const withoutSecrets = (bytes: Uint8Array): Uint8Array => {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (frame.includes(NETWORK)) return withoutNetworkSecrets(frame);
  const found = SECRETS.find(([name]) => frame.includes(name));
  return found === undefined ? bytes : Buffer.from(frame.toString('utf8').replaceAll(found[1], '$1***$2'), 'utf8');
};

const OF_DRIVERS = Buffer.from('NotifyCustomerInformation');
const HIDDEN = '***';
/** Members of it that say nothing of the driver. */
const SHOWN: readonly string[] = ['requestId', 'seqNo', 'tbc', 'generatedAt'];

/** What a station sends is kept as it came, but for what it keeps of a driver, which goes to who asked for it alone. */
export const withoutDrivers = (bytes: Uint8Array): Uint8Array => {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = frame.indexOf(OF_DRIVERS);
  if (at < 0) return bytes;
  try {
    const said: unknown = JSON.parse(frame.toString('utf8'));
    if (!Array.isArray(said) || said[2] !== OF_DRIVERS.toString()) return bytes;
    const shown = Object.entries((said[3] ?? {}) as object).filter(([name]) => SHOWN.includes(name));
    const payload = { ...Object.fromEntries(shown), data: HIDDEN };
    return Buffer.from(JSON.stringify([...said.slice(0, 3), payload]), 'utf8');
  } catch {
    // Cut off or garbled: what comes before the name is no driver's.
    return Buffer.concat([frame.subarray(0, at + OF_DRIVERS.length), Buffer.from(HIDDEN)]);
  }
};
