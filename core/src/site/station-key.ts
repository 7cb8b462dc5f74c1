import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Random } from '../ports.ts';

/** The key of OCPP's security profiles 1 and 2: 20 random bytes, shown once as 40 hex digits (1.6 security whitepaper, A00.FR.205). */
export const makeStationKey = (random: Random): string => Buffer.from(random.bytes(20)).toString('hex');

export interface KeyHash {
  readonly hash: Uint8Array;
  readonly salt: Uint8Array;
}

export function hashStationKey(key: string, secret: Uint8Array, random: Random): KeyHash {
  const salt = random.bytes(16);
  return { salt, hash: digest(Buffer.from(key, 'utf8'), salt, secret) };
}

/** Whether the presented password is the key, sent as its bytes or as hex text: stations do both. */
export const isStationKey = (presented: Uint8Array, stored: KeyHash, secret: Uint8Array): boolean =>
  timingSafeEqual(digest(presented, stored.salt, secret), stored.hash);

const digest = (key: Uint8Array, salt: Uint8Array, secret: Uint8Array): Buffer =>
  createHmac('sha256', secret).update(salt).update(bytesOf(key)).digest();

/** Hex text stands for its bytes, whoever wrote it: the operator, or a station that did not decode it. */
function bytesOf(key: Uint8Array): Uint8Array {
  const text = Buffer.from(key).toString('latin1');
  return /^([0-9a-f]{2}){8,}$/i.test(text) ? Buffer.from(text, 'hex') : key;
}
