import type { CostLimit, Decimal, PriceConditions, StationPrices, StationTariff } from '@plugga/kit';

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

/** Whether a station reckons by tariffs itself (2.1 Part 2, TariffCostCtrlr). */
export const RECKONS = 'TariffCostCtrlr/Enabled.Tariff';

/** TariffType of 2.1. */
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
