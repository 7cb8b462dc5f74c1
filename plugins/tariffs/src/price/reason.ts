import type { PriceCondition, PriceReason } from '@plugga/kit';
import type { Component, Range, When } from './compile.ts';
import type { Line } from './price.ts';
import { toDecimal } from './ratio.ts';
import { dayNames } from './tariff.ts';

const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

const bounds = ({ min, max }: Range) => ({
  ...(min === null ? {} : { min: toDecimal(min, 3) }),
  ...(max === null ? {} : { max: toDecimal(max, 3) }),
});

/** Undefined where it always holds. */
function conditionOf({ clock, kwh, power, current, seconds, soc }: When): PriceCondition | undefined {
  const { window, weekdays = 127, fromDay = -Infinity, toDay = Infinity } = clock ?? {};
  const { min = 0, max = Infinity } = seconds ?? {};
  const condition: PriceCondition = {
    ...(window === undefined ? {} : { clock: { start: clockText(window.start), end: clockText(window.end) } }),
    ...(weekdays === 127 ? {} : { days: dayNames.filter((_, day) => (weekdays & (1 << day)) !== 0) }),
    ...(fromDay === -Infinity ? {} : { fromDate: dayText(fromDay) }),
    ...(toDay === Infinity ? {} : { beforeDate: dayText(toDay) }),
    ...(kwh === null ? {} : { kwh: bounds(kwh) }),
    ...(power === null ? {} : { kw: bounds(power) }),
    ...(current === null ? {} : { ampere: bounds(current) }),
    ...(soc === null ? {} : { socPercent: bounds(soc) }),
    ...(min === 0 && max === Infinity
      ? {}
      : { seconds: { ...(min === 0 ? {} : { min }), ...(max === Infinity ? {} : { max }) } }),
  };
  return Object.keys(condition).length === 0 ? undefined : condition;
}

/** When a component holds, as lines, offers and explanations carry it; undefined where it always does. */
export function conditionOfComponent({ when, dimension, reserved }: Component): PriceCondition | undefined {
  const own = conditionOf(when);
  if (dimension === 'CONGESTION_TIME') return { ...own, congested: true };
  return reserved === null ? own : { ...own, reservation: reserved };
}

const reasons = new WeakMap<Component, PriceReason>();
function said(component: Component): PriceReason {
  const { element, rule, tariff } = component;
  const when = conditionOfComponent(component);
  const common = { tariff: tariff.id, ...(when === undefined ? {} : { when }) };
  return element === null ? { code: 'rule', rule: rule ?? '', ...common } : { code: 'element', element, ...common };
}

/** Why a line has its price: who says it, and which of its conditions held. */
export function reasonOf({ component, cap }: Line, of: string): PriceReason {
  if (cap !== undefined) return { code: 'cap', tariff: component.tariff.id, of, amount: cap.text, per: cap.per };
  let reason = reasons.get(component);
  if (reason === undefined) reasons.set(component, (reason = said(component)));
  return reason;
}
