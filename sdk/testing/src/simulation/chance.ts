/** Numbers that a seed repeats. */
export interface Chance {
  /** From 0 to below `most`, whole. */
  below(most: number): number;
  between(low: number, high: number): number;
  /** True that often. */
  of(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(count: number): Uint8Array;
  /** Its own numbers: what one part draws changes nothing for another. */
  fork(name: string): Chance;
}

/** The state of sfc32 from a text: two texts that differ little give numbers that have nothing to do with each other. */
const stateOf = (text: string): [number, number, number, number] => {
  const state: [number, number, number, number] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x5f356495];
  for (const [at, char] of [...text].entries()) {
    const lane = at % 4;
    state[lane] = Math.imul(state[lane]! ^ char.charCodeAt(0), 0x85ebca6b + 2 * at);
    state[lane] = (state[lane]! << 13) | (state[lane]! >>> 19);
  }
  return state;
};

/** sfc32: 128 bits of state, so that no two seeds ever draw the same ids. */
export function chance(name: string): Chance {
  let [a, b, c, d] = stateOf(name);
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let n = 0; n < 20; n += 1) next();
  const below = (most: number): number => Math.floor((next() / 2 ** 32) * most);
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    of: (probability) => next() / 2 ** 32 < probability,
    pick: (from) => from[below(from.length)]!,
    bytes: (count) => {
      const drawn = new Uint8Array(count);
      for (let at = 0; at < count; at += 4) {
        let word = next();
        for (let n = at; n < Math.min(count, at + 4); n += 1, word >>>= 8) drawn[n] = word & 255;
      }
      return drawn;
    },
    fork: (other) => chance(`${name}/${other}`),
  };
}
