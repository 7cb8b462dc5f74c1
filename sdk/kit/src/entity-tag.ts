import { fail } from './errors.ts';

const OFFSET = 0xcb_f2_9c_e4_84_22_23_25n;
const PRIME = 0x1_00_00_00_01_b3n;

/** An entity tag: another content has another one (FNV-1a of 64 bits, of its JSON). */
export function tagOf(content: unknown): string {
  let hash = OFFSET;
  for (const byte of Buffer.from(JSON.stringify(content))) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  return hash.toString(36);
}

/** Whether a change may be made: it is conditional on nothing, or on the tag that the thing has now. */
export const isUnchanged = (ifMatch: string | undefined, now: string | undefined): boolean =>
  ifMatch === undefined || ifMatch === now;

/** Throws `changed-meanwhile` where a change is conditional on a tag that the thing has no more; `now` is its tag, if it is there. */
export function unchanged(ifMatch: string | undefined, now: string | undefined, what: string): void {
  if (isUnchanged(ifMatch, now)) return;
  const has = now === undefined ? 'is not there' : `has the tag "${now}"`;
  throw fail('changed-meanwhile', `${what} ${has}, and the change is to one with "${ifMatch}"`);
}

/** The tag in an `If-Match`: `W/"3"` and `"3"` are one, a compressed answer carries the weak one. `*` asks for nothing in particular. */
export const ifMatchOf = (header: string | undefined): string | undefined =>
  header === undefined || header.trim() === '*' ? undefined : header.trim().replace(/^(W\/)?"(.*)"$/, '$2');
