import { dimensionWords, whenWords, type Decimal, type Instant, type Words } from '@plugga/kit';
import { compile, type Component, type CompiledTariff, type Dimension } from './price/compile.ts';
import { holds, type Moment } from './price/moment.ts';
import { over, plus, times, toDecimal, whole, zero, type Ratio } from './price/ratio.ts';
import { conditionOfComponent } from './price/reason.ts';
import { zone } from './price/zone.ts';
import type { TariffBody } from './tariff.ts';

/** One price of an offer, as a screen shows it. */
export interface Shown {
  readonly dimension: 'energy' | 'time' | 'idle' | 'congestion' | 'flat' | 'reservation';
  readonly text: Words;
  readonly unit: 'kWh' | 'min' | 'session';
  /** Of that unit; of a minute rounded to six decimals. */
  readonly exclVat: Decimal;
  readonly inclVat: Decimal;
  readonly vatPercent: Decimal;
  /** Wh or seconds that are begun are paid whole. */
  readonly stepSize?: number;
  /** When it holds, in words; absent where it always does. */
  readonly when?: Words;
  /** Whether it is what a session that begins now pays first. */
  readonly now: boolean;
  readonly element?: number;
}

export interface Display {
  readonly currency: string;
  /** In the order of AFIR Article 5: per kWh, per minute, per session, others. */
  readonly components: readonly Shown[];
  readonly minPrice?: { readonly exclVat: Decimal; readonly inclVat?: Decimal };
  readonly maxPrice?: { readonly exclVat: Decimal; readonly inclVat?: Decimal };
  readonly idleGraceMinutes?: Decimal;
}

const faces: Readonly<Record<Dimension, Pick<Shown, 'dimension' | 'unit'>>> = {
  ENERGY: { dimension: 'energy', unit: 'kWh' },
  TIME: { dimension: 'time', unit: 'min' },
  PARKING_TIME: { dimension: 'idle', unit: 'min' },
  CONGESTION_TIME: { dimension: 'congestion', unit: 'min' },
  FLAT: { dimension: 'flat', unit: 'session' },
  RESERVATION_FLAT: { dimension: 'reservation', unit: 'session' },
  RESERVATION_TIME: { dimension: 'reservation', unit: 'min' },
};
const order = Object.keys(faces) as Dimension[];
const PLACES = 6;
const MINUTES = whole(60);
const HUNDRED = whole(100);
const unknown = { min: null, max: null };

const within = (price: Ratio, vat: Ratio, included: boolean): { readonly excl: Ratio; readonly incl: Ratio } => {
  const factor = over(plus(HUNDRED, vat), HUNDRED);
  return included ? { excl: over(price, factor), incl: price } : { excl: price, incl: times(price, factor) };
};

/** What a screen shows of a tariff at that moment and place: each of its prices with and without VAT. Pure. */
export function displayOf(
  body: TariffBody,
  at: Instant,
  { timeZone, congested = false }: { readonly timeZone: string; readonly congested?: boolean },
): Display {
  const tariff = compile(body);
  const moment: Moment = {
    ...{ at, elapsed: 0, kwh: zero, power: unknown, current: unknown, soc: null, zone: zone(timeZone) },
  };
  const lists = listsOf(tariff);
  const first = new Set(lists.flatMap((list) => list.find(({ when }) => holds(when, moment)) ?? []));
  const components = lists
    .flat()
    .toSorted((a, b) => order.indexOf(a.dimension) - order.indexOf(b.dimension))
    .map((it) => shownOf(it, first.has(it) && (congested || it.dimension !== 'CONGESTION_TIME')));
  return {
    currency: tariff.currency,
    components,
    ...(tariff.min === undefined ? {} : { minPrice: limitOf(tariff.min) }),
    ...(tariff.max === undefined ? {} : { maxPrice: limitOf(tariff.max) }),
    ...(tariff.idleGraceSeconds === 0
      ? {}
      : { idleGraceMinutes: toDecimal(over(whole(tariff.idleGraceSeconds), MINUTES), PLACES) }),
  };
}

const listsOf = ({ components, congestion, reservation }: CompiledTariff): readonly (readonly Component[])[] => [
  ...Object.values(components),
  ...(congestion === undefined ? [] : [[congestion]]),
  ...Object.values(reservation),
];

function shownOf(it: Component, now: boolean): Shown {
  const { dimension, unit } = faces[it.dimension];
  const { excl, incl } = within(it.price, it.vat, it.tariff.taxIncluded);
  const text = (value: Ratio): Decimal => toDecimal(unit === 'min' ? over(value, MINUTES) : value, PLACES);
  const when = whenWords(conditionOfComponent(it));
  return {
    ...{ dimension, unit, text: dimensionWords[dimension] },
    ...{ exclVat: text(excl), inclVat: text(incl), vatPercent: toDecimal(it.vat, PLACES) },
    ...(it.step > 1 && unit !== 'session' ? { stepSize: it.step } : {}),
    ...(when === undefined ? {} : { when }),
    now,
    ...(it.element === null ? {} : { element: it.element }),
  };
}

const limitOf = ({ net, gross }: NonNullable<CompiledTariff['min']>) => ({
  exclVat: toDecimal(net, PLACES),
  ...(gross === null ? {} : { inclVat: toDecimal(gross, PLACES) }),
});
