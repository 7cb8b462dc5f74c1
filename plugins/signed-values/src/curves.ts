/** One curve that OCMF signs with (OCMF 1.4, table 22), and those next to it that meters of today use. */
export interface Curve {
  /** As OpenSSL calls it. */
  readonly name: string;
  /** Bytes of one coordinate; a raw signature is two numbers of that length. */
  readonly size: number;
  /** The body of its object identifier, hexadecimal. */
  readonly oid: string;
  /** What else it is called in `SA`, in lower case without `-`, `_` and the `p` of brainpool. */
  readonly aliases: readonly string[];
}

export const curves: readonly Curve[] = [
  { name: 'secp192k1', size: 24, oid: '2b8104001f', aliases: ['secp192k1'] },
  { name: 'secp256k1', size: 32, oid: '2b8104000a', aliases: ['secp256k1'] },
  { name: 'prime192v1', size: 24, oid: '2a8648ce3d030101', aliases: ['secp192r1', 'prime192v1', 'nistp192', 'p192'] },
  { name: 'prime256v1', size: 32, oid: '2a8648ce3d030107', aliases: ['secp256r1', 'prime256v1', 'nistp256', 'p256'] },
  { name: 'brainpoolP256r1', size: 32, oid: '2b2403030208010107', aliases: ['brainpool256r1'] },
  { name: 'secp384r1', size: 48, oid: '2b81040022', aliases: ['secp384r1', 'prime384v1', 'nistp384', 'p384'] },
  { name: 'brainpoolP384r1', size: 48, oid: '2b240303020801010b', aliases: ['brainpool384r1'] },
  { name: 'secp521r1', size: 66, oid: '2b81040023', aliases: ['secp521r1', 'nistp521', 'p521'] },
  { name: 'brainpoolP512r1', size: 64, oid: '2b240303020801010d', aliases: ['brainpool512r1'] },
];

const plain = (name: string): string => name.toLowerCase().replaceAll(/[-_ ]/g, '').replace('brainpoolp', 'brainpool');

/** By any of its names. */
export const curveOf = (name: string): Curve | undefined =>
  curves.find((it) => it.aliases.includes(plain(name)) || it.name === name);

/** What a record says it was signed with: `ECDSA-secp256r1-SHA256`. */
export interface Algorithm {
  readonly curve: Curve;
  readonly hash: 'sha256' | 'sha384' | 'sha512';
}

const NAMED = /^ECDSA-(.{1,40})-SHA-?(256|384|512)$/i;

export const algorithmOf = (name: string): Algorithm | undefined => {
  const [, curveName = '', bits] = NAMED.exec(name.trim()) ?? [];
  const curve = curveOf(curveName);
  return curve === undefined ? undefined : { curve, hash: `sha${bits}` as Algorithm['hash'] };
};
