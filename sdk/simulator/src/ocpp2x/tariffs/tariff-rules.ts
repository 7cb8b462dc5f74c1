import { type Hands, record } from '../../ocpp16/command.ts';

type Given = Readonly<Record<string, unknown>>;

/** Parts of a tariff that have prices. */
const parts = ['energy', 'chargingTime', 'idleTime', 'fixedFee', 'reservationTime', 'reservationFixed'] as const;

const pricesOf = (tariff: Given): readonly Given[] =>
  parts.flatMap((part) => {
    const prices = record(tariff[part])?.['prices'];
    return (Array.isArray(prices) ? prices : []).map((one: unknown) => record(one) ?? {});
  });

/** What a station can do with tariffs (TariffCostCtrlr). */
export interface TariffLimits {
  readonly maxElements: number;
  readonly conditions: boolean;
}

/** Why the station does not take a tariff, in the words of the answers; undefined: it does. */
export const refusalOf = (
  tariff: Given,
  limits: TariffLimits,
): 'TooManyElements' | 'ConditionNotSupported' | undefined => {
  const prices = pricesOf(tariff);
  if (prices.length > limits.maxElements) return 'TooManyElements';
  if (!limits.conditions && prices.some((one) => one['conditions'] !== undefined)) return 'ConditionNotSupported';
  return undefined;
};

export const limitsOf = ({ configuration }: Pick<Hands, 'configuration'>): TariffLimits => ({
  maxElements: configuration.number('TariffCostCtrlr.MaxElements(Tariff)'),
  conditions: configuration.on('TariffCostCtrlr.ConditionsSupported(Tariff)'),
});
