import { weekdays, type Element, type Tariff } from './form.ts';

const HOURS = 24;
const MINUTES = 60;

const minutesOf = (text: unknown): number | undefined => {
  const found = typeof text === 'string' ? /^(\d\d):(\d\d)$/.exec(text) : null;
  return found === null ? undefined : Number(found[1]) * MINUTES + Number(found[2]);
};

/** Whether an element's clock and weekdays hold in the middle of that hour of the week; its other restrictions are the engine's. */
function holdsAt({ restrictions = {} }: Element, hour: number): boolean {
  const days = restrictions['day_of_week'] as readonly string[] | undefined;
  const day = weekdays[Math.floor(hour / HOURS)]!;
  const minute = (hour % HOURS) * MINUTES + MINUTES / 2;
  const from = minutesOf(restrictions['start_time']) ?? 0;
  const to = minutesOf(restrictions['end_time']) ?? 0;
  // 00:00 as an end is the end of the day; a window whose end is not after its start goes over midnight.
  const end = to === 0 ? HOURS * MINUTES : to;
  const isInside = from < end ? minute >= from && minute < end : minute >= from || minute < end;
  return isInside && (days === undefined || days.length === 0 || days.includes(day));
}

/** Hours of the week in which the same elements hold have the same price: only one of each group is asked of the engine. */
export function groupsOf({ elements }: Tariff): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (let hour = 0; hour < weekdays.length * HOURS; hour += 1) {
    const key = elements.map((element) => (holdsAt(element, hour) ? '1' : '0')).join('');
    groups.set(key, [...(groups.get(key) ?? []), hour]);
  }
  return [...groups.values()];
}

export interface Example {
  readonly kWh: number;
  readonly minutes: number;
  readonly idleMinutes: number;
  /** Hour of the week at which it begins, Monday 0. */
  readonly hour: number;
}

/** A Monday like any other; the site's clock is taken for UTC, so that hours are hours. */
const MONDAY = Date.UTC(2026, 4, 4);
const at = (hour: number, minute: number): string =>
  new Date(MONDAY + (hour * MINUTES + minute) * 60_000).toISOString();
const STEP = 15;

/** A session as POST /tariffs/price takes it: the register every 15 minutes, then idle. */
export function vectorOf(tariff: Tariff, { kWh, minutes, idleMinutes, hour }: Example): unknown {
  // Its own validity would leave nothing to show of one that begins next month.
  const { start_date_time: _from, end_date_time: _until, ...always } = tariff;
  const marks = Array.from({ length: Math.ceil(minutes / STEP) }, (_, n) => Math.min((n + 1) * STEP, minutes));
  const registers = [0, ...marks].map((minute) => ({
    charger_time: at(hour, minute),
    register_kwh: ((kWh * minute) / minutes).toFixed(3),
  }));
  const end = at(hour, minutes + idleMinutes);
  return {
    tariffs: [always],
    session: {
      time_zone: 'UTC',
      ...{ start_date_time: at(hour, 0), end_date_time: end, currency: tariff.currency },
      input_kind: 'meter_readings',
      meter_readings:
        idleMinutes === 0 ? registers : [...registers, { charger_time: end, register_kwh: kWh.toFixed(3) }],
      states: idleMinutes === 0 ? [] : [{ from: at(hour, minutes), to: end, state: 'SuspendedEV' }],
    },
  };
}

export interface Priced {
  readonly lines: readonly {
    readonly dimension: string;
    readonly price: string;
    readonly billed_volume: string;
    readonly unit: string;
    readonly cost_excl_vat: string;
    readonly vat: string;
  }[];
  readonly invoice: { readonly net: string; readonly vat: string; readonly gross: string };
  readonly limit_applied: string | null;
  readonly remarks: readonly string[];
}

/** Decimal text, or a/b where the decimal does not end, for drawing and comparing only. */
export const valueOf = (text: string): number => {
  const [over = '', under] = text.split('/');
  return under === undefined ? Number(over) : Number(over) / Number(under);
};

/** What a kWh costs with VAT; undefined where the energy has no price then. */
export function energyPrice({ lines }: Priced): number | undefined {
  const energy = lines.filter(({ dimension }) => dimension === 'ENERGY');
  return energy.length === 0
    ? undefined
    : energy.reduce((sum, line) => sum + valueOf(line.cost_excl_vat) + valueOf(line.vat), 0);
}

export interface Run {
  readonly from: number;
  readonly hours: number;
  readonly price: number | undefined;
}
/** The hours of one day, equal neighbours as one. */
export function runsOf(prices: readonly (number | undefined)[], day: number): readonly Run[] {
  const runs: { from: number; hours: number; price: number | undefined }[] = [];
  for (let hour = 0; hour < HOURS; hour += 1) {
    const price = prices[day * HOURS + hour];
    const last = runs.at(-1);
    if (last !== undefined && last.price === price) last.hours += 1;
    else runs.push({ from: hour, hours: 1, price });
  }
  return runs;
}
