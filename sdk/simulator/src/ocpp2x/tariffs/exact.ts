/**
 * An exact number: n/d with d > 0. Money and what it is reckoned from are never binary fractions. Of the simulator's own: what it
 * shared with who prices would prove nothing.
 */
export interface Exact {
  readonly n: bigint;
  readonly d: bigint;
}

const written = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i;

const gcd = (a: bigint, b: bigint): bigint => {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
};
const lowest = (n: bigint, d: bigint): Exact => {
  const common = d === 1n ? 1n : gcd(n, d);
  return { n: n / common, d: d / common };
};

/** Of a number of JSON as it was written there: 0.1 is a tenth. Undefined: it is none. */
export const exact = (value: unknown): Exact | undefined => {
  const found = typeof value === 'number' ? written.exec(String(value)) : null;
  if (found === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = found;
  const digits = BigInt(`${sign}${whole}${fraction}`);
  const places = fraction.length - Number(exponent);
  return places < 0 ? lowest(digits * 10n ** BigInt(-places), 1n) : lowest(digits, 10n ** BigInt(places));
};
/** A whole number. */
export const int = (value: number): Exact => ({ n: BigInt(value), d: 1n });
export const none = int(0);

export const plus = (a: Exact, b: Exact): Exact =>
  a.d === b.d ? lowest(a.n + b.n, a.d) : lowest(a.n * b.d + b.n * a.d, a.d * b.d);
export const minus = (a: Exact, b: Exact): Exact => plus(a, { n: -b.n, d: b.d });
export const times = (a: Exact, b: Exact): Exact => lowest(a.n * b.n, a.d * b.d);
/** Of what is above 0. */
export const over = (a: Exact, b: Exact): Exact => lowest(a.n * b.d, a.d * b.n);
/** Below 0, 0 or above. */
export const compare = (a: Exact, b: Exact): number => {
  const [left, right] = [a.n * b.d, b.n * a.d];
  return left < right ? -1 : left > right ? 1 : 0;
};

/** As a decimal, half away from zero where it does not end, without trailing zeros. */
export const decimal = ({ n, d }: Exact, places: number): string => {
  const scaled = (2n * (n < 0n ? -n : n) * 10n ** BigInt(places) + d) / (2n * d);
  const digits = String(scaled).padStart(places + 1, '0');
  const text = `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, '');
  return n < 0n && scaled !== 0n ? `-${text}` : text;
};
