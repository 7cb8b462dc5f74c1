import type { PriceCondition, PriceReason } from './ports/price-reason.ts';
import type { PriceLine } from './ports/pricing.ts';

/** A sentence in both languages of our pages and papers. */
export interface Words {
  readonly en: string;
  readonly sv: string;
}

/** What prices are called: on bills, offers, screens and in explanations. */
export const dimensionWords: Readonly<Record<PriceLine['dimension'], Words>> = {
  energy: { en: 'Energy', sv: 'Energi' },
  time: { en: 'Charging time', sv: 'Laddtid' },
  idle: { en: 'Idle time', sv: 'Tid utan laddning' },
  flat: { en: 'Session fee', sv: 'Startavgift' },
  fee: { en: 'Fee', sv: 'Avgift' },
  reservation: { en: 'Reservation', sv: 'Reservation' },
  congestion: { en: 'Congestion fee', sv: 'Trängselavgift' },
  limit: { en: 'Price limit', sv: 'Prisgräns' },
};

export const unitWords: Readonly<Record<PriceLine['unit'], Words>> = {
  kWh: { en: 'kWh', sv: 'kWh' },
  min: { en: 'min', sv: 'min' },
  h: { en: 'h', sv: 'tim' },
  session: { en: 'session', sv: 'laddning' },
};

/** What lines call themselves, which is English, in Swedish. */
const lineTexts: ReadonlyMap<string, string> = new Map([
  ...Object.values(dimensionWords).map(({ en, sv }) => [en, sv] as const),
  ['Time', 'Tid'],
  ['Reservation fee', 'Bokningsavgift'],
  ['Reserved time', 'Bokad tid'],
  ['Minimum price', 'Lägsta pris'],
  ['Maximum price', 'Högsta pris'],
  ['Rounding', 'Öresavrundning'],
  ['most a session', 'tak per laddning'],
  ['most a day', 'tak per dygn'],
]);

/** The text of a line in both languages; what is not known stays as it is. */
export const lineWords = (text: string): Words => ({
  en: text,
  sv: text
    .split(': ')
    .map((part) => lineTexts.get(part) ?? part)
    .join(': '),
});

const dayWords: Readonly<Record<NonNullable<PriceCondition['days']>[number], Words>> = {
  MONDAY: { en: 'Mon', sv: 'mån' },
  TUESDAY: { en: 'Tue', sv: 'tis' },
  WEDNESDAY: { en: 'Wed', sv: 'ons' },
  THURSDAY: { en: 'Thu', sv: 'tors' },
  FRIDAY: { en: 'Fri', sv: 'fre' },
  SATURDAY: { en: 'Sat', sv: 'lör' },
  SUNDAY: { en: 'Sun', sv: 'sön' },
};
const weekdays = Object.keys(dayWords);

const joined = (all: readonly Words[], by: string): Words => ({
  en: all.map(({ en }) => en).join(by),
  sv: all.map(({ sv }) => sv).join(by),
});

interface Bounds {
  readonly min?: string | undefined;
  readonly max?: string | undefined;
}
function between(bounds: Bounds | undefined, what: Words, unit: string): readonly Words[] {
  const { min, max } = bounds ?? {};
  if (min === undefined && max === undefined) return [];
  if (min === undefined) return [{ en: `${what.en} below ${max} ${unit}`, sv: `${what.sv} under ${max} ${unit}` }];
  if (max === undefined) return [{ en: `${what.en} from ${min} ${unit}`, sv: `${what.sv} från ${min} ${unit}` }];
  return [{ en: `${what.en} from ${min} to ${max} ${unit}`, sv: `${what.sv} från ${min} till ${max} ${unit}` }];
}

const minutes = (seconds: number | undefined): string | undefined =>
  seconds === undefined ? undefined : String(Math.round((seconds / 60) * 100) / 100);

/** When a price holds, in words; undefined where it always does. */
export function whenWords(it: PriceCondition | undefined): Words | undefined {
  if (it === undefined) return undefined;
  const { clock, days = [], fromDate, beforeDate, kwh, kw, ampere, socPercent, seconds, reservation, congested } = it;
  const said: readonly Words[] = [
    ...(clock === undefined ? [] : [{ en: `${clock.start}–${clock.end}`, sv: `kl. ${clock.start}–${clock.end}` }]),
    ...(days.length === 0
      ? []
      : [
          joined(
            days.toSorted((a, b) => weekdays.indexOf(a) - weekdays.indexOf(b)).map((day) => dayWords[day]),
            ', ',
          ),
        ]),
    ...(fromDate === undefined ? [] : [{ en: `from ${fromDate}`, sv: `från ${fromDate}` }]),
    ...(beforeDate === undefined ? [] : [{ en: `before ${beforeDate}`, sv: `före ${beforeDate}` }]),
    ...between(kwh, { en: 'session energy', sv: 'laddad energi' }, 'kWh'),
    ...between(kw, { en: 'power', sv: 'effekt' }, 'kW'),
    ...between(ampere, { en: 'current', sv: 'ström' }, 'A'),
    ...between(socPercent, { en: 'state of charge', sv: 'laddnivå' }, '%'),
    ...between(
      seconds && { min: minutes(seconds.min), max: minutes(seconds.max) },
      { en: 'session time', sv: 'tid sedan start' },
      'min',
    ),
    ...(reservation === undefined
      ? []
      : [
          reservation === 'RESERVATION'
            ? { en: 'for a reservation', sv: 'vid reservation' }
            : { en: 'for a reservation that expires', sv: 'vid reservation som löper ut' },
        ]),
    ...(congested === undefined ? [] : [{ en: 'while the site is congested', sv: 'när platsen är full' }]),
  ];
  return said.length === 0 ? undefined : joined(said, '; ');
}

/** Why a line has its price, in one short sentence. */
export function reasonWords(reason: PriceReason): Words {
  const { tariff } = reason;
  if (reason.code === 'cap') {
    const { amount, per } = reason;
    return {
      en: `Tariff ${tariff} caps this at ${amount} a ${per}.`,
      sv: `Tariff ${tariff} begränsar detta till ${amount} per ${per === 'day' ? 'dygn' : 'laddning'}.`,
    };
  }
  const when = whenWords(reason.when);
  const by =
    reason.code === 'element'
      ? { en: `element ${reason.element + 1}`, sv: `del ${reason.element + 1}` }
      : { en: reason.rule, sv: reason.rule };
  return {
    en: `Priced by ${by.en} of tariff ${tariff}${when === undefined ? '' : `: ${when.en}`}.`,
    sv: `Pris enligt ${by.sv} i tariff ${tariff}${when === undefined ? '' : `: ${when.sv}`}.`,
  };
}

/** Why a line has its price; of lines of before there were reasons, what they say themselves. Undefined where they say nothing. */
export const whyWords = ({ reason, because }: Pick<PriceLine, 'reason' | 'because'>): Words | undefined =>
  reason !== undefined ? reasonWords(reason) : because === undefined ? undefined : { en: because, sv: because };
