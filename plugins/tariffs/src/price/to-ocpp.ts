import { createHash } from 'node:crypto';
import type { CostLimit, PriceConditions, StationPrices, StationTariff } from '@plugga/kit';
import { compare, over, parseRatio, plus, times, toDecimal, whole, type Ratio } from './ratio.ts';
import type { LimitBody, PriceComponent, Restrictions, TariffBody } from './tariff.ts';
import { beyondOcpi, texted, type Said } from './to-ocpi.ts';

/** What a station is told a tariff is, or why that would be another price. */
export type ForStation =
  | { readonly tariff: StationTariff; readonly onlyInText: readonly Said[] }
  | { readonly refused: string };

/** Of a price that does not end: a sixtieth of an hour's, or one without its tax. */
const PLACES = 8;
const HUNDRED = whole(100);
const THOUSAND = whole(1000);
const MINUTES = whole(60);
/** OCPP 2.1: MessageContentType.content is 1,024 characters where the station says no more. */
const CONTENT = 1024;

type Part = 'energy' | 'chargingTime' | 'idleTime' | 'fixedFee' | 'reservationTime' | 'reservationFixed';
const PARTS: Readonly<Record<PriceComponent['type'], Part>> = {
  ...{ ENERGY: 'energy', TIME: 'chargingTime', PARKING_TIME: 'idleTime', FLAT: 'fixedFee' },
};
/** Of a reservation: what an energy price would be is none. */
const RESERVED: Readonly<Partial<Record<PriceComponent['type'], Part>>> = {
  ...{ TIME: 'reservationTime', FLAT: 'reservationFixed' },
};
const HOURLY: readonly Part[] = ['chargingTime', 'idleTime', 'reservationTime'];
/** Conditions of a fee are of the calendar alone (TariffConditionsFixedType). */
const FIXED: readonly Part[] = ['fixedFee', 'reservationFixed'];
const MEASURED = [
  ...(['min_kwh', 'max_kwh', 'min_current', 'max_current', 'min_power', 'max_power'] as const),
  ...(['min_duration', 'max_duration'] as const),
] as const;

const text = (value: Ratio): string => toDecimal(value, PLACES);
const thousandfold = (value: string | undefined): string | undefined =>
  value === undefined ? undefined : text(times(parseRatio(value), THOUSAND));
const given = <T extends object>(all: T): Partial<T> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<T>;
const day = (name: string) =>
  `${name[0]}${name.slice(1).toLowerCase()}` as NonNullable<PriceConditions['dayOfWeek']>[number];

/** The same moments in OCPP's units: Wh, W, A over all phases, seconds of the transaction. */
function conditionsOf(it: Restrictions, graceSeconds: number): PriceConditions | undefined {
  // From a time of day to the same one is the whole day.
  const always = it.start_time !== undefined && it.start_time === it.end_time;
  const conditions = given({
    startTimeOfDay: always ? undefined : it.start_time,
    endTimeOfDay: always ? undefined : it.end_time,
    dayOfWeek: it.day_of_week === undefined || it.day_of_week.length === 0 ? undefined : it.day_of_week.map(day),
    validFromDate: it.start_date,
    validToDate: it.end_date,
    minEnergy: thousandfold(it.min_kwh),
    maxEnergy: thousandfold(it.max_kwh),
    minCurrent: it.min_current,
    maxCurrent: it.max_current,
    minPower: thousandfold(it.min_power),
    maxPower: thousandfold(it.max_power),
    minTime: it.min_duration,
    maxTime: it.max_duration,
    minIdleTime: graceSeconds === 0 ? undefined : graceSeconds,
  });
  return Object.keys(conditions).length === 0 ? undefined : (conditions as PriceConditions);
}

const limitOf = (it: LimitBody): CostLimit =>
  given({ exclTax: it.excl_vat ?? it.before_taxes, inclTax: it.incl_vat ?? it.after_taxes }) as CostLimit;

