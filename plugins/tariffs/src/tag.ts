import { createHash } from 'node:crypto';

const LENGTH = 16;

/** An entity tag: another content has another one. */
export const tagOf = (content: unknown): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('base64url').slice(0, LENGTH);
