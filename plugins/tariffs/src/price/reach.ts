import { compile, type Component, type Range, type When } from './compile.ts';
import { compare } from './ratio.ts';
import type { TariffBody } from './tariff.ts';

const within = (outer: Range | null, inner: Range | null): boolean =>
  outer === null ||
  (inner !== null &&
    (outer.min === null || (inner.min !== null && compare(inner.min, outer.min) >= 0)) &&
    (outer.max === null || (inner.max !== null && compare(inner.max, outer.max) <= 0)));

type Clock = When['clock'];
const DAY = 1440;

/** The minutes of a day as stretches that do not pass midnight. */
const stretchesOf = (clock: Clock): readonly (readonly [number, number])[] => {
  const window = clock?.window;
  if (window === undefined) return [[0, DAY]];
  const { start, end } = window;
  if (start < end) return [[start, end]];
  return end === 0
    ? [[start, DAY]]
    : [
        [0, end],
        [start, DAY],
      ];
};

const clockWithin = (outer: Clock, inner: Clock): boolean => {
  if (outer === null) return true;
  const at = inner ?? { window: undefined, fromDay: -Infinity, toDay: Infinity, weekdays: 127 };
  if ((at.weekdays & ~outer.weekdays) !== 0 || at.fromDay < outer.fromDay || at.toDay > outer.toDay) return false;
  const around = stretchesOf(outer);
  return stretchesOf(inner).every(([from, to]) => around.some(([start, end]) => start <= from && to <= end));
};

/** Whether one holds wherever the other does. */
const covers = (outer: When, inner: When): boolean =>
  clockWithin(outer.clock, inner.clock) &&
  within(outer.kwh, inner.kwh) &&
  within(outer.power, inner.power) &&
  within(outer.current, inner.current) &&
  within(outer.soc, inner.soc) &&
  (outer.seconds === null ||
    (outer.seconds.min <= (inner.seconds?.min ?? 0) && outer.seconds.max >= (inner.seconds?.max ?? Infinity)));

const empty = (range: Range | null): boolean =>
  range?.min != null && range.max !== null && compare(range.min, range.max) >= 0;

/** Whether no moment can fit: a minimum not below its maximum. */
const never = ({ clock, kwh, power, current, seconds, soc }: When): boolean =>
  [kwh, soc].some(empty) ||
  [power, current].some((it) => it?.max?.n === 0n) ||
  (seconds !== null && seconds.min >= seconds.max) ||
  (clock !== null && clock.fromDay >= clock.toDay);

/** Of each component that no session can come to: which one takes its place, or null where its restrictions contradict themselves. */
export function unreachable(
  body: TariffBody,
): readonly { readonly component: Component; readonly by: Component | null }[] {
  const { components, reservation } = compile(body);
  const lists = [
    ...Object.values(components),
    ...Object.values(reservation).flatMap((all) =>
      (['RESERVATION_FLAT', 'RESERVATION_TIME'] as const).map((kind) =>
        all.filter(({ dimension }) => dimension === kind),
      ),
    ),
  ];
  return lists.flatMap((list) =>
    list.flatMap((component, at): { readonly component: Component; readonly by: Component | null }[] => {
      if (never(component.when)) return [{ component, by: null }];
      const by = list.slice(0, at).find(({ when }) => covers(when, component.when));
      return by === undefined ? [] : [{ component, by }];
    }),
  );
}

/** The elements none of whose components any session can come to. */
export function unreachableElements(body: TariffBody): readonly number[] {
  const lost = new Map<number, number>();
  for (const { component } of unreachable(body))
    if (component.element !== null) lost.set(component.element, (lost.get(component.element) ?? 0) + 1);
  return body.elements.flatMap(({ price_components }, at) =>
    lost.get(at) === new Set(price_components.map(({ type }) => type)).size ? [at] : [],
  );
}
