import type { TariffBody } from './tariff.ts';

/** A sentence in both languages of our pages. */
export interface Words {
  readonly en: string;
  readonly sv: string;
}

type Restrictions = NonNullable<TariffBody['elements'][number]['restrictions']>;

const days: Readonly<Record<string, Words>> = {
  MONDAY: { en: 'Mon', sv: 'mån' },
  TUESDAY: { en: 'Tue', sv: 'tis' },
  WEDNESDAY: { en: 'Wed', sv: 'ons' },
  THURSDAY: { en: 'Thu', sv: 'tor' },
  FRIDAY: { en: 'Fri', sv: 'fre' },
  SATURDAY: { en: 'Sat', sv: 'lör' },
  SUNDAY: { en: 'Sun', sv: 'sön' },
};
const order = Object.keys(days);

const minutes = (seconds: number): string => String(Math.round((seconds / 60) * 100) / 100);

/** "from 3 kWh", "up to 20 kWh", "from 3 up to 20 kWh". */
function between(min: string | number | undefined, max: string | number | undefined, unit: string): readonly Words[] {
  if (min === undefined && max === undefined) return [];
  if (max === undefined) return [{ en: `from ${min} ${unit}`, sv: `från ${min} ${unit}` }];
  if (min === undefined) return [{ en: `below ${max} ${unit}`, sv: `under ${max} ${unit}` }];
  return [{ en: `from ${min} to ${max} ${unit}`, sv: `från ${min} till ${max} ${unit}` }];
}

const joined = (all: readonly Words[]): Words => ({
  en: all.map(({ en }) => en).join(', '),
  sv: all.map(({ sv }) => sv).join(', '),
});

/** When an element holds, in words; undefined where it always does. */
export function whenOf(restrictions: Restrictions | undefined): Words | undefined {
  if (restrictions === undefined) return undefined;
  const it = restrictions;
  const said: Words[] = [];
  if (it.day_of_week !== undefined && it.day_of_week.length > 0)
    said.push(
      joined(it.day_of_week.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)).flatMap((day) => days[day] ?? [])),
    );
  if (it.start_time !== undefined || it.end_time !== undefined) {
    const hours = `${it.start_time ?? '00:00'}–${it.end_time ?? '24:00'}`;
    said.push({ en: hours, sv: `kl. ${hours}` });
  }
  if (it.start_date !== undefined) said.push({ en: `from ${it.start_date}`, sv: `från ${it.start_date}` });
  if (it.end_date !== undefined) said.push({ en: `before ${it.end_date}`, sv: `före ${it.end_date}` });
  said.push(
    ...between(it.min_kwh, it.max_kwh, 'kWh'),
    ...between(it.min_power, it.max_power, 'kW'),
    ...between(it.min_current, it.max_current, 'A'),
    ...between(
      it.min_duration === undefined ? undefined : minutes(it.min_duration),
      it.max_duration === undefined ? undefined : minutes(it.max_duration),
      'min',
    ),
  );
  if (it.reservation !== undefined)
    said.push(
      it.reservation === 'RESERVATION'
        ? { en: 'for a reservation', sv: 'vid reservation' }
        : { en: 'for a reservation that expires', sv: 'vid reservation som löper ut' },
    );
  return said.length === 0 ? undefined : joined(said);
}

/** A band of the battery. */
export const socWords = (min: string | undefined, max: string | undefined): Words | undefined =>
  between(min, max, '% SoC')[0];

export const dimensionWords: Readonly<Record<string, Words>> = {
  energy: { en: 'Energy', sv: 'Energi' },
  time: { en: 'Charging time', sv: 'Laddtid' },
  idle: { en: 'Idle time', sv: 'Tid utan laddning' },
  flat: { en: 'Session fee', sv: 'Startavgift' },
  fee: { en: 'Fee', sv: 'Avgift' },
  reservation: { en: 'Reservation', sv: 'Reservation' },
  congestion: { en: 'Congestion fee', sv: 'Trängselavgift' },
  limit: { en: 'Price limit', sv: 'Prisgräns' },
};

export const unitWords: Readonly<Record<string, Words>> = {
  kWh: { en: 'kWh', sv: 'kWh' },
  min: { en: 'min', sv: 'min' },
  h: { en: 'h', sv: 'tim' },
  session: { en: 'session', sv: 'laddning' },
};
