import type { Decimal, Iso } from './domain.ts';

/** When a price holds: by the wall clock of the place, and by what the transaction has come to. All that is named must be so. */
export interface PriceConditions {
  readonly startTimeOfDay?: string;
  /** "00:00" is the end of the day; before the start it is one of the next day. */
  readonly endTimeOfDay?: string;
  readonly dayOfWeek?: readonly ('Monday' | 'Tuesday' | 'Wednesday' | 'Thursday' | 'Friday' | 'Saturday' | 'Sunday')[];
  readonly validFromDate?: string;
  /** Exclusive. */
  readonly validToDate?: string;
  /** Wh so far. */
  readonly minEnergy?: Decimal;
  readonly maxEnergy?: Decimal;
  /** Amperes, the sum of all phases. */
  readonly minCurrent?: Decimal;
  readonly maxCurrent?: Decimal;
  /** Watts. */
  readonly minPower?: Decimal;
  readonly maxPower?: Decimal;
  /** Seconds of the whole transaction. */
  readonly minTime?: number;
  readonly maxTime?: number;
  /** Seconds of idle time so far. */
  readonly minIdleTime?: number;
  readonly maxIdleTime?: number;
}

/** Of the prices, without tax, the first whose conditions hold is the one; none: it is free. `taxPercent` is on all of them. */
export interface StationPrices {
  readonly prices: readonly { readonly price: Decimal; readonly conditions?: PriceConditions }[];
  readonly taxPercent?: Decimal;
}
export interface CostLimit {
  readonly exclTax?: Decimal;
  readonly inclTax?: Decimal;
}

/** A tariff by which a station reckons itself (OCPP 2.1), as far as one can be said to it. */
export interface StationTariff {
  /** Of 60 characters at most; another content has another id. */
  readonly id: string;
  readonly currency: string;
  readonly text?: readonly { readonly language: string; readonly text: string }[];
  readonly validFrom?: Iso;
  /** Per kWh. */
  readonly energy?: StationPrices;
  /** Per minute in which energy flows. */
  readonly chargingTime?: StationPrices;
  /** Per minute in which none does. */
  readonly idleTime?: StationPrices;
  readonly fixedFee?: StationPrices;
  /** Per minute of a reservation. */
  readonly reservationTime?: StationPrices;
  readonly reservationFixed?: StationPrices;
  readonly minCost?: CostLimit;
  readonly maxCost?: CostLimit;
}

/** What conditions are decimals of ours and numbers of theirs. */
const conditionsOf = (conditions: PriceConditions): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(conditions).map(([name, value]) => [
      name,
      /^m(?:in|ax)(?:Energy|Current|Power)$/.test(name) ? Number(value) : (value as unknown),
    ]),
  );

type PriceName = 'priceKwh' | 'priceMinute' | 'priceFixed';
const prices = (of: StationPrices | undefined, name: PriceName) =>
  of === undefined
    ? undefined
    : {
        prices: of.prices.map(({ price, conditions }) => ({
          [name]: Number(price),
          ...(conditions === undefined ? {} : { conditions: conditionsOf(conditions) }),
        })),
        ...(of.taxPercent === undefined ? {} : { taxRates: [{ type: 'vat', tax: Number(of.taxPercent) }] }),
      };
const amount = (name: string, value: Decimal | undefined) => (value === undefined ? {} : { [name]: Number(value) });
const limit = (it: CostLimit | undefined) =>
  it === undefined ? undefined : { ...amount('exclTax', it.exclTax), ...amount('inclTax', it.inclTax) };

/** TariffType of OCPP 2.1, as it stands in its messages and wherever somebody looks at what a station is told. */
export function tariffType(tariff: StationTariff): Readonly<Record<string, unknown>> {
  const { id, currency, text = [], validFrom } = tariff;
  const parts = {
    validFrom,
    energy: prices(tariff.energy, 'priceKwh'),
    chargingTime: prices(tariff.chargingTime, 'priceMinute'),
    idleTime: prices(tariff.idleTime, 'priceMinute'),
    fixedFee: prices(tariff.fixedFee, 'priceFixed'),
    reservationTime: prices(tariff.reservationTime, 'priceMinute'),
    reservationFixed: prices(tariff.reservationFixed, 'priceFixed'),
    minCost: limit(tariff.minCost),
    maxCost: limit(tariff.maxCost),
  };
  return {
    tariffId: id,
    currency,
    ...(text.length > 0 && {
      description: text.slice(0, 10).map((it) => ({ format: 'UTF8', language: it.language, content: it.text })),
    }),
    ...Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)),
  };
}
