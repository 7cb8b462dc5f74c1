import { constants, type KeyObject, verify } from 'node:crypto';
import { certificateOf } from './certificates.ts';

/** Whether the signature (base64, over SHA-256) of a firmware image is of that certificate's key: ECDSA, RSA-PSS or RSA. */
export const isSignatureOf = (
  image: Buffer,
  signed: { readonly certificate: string; readonly signature: string },
): boolean => {
  const certificate = certificateOf(signed.certificate);
  if (certificate === undefined) return false;
  const signature = Buffer.from(signed.signature, 'base64');
  const key: KeyObject = certificate.publicKey;
  const checks =
    key.asymmetricKeyType === 'rsa'
      ? [{ key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_AUTO }, { key }]
      : [{ key }];
  return checks.some((one) => {
    try {
      return verify('sha256', image, one, signature);
    } catch {
      return false;
    }
  });
};
