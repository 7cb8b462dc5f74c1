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
