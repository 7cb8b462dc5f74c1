import { record } from '../../ocpp16/command.ts';
import { type Exact, exact, int, none, over, plus, times } from './exact.ts';

type Given = Readonly<Record<string, unknown>>;

/** Parts of a tariff that a transaction is priced by; what a reservation costs is not reckoned. */
export const parts = ['energy', 'chargingTime', 'idleTime', 'fixedFee'] as const;
export type Part = (typeof parts)[number];

export interface Price {
  readonly price: Exact;
  readonly when: Given;
}
/** The prices of a part, the first that holds counts, and what all of them are taxed with. */
export interface Prices {
  readonly prices: readonly Price[];
  /** With tax it is so many times as much. */
  readonly gross: Exact;
  readonly taxRates?: readonly unknown[];
}
/** A tariff that a station can reckon with. */
export interface Reckonable {
  readonly id: string;
  readonly currency: string;
  readonly of: Readonly<Partial<Record<Part, Prices>>>;
  readonly min?: Bound;
  readonly max?: Bound;
}
export interface Bound {
  readonly net?: Exact;
  readonly gross?: Exact;
}

const names: Readonly<Record<Part, string>> = {
  ...{ energy: 'priceKwh', chargingTime: 'priceMinute', idleTime: 'priceMinute', fixedFee: 'priceFixed' },
};
const hundred = int(100);
const listOf = (value: unknown): readonly Given[] =>
  (Array.isArray(value) ? value : []).map((one: unknown) => record(one) ?? {});

/** Taxes of one stack are on the same base, the next stack is on top of them (TaxRateType.stack). */
const grossOf = (rates: readonly Given[]): Exact => {
  const stacks = new Map<number, Exact>();
  for (const { stack = 0, tax } of rates)
    stacks.set(Number(stack), plus(stacks.get(Number(stack)) ?? none, exact(tax) ?? none));
  return [...stacks.values()].reduce((gross, tax) => times(gross, over(plus(hundred, tax), hundred)), int(1));
};
const boundOf = (given: unknown): Bound | undefined => {
  const [net, gross] = [exact(record(given)?.['exclTax']), exact(record(given)?.['inclTax'])];
  if (net === undefined && gross === undefined) return undefined;
  return { ...(net === undefined ? {} : { net }), ...(gross === undefined ? {} : { gross }) };
};

/** A tariff of the wire (OCPP 2.1, TariffType). A price that is no number counts as none. */
export const reckonable = (given: Given): Reckonable => {
  const of: Partial<Record<Part, Prices>> = {};
  for (const part of parts) {
    const said = record(given[part]);
    if (said === undefined) continue;
    const taxRates = listOf(said['taxRates']);
    const prices = listOf(said['prices']).flatMap((one) => {
      const price = exact(one[names[part]]);
      return price === undefined ? [] : [{ price, when: record(one['conditions']) ?? {} }];
    });
    of[part] = { prices, gross: grossOf(taxRates), ...(taxRates.length === 0 ? {} : { taxRates }) };
  }
  const [min, max] = [boundOf(given['minCost']), boundOf(given['maxCost'])];
  return {
    ...{ id: String(given['tariffId']), currency: String(given['currency']), of },
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
};