const step = (path: string): Said => ({
  path,
  text: {
    sv: 'Mängder räknas uppåt till hela steg.',
    en: 'Quantities are counted up to whole steps.',
  },
});
const expires = (path: string): Said => ({
  path,
  text: {
    sv: 'En bokning som inte används har ett eget pris.',
    en: 'A reservation that is not used has a price of its own.',
  },
});

/**
 * The tariff for a station that reckons itself (OCPP 2.1, TariffType): prices without tax, times by the minute. What OCPP has no
 * words for and what only ever moves the total a little, or now and then, is said in its text; where a price itself would be
 * another one, the tariff is refused. The bill is made from the tariff, never from what a station has reckoned. Pure.
 */
export function toOcpp({ id: offer, body }: { readonly id: string; readonly body: TariffBody }): ForStation {
  const { elements, plugga = {}, tax_included, currency } = body;
  if ((plugga.socBands ?? []).length > 0)
    return { refused: 'plugga.socBands: OCPP 2.1 has no price by state of charge' };
  const prices = new Map<Part, StationPrices['prices'][number][]>();
  const taxes = new Map<Part, Ratio>();
  const more: Said[] = [];
  for (const [n, { price_components, restrictions = {} }] of elements.entries())
    for (const [m, component] of price_components.entries()) {
      const path = `elements.${n}.price_components.${m}`;
      if (restrictions.reservation === 'RESERVATION_EXPIRES') {
        more.push(expires(path));
        continue;
      }
      const part = (restrictions.reservation === undefined ? PARTS : RESERVED)[component.type];
      if (part === undefined) continue;
      const measured = MEASURED.find((name) => restrictions[name] !== undefined);
      if (FIXED.includes(part) && measured !== undefined)
        return { refused: `${path}: a fee of OCPP 2.1 cannot depend on ${measured}` };
      const vat = parseRatio(component.vat ?? '0');
      const before = taxes.get(part);
      if (before !== undefined && compare(before, vat) !== 0)
        return { refused: `${path}: all prices of ${part} must have one tax in OCPP 2.1` };
      taxes.set(part, vat);
      if (component.step_size > 1) more.push(step(path));
      const own = parseRatio(component.price);
      const net = tax_included === 'YES' ? over(times(own, HUNDRED), plus(HUNDRED, vat)) : own;
      const price = text(HOURLY.includes(part) ? over(net, MINUTES) : net);
      const conditions = conditionsOf(restrictions, part === 'idleTime' ? (plugga.idleGraceSeconds ?? 0) : 0);
      prices.set(part, [...(prices.get(part) ?? []), { price, ...(conditions === undefined ? {} : { conditions }) }]);
    }
  // The grace is a condition here.
  const beyond = beyondOcpi(body).filter(({ path }) => path !== 'plugga.idleGraceSeconds');
  const onlyInText = [...beyond, ...new Map(more.map((it) => [it.text.en, it])).values()];
  const texts = onlyInText.length === 0 ? (body.tariff_alt_text ?? []) : texted(body, onlyInText, CONTENT);
  const parts = [...prices].map(([part, all]): [Part, StationPrices] => {
    const tax = taxes.get(part);
    return [part, { prices: all, ...(tax === undefined || tax.n === 0n ? {} : { taxPercent: text(tax) }) }];
  });
  const tariff = {
    currency,
    ...(texts.length === 0 ? {} : { text: texts.map(({ language, text: words }) => ({ language, text: words })) }),
    ...(Object.fromEntries(parts) as Partial<Record<Part, StationPrices>>),
    ...(body.min_price === undefined ? {} : { minCost: limitOf(body.min_price) }),
    ...(body.max_price === undefined ? {} : { maxCost: limitOf(body.max_price) }),
  };
  const hash = createHash('sha256').update(JSON.stringify(tariff)).digest('hex').slice(0, 8);
  return { tariff: { id: `${offer}~${hash}`, ...tariff }, onlyInText };
}
