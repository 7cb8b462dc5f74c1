import type { Random } from './plugin.ts';

/** 128 random bits in the URL-safe alphabet: ids that cannot be guessed and need no coordination. */
export const newId = (random: Random): string => Buffer.from(random.bytes(16)).toString('base64url');
