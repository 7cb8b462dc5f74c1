import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import { fail, type Random } from '@plugga/kit';

/** What a secret of the settings is in the database. */
export interface Sealed {
  /** `v1.<iv>.<text>.<tag>`, base64url. */
  readonly sealed: string;
}
export const isSealed = (value: unknown): value is Sealed =>
  typeof value === 'object' && value !== null && 'sealed' in value && typeof value.sealed === 'string';

/** Seals texts with AES-256-GCM, each bound to its place: taken to another tenant, plugin or field it does not open. */
export interface Vault {
  seal(text: string, place: readonly string[]): Sealed;
  /** Throws `plugin-failed` for what was sealed with another installation's secret, or for another place. */
  open(sealed: Sealed, place: readonly string[]): string;
}

const cipher = 'aes-256-gcm';
const tagBytes = 16;

/** The key follows from the installation's secret by HKDF-SHA-256 (RFC 5869) and serves nothing else. */
export function vaultOf(secret: Uint8Array, random: Random): Vault {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'plugga: secrets of plugin settings, v1', 32));
  return {
    seal(text, place) {
      const iv = random.bytes(12); // NIST SP 800-38D 8.2.2: random, 96 bits
      const sealing = createCipheriv(cipher, key, iv, { authTagLength: tagBytes }).setAAD(placeOf(place));
      const parts = [iv, Buffer.concat([sealing.update(text, 'utf8'), sealing.final()]), sealing.getAuthTag()];
      return { sealed: ['v1', ...parts.map((part) => Buffer.from(part).toString('base64url'))].join('.') };
    },
    open({ sealed }, place) {
      const [version, ...parts] = sealed.split('.');
      const [iv, text, tag] = parts.map((part) => Buffer.from(part, 'base64url'));
      try {
        if (version !== 'v1' || !iv || !text || !tag) throw fail('broken-assumption', 'it is not of version 1');
        const opening = createDecipheriv(cipher, key, iv, { authTagLength: tagBytes });
        opening.setAAD(placeOf(place)).setAuthTag(tag);
        return Buffer.concat([opening.update(text), opening.final()]).toString('utf8');
      } catch (cause) {
        const where = place.join('.');
        throw fail('plugin-failed', `the secret ${where} cannot be read: write it again`, { cause });
      }
    },
  };
}

const placeOf = (place: readonly string[]): Buffer => Buffer.from(JSON.stringify(place));
