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
