import { Big } from 'big.js';
import { z } from 'zod';
import type { Decimal } from './domain.ts';
import { fail } from './errors.ts';

/** Invoiced, paid, booked: whole minor units. */
export interface Money {
  readonly currency: string;
  readonly minor: bigint;
}

/** Prices, running cost and price results: exact. */
export interface Amount {
  readonly currency: string;
  readonly value: Decimal;
}

const digits = new Map<string, number>();
/** How many decimals the currency's minor unit has (ISO 4217): 2 for SEK and EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  let known = digits.get(currency);
  if (known === undefined) {
    if (!/^[A-Z]{3}$/.test(currency)) throw fail('invalid-currency', `"${currency}" is not an ISO 4217 currency code`);
    known = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
    digits.set(currency, known);
  }
  return known;
}

/** Rounds half away from zero to the currency's minor unit. */
export function toMoney({ currency, value }: Amount): Money {
  const exact = new Big(value).times(new Big(10).pow(minorDigits(currency)));
  return { currency, minor: BigInt(exact.round(0, Big.roundHalfUp).toFixed(0)) };
}

/** `{ SEK, 1234n }` is "12.34". */
export function decimalOf({ currency, minor }: Money): Decimal {
  const places = minorDigits(currency);
  return new Big(minor.toString()).div(new Big(10).pow(places)).toFixed(places);
}

export const decimalText = z.string().regex(/^-?\d{1,20}(\.\d{1,20})?$/, 'a decimal number as text, such as "4.99"');
export const currencyCode = z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 currency code');

/** Decimal string in major units outside, bigint minor units inside. */
export const moneyCodec = z.codec(
  z.object({ currency: currencyCode, amount: decimalText }),
  z.object({ currency: currencyCode, minor: z.bigint() }),
  {
    decode: ({ currency, amount }) => toMoney({ currency, value: amount }) as { currency: string; minor: bigint },
    encode: (money) => ({ currency: money.currency, amount: decimalOf(money) }),
  },
);
