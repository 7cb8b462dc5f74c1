import { failTariff } from '../errors.ts';

/** An exact number: n/d, d > 0, not always in lowest terms. Hours of 3600 seconds do not end as decimals. */
export interface Ratio {
  readonly n: bigint;
  readonly d: bigint;
}

export const zero: Ratio = { n: 0n, d: 1n };
export const one: Ratio = { n: 1n, d: 1n };

export const whole = (value: number | bigint): Ratio => ({ n: BigInt(value), d: 1n });
export const ratio = (n: number | bigint, d: number | bigint): Ratio => ({ n: BigInt(n), d: BigInt(d) });

const powers: bigint[] = [1n];
const tens = (places: number): bigint => (powers[places] ??= 10n ** BigInt(places));

const decimal = /^(-?)(\d{1,30})(?:\.(\d{1,30}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** Of "4.9875", "-2", "1e-4". */
export function parseRatio(text: string): Ratio {
  const found = decimal.exec(text);
  if (found === null) throw failTariff('tariff-invalid', `"${text}" is not a decimal number`);
  const [, sign, integer = '', fraction = '', exponent = '0'] = found;
  const digits = BigInt(integer + fraction);
  const places = fraction.length - Number(exponent);
  const n = places < 0 ? digits * tens(-places) : digits;
  return { n: sign === '-' ? -n : n, d: places > 0 ? tens(places) : 1n };
}

const gcd = (a: bigint, b: bigint): bigint => {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
};

const lowest = ({ n, d }: Ratio): Ratio => {
  if (d === 1n) return { n, d };
  const common = gcd(n, d);
  return common === 1n ? { n, d } : { n: n / common, d: d / common };
};

export const plus = (a: Ratio, b: Ratio): Ratio =>
  a.d === b.d
    ? { n: a.n + b.n, d: a.d }
    : a.n === 0n
      ? b
      : b.n === 0n
        ? a
        : lowest({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
export const minus = (a: Ratio, b: Ratio): Ratio => plus(a, { n: -b.n, d: b.d });
export const times = (a: Ratio, b: Ratio): Ratio => ({ n: a.n * b.n, d: a.d * b.d });
/** Of what is not 0. */
export const over = (a: Ratio, b: Ratio): Ratio =>
  b.n < 0n ? { n: -a.n * b.d, d: -a.d * b.n } : { n: a.n * b.d, d: a.d * b.n };

/** Below 0, 0 or above. */
export const compare = (a: Ratio, b: Ratio): number => {
  const [left, right] = a.d === b.d ? [a.n, b.n] : [a.n * b.d, b.n * a.d];
  return left < right ? -1 : left > right ? 1 : 0;
};
export const least = (a: Ratio, b: Ratio): Ratio => (compare(a, b) <= 0 ? a : b);
export const most = (a: Ratio, b: Ratio): Ratio => (compare(a, b) >= 0 ? a : b);
export const isZero = ({ n }: Ratio): boolean => n === 0n;
export const sumOf = (values: readonly Ratio[]): Ratio => values.reduce(plus, zero);

/** Up to the next whole number. */
export const ceil = ({ n, d }: Ratio): bigint => (n >= 0n ? (n + d - 1n) / d : n / d);

/** Half away from zero: "0.0313" of 1/32 with four places. */
export function toFixed({ n, d }: Ratio, places: number): string {
  const negative = n < 0n;
  const scaled = (2n * (negative ? -n : n) * tens(places) + d) / (2n * d);
  const digits = scaled.toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return negative && scaled !== 0n ? `-${text}` : text;
}

/** As a decimal where it ends, with at most `places`, without trailing zeros. */
export const toDecimal = (value: Ratio, places: number): string => {
  const text = toFixed(value, places);
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
  return short === '-0' ? '0' : short;
};

/** Exact: "4.9875", or "61/60" where the decimal does not end. */
export function toText(value: Ratio): string {
  const { n, d } = lowest(value);
  let rest = d;
  let places = 0;
  let twos = 0;
  while (rest % 2n === 0n) [rest, twos] = [rest / 2n, twos + 1];
  while (rest % 5n === 0n) [rest, places] = [rest / 5n, places + 1];
  return rest === 1n ? toDecimal({ n, d }, Math.max(places, twos)) : `${n}/${d}`;
}
