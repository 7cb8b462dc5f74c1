import type { Decimal } from '@plugga/kit';
import { msOf } from './number.ts';
import { parseRatio, type Ratio } from './ratio.ts';
import { dayNames, type LimitBody, type PriceComponent, type Restrictions, type TariffBody } from './tariff.ts';

/** ENERGY, TIME, PARKING_TIME and FLAT as OCPI has them; apart from them what comes before the session, and what is our own. */
export type Dimension =
  | 'RESERVATION_FLAT'
  | 'RESERVATION_TIME'
  | 'FLAT'
  | 'ENERGY'
  | 'TIME'
  | 'PARKING_TIME'
  | 'CONGESTION_TIME';

/** A price component, its numbers parsed; one object a line of the breakdown. */
export interface Component {
  readonly dimension: Dimension;
  readonly tariff: CompiledTariff;
  /** Counted from 0; null where our own rule says the price. */
  readonly element: number | null;
  readonly rule: string | null;
  readonly priceText: Decimal;
  readonly price: Ratio;
  readonly vatText: Decimal | null;
  readonly vat: Ratio;
  /** Wh or seconds; 0 and 1 both count, 0 is no step. */
  readonly step: number;
  readonly when: When;
  /** Of what is priced before the session begins. */
  readonly reserved: 'RESERVATION' | 'RESERVATION_EXPIRES' | null;
}

/** Restrictions as numbers; undefined is no restriction. */
export interface When {
  readonly clock: {
    /** Minutes of the day; undefined is the whole day. */
    readonly window: { readonly start: number; readonly end: number } | undefined;
    /** Local days since 1970. */
    readonly fromDay: number;
    readonly toDay: number;
    /** One bit a weekday, Sunday the lowest. */
    readonly weekdays: number;
  } | null;
  readonly kwh: Range | null;
  readonly power: Range | null;
  readonly current: Range | null;
  readonly seconds: { readonly min: number; readonly max: number } | null;
  readonly soc: Range | null;
}
export interface Range {
  readonly min: Ratio | null;
  readonly max: Ratio | null;
}

export interface Limit {
  readonly net: Ratio;
  readonly gross: Ratio | null;
}

export interface CompiledTariff {
  readonly id: string;
  readonly currency: string;
  readonly taxIncluded: boolean;
  /** Whether OCPI 2.3.0 says how taxes are meant: then a missing rate means that nobody knows it. */
  readonly taxStated: boolean;
  readonly from: number;
  readonly until: number;
  readonly components: Readonly<Record<'FLAT' | 'ENERGY' | 'TIME' | 'PARKING_TIME', readonly Component[]>>;
  readonly reservation: Readonly<Record<'RESERVATION' | 'RESERVATION_EXPIRES', readonly Component[]>>;
  readonly congestion: Component | undefined;
  readonly min: Limit | undefined;
  readonly max: Limit | undefined;
  readonly idleGraceSeconds: number;
  readonly caps: readonly { readonly type: Dimension; readonly amount: Ratio; readonly per: 'session' | 'day' }[];
  /** Where the price of a moment may change. */
  readonly marks: Marks;
}

export interface Marks {
  /** Minutes of the local day, midnight too where days or dates count; empty when no clock matters. */
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
  readonly kwh: readonly Ratio[];
  readonly power: boolean;
  readonly current: boolean;
  readonly soc: boolean;
  /** Whether the price of energy depends on when it flowed. */
  readonly course: boolean;
  /** Whether anything but energy and the flat fee is priced. */
  readonly time: boolean;
}

const none: When = { clock: null, kwh: null, power: null, current: null, seconds: null, soc: null };
const DAY_MS = 86_400_000;

const minuteOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

/** Start equal to end, and an end of 00:00 alone, are the whole day; an end before the start is the next day's. */
function windowOf({ start_time, end_time }: Restrictions): { start: number; end: number } | undefined {
  if (start_time === undefined && end_time === undefined) return undefined;
  const start = start_time === undefined ? 0 : minuteOf(start_time);
  const end = end_time === undefined ? 0 : minuteOf(end_time);
  return start === end ? undefined : { start, end };
}

const range = (min: string | undefined, max: string | undefined): Range | null =>
  min === undefined && max === undefined
    ? null
    : { min: min === undefined ? null : parseRatio(min), max: max === undefined ? null : parseRatio(max) };

function whenOf(it: Restrictions | undefined): When {
  if (it === undefined) return none;
  const window = windowOf(it);
  const { start_date: from, end_date: to, day_of_week: days } = it;
  const clocked = window !== undefined || from !== undefined || to !== undefined || (days?.length ?? 0) > 0;
  return {
    clock: clocked
      ? {
          window,
          fromDay: from === undefined ? -Infinity : Date.parse(from) / DAY_MS,
          toDay: to === undefined ? Infinity : Date.parse(to) / DAY_MS,
          weekdays:
            days === undefined || days.length === 0
              ? 127
              : days.reduce((bits, name) => bits | (1 << dayNames.indexOf(name)), 0),
        }
      : null,
    kwh: range(it.min_kwh, it.max_kwh),
    power: range(it.min_power, it.max_power),
    current: range(it.min_current, it.max_current),
    seconds:
      it.min_duration === undefined && it.max_duration === undefined
        ? null
        : { min: it.min_duration ?? 0, max: it.max_duration ?? Infinity },
    soc: null,
  };
}

