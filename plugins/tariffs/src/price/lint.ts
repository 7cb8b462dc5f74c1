import { z } from '@plugga/kit';
import { compile, type Component } from './compile.ts';
import { gapsOf, minuteName, overlapsOf, type Gap } from './coverage.ts';
import { errorsOf } from './errors-of.ts';
import { amount } from './number.ts';
import { compare } from './ratio.ts';
import { unreachable, unreachableElements } from './reach.ts';
import { tariffBody, type TariffBody } from './tariff.ts';
import { beyondOcpi } from './to-ocpi.ts';

export const finding = z
  .object({
    code: z.string(),
    level: z.enum(['error', 'warning']),
    message: z.string(),
    /** Into the tariff, such as `elements.1.price_components.0`; empty for all of it. */
    path: z.string(),
    /** The first minute of the week, local, such as "MONDAY 20:00". */
    at: z.string().optional(),
  })
  .openapi('TariffFinding');
export type Finding = z.output<typeof finding>;

/** Where the tariff is meant to be used, as far as that is known. */
export const lintContext = z.strictObject({
  /** Shown to drivers without a contract; a tariff of type AD_HOC_PAYMENT always is. */
  adHoc: z.boolean().optional(),
  maxPowerKw: amount.optional(),
  /** What the stations are known to tell. */
  has: z
    .strictObject({ power: z.boolean().optional(), current: z.boolean().optional(), soc: z.boolean().optional() })
    .optional(),
});
export type LintContext = z.output<typeof lintContext>;

/** No list says more than a person reads. */
const MOST_OF_A_KIND = 50;

/** What is wrong with a tariff, or will surprise: nothing found is an empty list. Pure. */
export function lint(tariff: unknown, context: LintContext = {}): readonly Finding[] {
  const parsed = tariffBody.safeParse(tariff);
  if (!parsed.success)
    return errorsOf(parsed.error, '')
      .slice(0, MOST_OF_A_KIND)
      .map(({ path, message }) => ({ code: 'invalid', level: 'error', message, path }));
  const body = parsed.data;
  return [limits, duplicates, lost, prices, overlaps, reservations, vat, data, display, own].flatMap((rule) =>
    rule(body, context).slice(0, MOST_OF_A_KIND),
  );
}

type Rule = (body: TariffBody, context: LintContext) => readonly Finding[];

const warning = (code: string, path: string, message: string, at?: string): Finding => ({
  code,
  level: 'warning',
  message,
  path,
  ...(at === undefined ? {} : { at }),
});

const pathOf = ({ tariff: _, element, rule, dimension }: Component, body: TariffBody): string => {
  if (element === null) return `plugga.${rule ?? ''}`;
  const type = dimension.replace('RESERVATION_', '');
  const at = body.elements[element]?.price_components.findIndex((it) => it.type === type) ?? 0;
  return `elements.${element}.price_components.${at}`;
};

const limits: Rule = (body) => {
  const { min, max, from, until } = compile(body);
  const crossed =
    min !== undefined &&
    max !== undefined &&
    (compare(min.net, max.net) > 0 || (min.gross !== null && max.gross !== null && compare(min.gross, max.gross) > 0));
  return [
    ...(crossed
      ? [warning('limits_crossed', 'min_price', 'min_price is above max_price: the maximum always counts')]
      : []),
    ...(from >= until
      ? [warning('never_valid', 'end_date_time', 'the tariff ends before it starts: no session can have it')]
      : []),
  ];
};

const duplicates: Rule = ({ elements }) =>
  elements.flatMap(({ price_components }, n) =>
    price_components.flatMap(({ type }, at) =>
      price_components.findIndex((it) => it.type === type) < at
        ? [
            warning(
              'duplicate_dimension',
              `elements.${n}.price_components.${at}`,
              `${type} is given twice in one element: the first counts`,
            ),
          ]
        : [],
    ),
  );

const lost: Rule = (body) => {
  const whole = new Set(unreachableElements(body));
  return unreachable(body).map(({ component, by }) => {
    const { element, dimension } = component;
    const code =
      by === null
        ? 'contradiction'
        : element !== null && whole.has(element)
          ? 'unreachable_element'
          : 'unreachable_component';
    const why =
      by === null
        ? 'its restrictions contradict each other'
        : `${by.element === null ? `plugga.${by.rule}` : `element ${by.element}`} holds wherever this one does, and comes first`;
    return warning(code, pathOf(component, body), `${dimension} here is never priced: ${why}`);
  });
};

