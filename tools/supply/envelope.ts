import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

/** DSSE v1: a payload and who signed it. https://github.com/secure-systems-lab/dsse */
export interface Envelope {
  readonly payloadType: string;
  readonly payload: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

const payloadType = 'application/vnd.in-toto+json';

/** Signs with an Ed25519 key (PEM, PKCS #8), as `openssl genpkey -algorithm ed25519` makes one. */
export const sealed = (payload: string, privatePem: string): Envelope => {
  const key = ed25519(() => createPrivateKey(privatePem));
  const sig = sign(null, preAuthentication(payloadType, Buffer.from(payload)), key).toString('base64');
  const keyid = keyIdOf(createPublicKey(key));
  return { payloadType, payload: Buffer.from(payload).toString('base64'), signatures: [{ keyid, sig }] };
};

/** The payload, when one of the signatures is by this key (PEM, SubjectPublicKeyInfo); else undefined. */
export const opened = ({ payloadType, payload, signatures }: Envelope, publicPem: string): string | undefined => {
  const key = ed25519(() => createPublicKey(publicPem));
  const bytes = Buffer.from(payload, 'base64');
  const signed = preAuthentication(payloadType, bytes);
  return signatures.some(({ sig }) => verify(null, signed, key, Buffer.from(sig, 'base64')))
    ? bytes.toString('utf8')
    : undefined;
};

/** Who a signature says that it is by: a hint, proven by `opened` only. */
const keyIdOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');

const ed25519 = (read: () => KeyObject): KeyObject => {
  let key: KeyObject;
  try {
    key = read();
  } catch (cause) {
    throw new Error('the key is no PEM that can be read', { cause });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`the key is ${key.asymmetricKeyType}, Ed25519 is needed`);
  return key;
};

/** PAE of DSSE: type and payload with their lengths, so that neither can be taken for a part of the other. */
const preAuthentication = (type: string, payload: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `), payload]);