const limitOf = (body: LimitBody | undefined): Limit | undefined => {
  if (body === undefined) return undefined;
  const gross = body.incl_vat ?? body.after_taxes;
  return {
    net: parseRatio(body.excl_vat ?? body.before_taxes ?? '0'),
    gross: gross === undefined ? null : parseRatio(gross),
  };
};

const numbers = (values: Iterable<number>): number[] => [...new Set(values)].toSorted((a, b) => a - b);

function marksOf(all: readonly Component[]): Marks {
  const clocks = all.flatMap(({ when }) => when.clock ?? []);
  const ends = (pick: (when: When) => Range | null): Ratio[] =>
    all.flatMap(({ when }) => {
      const found = pick(when);
      return found === null ? [] : [found.min, found.max].filter((it) => it !== null);
    });
  return {
    minutes: numbers(clocks.flatMap(({ window }) => (window === undefined ? [0] : [0, window.start, window.end]))),
    seconds: numbers(
      all
        .flatMap(({ when }) => (when.seconds === null ? [] : [when.seconds.min, when.seconds.max]))
        .filter((it) => it > 0 && it < Infinity),
    ),
    kwh: ends(({ kwh }) => kwh).filter(({ n }) => n > 0n),
    power: all.some(({ when }) => when.power !== null),
    current: all.some(({ when }) => when.current !== null),
    soc: all.some(({ when }) => when.soc !== null),
    course: all.some(({ dimension, when }) => dimension === 'ENERGY' && Object.values(when).some((it) => it !== null)),
    time: all.some(({ dimension }) => dimension !== 'ENERGY' && dimension !== 'FLAT'),
  };
}

/** A cap of the day makes midnight a mark, and one on energy asks how much had flowed by then. */
function withDays(marks: Marks, caps: CompiledTariff['caps']): Marks {
  const days = caps.filter(({ per }) => per === 'day');
  if (days.length === 0) return marks;
  return {
    ...marks,
    minutes: numbers([0, ...marks.minutes]),
    course: marks.course || days.some(({ type }) => type === 'ENERGY'),
  };
}

function compiled(body: TariffBody): CompiledTariff {
  const components = { FLAT: [], ENERGY: [], TIME: [], PARKING_TIME: [] } as Record<
    PriceComponent['type'],
    Component[]
  >;
  const reservation = { RESERVATION: [] as Component[], RESERVATION_EXPIRES: [] as Component[] };
  const { plugga } = body;
  const all: Component[] = [];
  const tariff: { -readonly [K in keyof CompiledTariff]: CompiledTariff[K] } = {
    id: body.id,
    currency: body.currency,
    taxIncluded: body.tax_included === 'YES',
    taxStated: body.tax_included === 'YES' || body.tax_included === 'NO',
    from: body.start_date_time === undefined ? -Infinity : msOf(body.start_date_time),
    until: body.end_date_time === undefined ? Infinity : msOf(body.end_date_time),
    components,
    reservation,
    congestion: undefined,
    min: limitOf(body.min_price),
    max: limitOf(body.max_price),
    idleGraceSeconds: plugga?.idleGraceSeconds ?? 0,
    caps: (plugga?.caps ?? []).map((it) => ({ ...it, amount: parseRatio(it.amount) })),
    marks: marksOf([]),
  };
  const priced = (
    dimension: Dimension,
    it: { readonly price: string; readonly vat?: string | undefined; readonly step_size: number },
    where: Pick<Component, 'element' | 'rule' | 'when'> & Partial<Pick<Component, 'reserved'>>,
  ): Component => {
    const made: Component = {
      dimension,
      tariff,
      reserved: null,
      ...where,
      priceText: it.price,
      price: parseRatio(it.price),
      vatText: it.vat ?? null,
      vat: parseRatio(it.vat ?? '0'),
      step: it.step_size,
    };
    all.push(made);
    return made;
  };

  plugga?.socBands?.forEach(({ minSoc, maxSoc, type, price, vat, stepSize }, at) =>
    components[type].push(
      priced(
        type,
        { price, vat, step_size: stepSize },
        { element: null, rule: `socBands.${at}`, when: { ...none, soc: range(minSoc, maxSoc) } },
      ),
    ),
  );
  body.elements.forEach(({ price_components, restrictions }, at) => {
    const where = { element: at, rule: null, when: whenOf(restrictions) };
    const seen = new Set<string>();
    for (const it of price_components) {
      // A dimension given twice in one element: the first counts.
      if (seen.has(it.type)) continue;
      seen.add(it.type);
      const kind = restrictions?.reservation;
      if (kind === undefined) components[it.type].push(priced(it.type, it, where));
      else if (it.type === 'FLAT' || it.type === 'TIME')
        reservation[kind].push(priced(`RESERVATION_${it.type}`, it, { ...where, reserved: kind }));
    }
  });
  if (plugga?.congestion !== undefined) {
    const { minSoc, occupancyPercent: _, ...it } = plugga.congestion;
    const when = { ...none, soc: range(minSoc, undefined) };
    tariff.congestion = priced('CONGESTION_TIME', { ...it, step_size: 1 }, { element: null, rule: 'congestion', when });
  }
  tariff.marks = withDays(marksOf(all), tariff.caps);
  return tariff;
}

const known = new WeakMap<TariffBody, CompiledTariff>();
/** The tariff as the engine reads it, made once for each body. */
export const compile = (body: TariffBody): CompiledTariff => {
  let made = known.get(body);
  if (made === undefined) known.set(body, (made = compiled(body)));
  return made;
};