const until = ({ to }: Gap): string => minuteName(to);
const prices: Rule = (body) => {
  const { none, maybe } = gapsOf(body);
  const named = ({ elements }: TariffBody) =>
    ['ENERGY', 'TIME'].filter((type) =>
      elements.some((it) => it.price_components.some((component) => component.type === type)),
    );
  const what = named(body).join(' and ') || 'a session';
  return [
    ...none.map((gap) =>
      warning(
        'no_price',
        'elements',
        `${what} has no price from ${minuteName(gap.from)} to ${until(gap)}: it is free then`,
        minuteName(gap.from),
      ),
    ),
    ...maybe.map((gap) =>
      warning(
        'maybe_no_price',
        'elements',
        `from ${minuteName(gap.from)} to ${until(gap)} ${what} has a price only under conditions: it is free without them`,
        minuteName(gap.from),
      ),
    ),
  ];
};

const overlaps: Rule = (body) =>
  overlapsOf(body).map(({ first, second, at }) =>
    warning(
      'overlap',
      pathOf(second, body),
      `at ${minuteName(at)} element ${first.element} prices ${second.dimension} too: it comes first and counts`,
      minuteName(at),
    ),
  );

const reservations: Rule = ({ elements }) =>
  elements.flatMap(({ price_components, restrictions }, n) =>
    restrictions?.reservation === undefined
      ? []
      : price_components.flatMap(({ type }, at) =>
          type === 'FLAT' || type === 'TIME'
            ? []
            : [
                warning(
                  'reservation_dimension',
                  `elements.${n}.price_components.${at}`,
                  `a reservation has no ${type}: only FLAT and TIME are priced`,
                ),
              ],
        ),
  );

const vat: Rule = ({ elements }) => {
  const all = elements.flatMap(({ price_components }, n) =>
    price_components.map((it, at) => ({ it, path: `elements.${n}.price_components.${at}` })),
  );
  if (all.every(({ it }) => it.vat === undefined)) return [];
  return all
    .filter(({ it }) => it.vat === undefined)
    .map(({ it, path }) =>
      warning('vat_missing', path, `${it.type} says no VAT, other prices do: none is charged on it`),
    );
};

const data: Rule = (body, { has = {} }) => {
  const { marks } = compile(body);
  const first = (...names: readonly string[]) =>
    body.elements.findIndex((it) => names.some((name) => name in (it.restrictions ?? {})));
  const missing = (code: string, at: string, message: string) => [warning(code, at, message)];
  return [
    ...(marks.power && has.power !== true
      ? missing(
          'power_without_data',
          `elements.${first('min_power', 'max_power')}.restrictions`,
          'the price depends on power: where a station tells none, the average between two meter values is taken',
        )
      : []),
    ...(marks.current && has.current !== true
      ? missing(
          'current_without_data',
          `elements.${first('min_current', 'max_current')}.restrictions`,
          'the price depends on current: where a station tells none, the element never applies',
        )
      : []),
    ...(marks.soc && has.soc !== true
      ? missing(
          'soc_without_data',
          'plugga',
          'the price depends on the state of charge, which few cars tell: without it the rule never applies',
        )
      : []),
  ];
};

const own: Rule = (body) =>
  beyondOcpi(body).map(({ path, text }) =>
    warning('beyond_ocpi', path, `OCPI cannot say this, partners read it as text: ${text.en}`),
  );

/** AFIR (EU) 2023/1804, article 5: at 50 kW and more by energy, with an occupancy fee by the minute at most; below it in this order. */
const rank = { ENERGY: 0, TIME: 1, PARKING_TIME: 1, FLAT: 2 } as const;
const FAST_KW = 50;
const display: Rule = ({ type, elements }, { adHoc, maxPowerKw }) => {
  if (adHoc !== true && type !== 'AD_HOC_PAYMENT') return [];
  const shown = elements.flatMap(({ price_components, restrictions }, n) =>
    restrictions?.reservation === undefined
      ? price_components.map((it, at) => ({
          type: it.type,
          free: Number(it.price) === 0,
          path: `elements.${n}.price_components.${at}`,
        }))
      : [],
  );
  const order = shown.filter((it, at) => shown.findIndex((other) => other.type === it.type) === at);
  const late = order.find((it, at) => order.slice(0, at).some((other) => rank[other.type] > rank[it.type]));
  const fast = maxPowerKw !== undefined && Number(maxPowerKw) >= FAST_KW;
  return [
    ...(late === undefined
      ? []
      : [
          warning(
            'afir_order',
            late.path,
            `an ad hoc price is shown per kWh, per minute, per session, then others: ${late.type} comes too late`,
          ),
        ]),
    ...(fast
      ? shown
          .filter((it) => !it.free && (it.type === 'TIME' || it.type === 'FLAT'))
          .map((it) =>
            warning(
              'afir_not_per_kwh',
              it.path,
              `at ${FAST_KW} kW and more an ad hoc price is per kWh, with an occupancy fee per minute at most: ${it.type} is neither`,
            ),
          )
      : []),
  ];
};
