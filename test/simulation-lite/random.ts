/** Numbers that a seed repeats: mulberry32. */
export interface Random {
  /** From 0 to below `most`. */
  below(most: number): number;
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(of: readonly T[]): T;
}

export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  // The first numbers of neighbouring seeds are alike.
  for (let n = 0; n < 4; n += 1) next();
  const below = (most: number) => Math.floor(next() * most);
  return {
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => next() < probability,
    pick: (of) => of[below(of.length)]!,
  };
}
