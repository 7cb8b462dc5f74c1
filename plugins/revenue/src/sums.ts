import { decimalOf, type Decimal, minorDigits, toMoney } from '@plugga/kit';

/** Whole minor units of one currency. */
export interface Sums {
  readonly excl: bigint;
  readonly vat: bigint;
  readonly incl: bigint;
}

export const zero: Sums = { excl: 0n, vat: 0n, incl: 0n };
export const plus = (a: Sums, b: Sums): Sums => ({ excl: a.excl + b.excl, vat: a.vat + b.vat, incl: a.incl + b.incl });
export const minus = (a: Sums, b: Sums): Sums => ({ excl: a.excl - b.excl, vat: a.vat - b.vat, incl: a.incl - b.incl });
export const isZero = ({ excl, vat, incl }: Sums): boolean => excl === 0n && vat === 0n && incl === 0n;

export interface Decimals {
  readonly exclVat: Decimal;
  readonly vat: Decimal;
  readonly inclVat: Decimal;
}

/** Prices come once a second a session: text with the currency's own decimals is read without arithmetic. */
const minorOf = (currency: string, value: Decimal): bigint => {
  const digits = minorDigits(currency);
  const point = value.indexOf('.');
  const decimals = point === -1 ? 0 : value.length - point - 1;
  if (decimals !== digits) return toMoney({ currency, value }).minor;
  return BigInt(point === -1 ? value : value.slice(0, point) + value.slice(point + 1));
};

export const sumsOf = (currency: string, { exclVat, vat, inclVat }: Decimals): Sums => ({
  excl: minorOf(currency, exclVat),
  vat: minorOf(currency, vat),
  incl: minorOf(currency, inclVat),
});

/** As the API shows amounts. */
export const shownSums = (currency: string, { excl, vat, incl }: Sums): Decimals => {
  const shown = (minor: bigint): Decimal => decimalOf({ currency, minor });
  return { exclVat: shown(excl), vat: shown(vat), inclVat: shown(incl) };
};
