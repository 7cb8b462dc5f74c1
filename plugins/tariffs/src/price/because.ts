import type { Component, Range, When } from './compile.ts';
import type { Line } from './price.ts';
import { toDecimal } from './ratio.ts';
import { dayNames } from './tariff.ts';

const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const dayText = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 10);

const rangeText = (range: Range | null, what: string, unit: string): readonly string[] => {
  if (range === null) return [];
  const [min, max] = [range.min, range.max].map((it) => (it === null ? '' : toDecimal(it, 3)));
  if (min === '' && max === '') return [];
  return [
    min === ''
      ? `${what} below ${max} ${unit}`
      : max === ''
        ? `${what} from ${min} ${unit}`
        : `${what} from ${min} to ${max} ${unit}`,
  ];
};

function conditions({ clock, kwh, power, current, seconds, soc }: When): readonly string[] {
  const { window, weekdays = 127, fromDay = -Infinity, toDay = Infinity } = clock ?? {};
  const { min = 0, max = Infinity } = seconds ?? {};
  return [
    ...(window === undefined ? [] : [`${clockText(window.start)} to ${clockText(window.end)}`]),
    ...(weekdays === 127
      ? []
      : [
          dayNames
            .filter((_, day) => (weekdays & (1 << day)) !== 0)
            .map(shortDay)
            .join(', '),
        ]),
    ...(fromDay === -Infinity ? [] : [`from ${dayText(fromDay)}`]),
    ...(toDay === Infinity ? [] : [`before ${dayText(toDay)}`]),
    ...rangeText(kwh, 'session energy', 'kWh'),
    ...rangeText(power, 'power', 'kW'),
    ...rangeText(current, 'current', 'A'),
    ...rangeText(soc, 'state of charge', '%'),
    ...(min === 0 ? [] : [`from second ${min} of the session`]),
    ...(max === Infinity ? [] : [`before second ${max} of the session`]),
  ];
}

const shortDay = (name: string): string => `${name.slice(0, 1)}${name.slice(1, 3).toLowerCase()}`;

const sentences = new WeakMap<Component, string>();
function sentenceOf(component: Component): string {
  const { element, rule, tariff, when } = component;
  const where = element === null ? rule : `element ${element + 1}`;
  const held = conditions(when);
  return `Priced by ${where} of tariff ${tariff.id}${held.length === 0 ? '' : `: ${held.join('; ')}`}.`;
}

/** Why a line has its price, in one short sentence: who says it, and which of its conditions held. */
export function because({ component, cap }: Line): string {
  if (cap !== undefined) return `Tariff ${component.tariff.id} caps this at ${cap.text} a ${cap.per}.`;
  let sentence = sentences.get(component);
  if (sentence === undefined) sentences.set(component, (sentence = sentenceOf(component)));
  return sentence;
}
