export const medianOf = (all: readonly number[]): number => {
  const sorted = all.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** The median, and the least and most: `27.1 (25.9 to 30.2)`. */
export const spread = (all: readonly number[], digits: number): string =>
  `${medianOf(all).toFixed(digits)} (${Math.min(...all).toFixed(digits)} to ${Math.max(...all).toFixed(digits)})`;
