import type { Component, CompiledTariff, Dimension } from './compile.ts';
import { limited, type Amounts } from './limits.ts';
import { capped } from './caps.ts';
import { crossing } from './curve.ts';
import { holds, type Moment } from './moment.ts';
import type { Course, Note, Period } from './period.ts';
import { compare, isZero, minus, one, over, parseRatio, plus, ratio, times, whole, zero, type Ratio } from './ratio.ts';
import { stepped } from './step.ts';

/** One line: what one component costs in the session. */
export interface Line {
  readonly component: Component;
  /** kWh, seconds, or once. */
  volume: Ratio;
  net: Ratio;
  vat: Ratio;
  from: number;
  to: number;
  /** Volume by local day, where a cap of the day needs it. */
  readonly days: Map<number, Ratio> | undefined;
  /** Of a line that only takes back what a cap leaves free. */
  readonly cap?: { readonly per: 'session' | 'day'; readonly text: string };
}

export interface Breakdown {
  readonly currency: string;
  readonly lines: readonly Line[];
  readonly before: Amounts;
  readonly limit: 'min_price' | 'max_price' | null;
  readonly total: Amounts;
  readonly taxIncluded: boolean;
  readonly taxKnown: boolean;
  readonly notes: readonly Note[];
}

const order: readonly Dimension[] = [
  'RESERVATION_FLAT',
  'RESERVATION_TIME',
  'FLAT',
  'ENERGY',
  'TIME',
  'PARKING_TIME',
  'CONGESTION_TIME',
];
const HOUR = whole(3600);
const hundred = parseRatio('100');
const unknown = { min: null, max: null };

/**
 * The one price of a session: exact lines, and their sum inside its limits. Per dimension the first component whose
 * restrictions hold at the start of a period prices it; none, and it is free (OCPI 2.2.1 section 11.2.2). Pure.
 */
export function price(course: Course): Breakdown {
  const { periods, reservation, tariff: first, zone } = course;
  const lines = new Map<Component, Line>();
  const notes = new Map<string, Note>(course.notes.map((note) => [note.code, note]));
  const tariffs = new Set<CompiledTariff>();
  let kwh = zero;
  let flat = false;
  let parked = false;
  let graceLeft: Ratio | undefined;

  const add = (component: Component, volume: Ratio, from: number, to: number, day?: number): Line => {
    let line = lines.get(component);
    if (line === undefined) {
      const days = day === undefined ? undefined : new Map<number, Ratio>();
      lines.set(component, (line = { component, volume: zero, net: zero, vat: zero, from, to, days }));
    }
    line.volume = plus(line.volume, volume);
    line.from = Math.min(line.from, from);
    line.to = Math.max(line.to, to);
    if (day !== undefined) line.days?.set(day, plus(line.days.get(day) ?? zero, volume));
    return line;
  };

  if (reservation !== undefined) {
    const { start, end, expired } = reservation;
    const moment: Moment = { at: start, elapsed: 0, kwh: zero, power: unknown, current: unknown, soc: null, zone };
    const { RESERVATION: kept, RESERVATION_EXPIRES: lapsed } = first.reservation;
    const all = expired ? [...lapsed, ...kept] : kept;
    const found = (dimension: Dimension) => all.find((it) => it.dimension === dimension && holds(it.when, moment));
    const fee = found('RESERVATION_FLAT');
    if (fee !== undefined) add(fee, one, start, end);
    const time = found('RESERVATION_TIME');
    if (time !== undefined) add(time, ratio(Math.max(0, end - start), 1000), start, end);
    tariffs.add(first);
  }

  const last = periods.at(-1)?.tariff;
  const lastUsed = new Map<Dimension, Component>();
  for (const period of periods) {
    const { start, end, tariff, energy, time, parking } = period;
    tariffs.add(tariff);
    const moment = momentOf(period, course, kwh);
    const { components } = tariff;
    const day = tariff.caps.length === 0 ? undefined : (moment.wall ??= zone.wall(start)).day;
    const use = (among: readonly Component[], volume: Ratio | undefined): void => {
      if (volume === undefined) return;
      const component = among.find(({ when }) => holds(when, moment));
      if (component === undefined) return;
      add(component, volume, start, end, day);
      if (isZero(volume)) return;
      if (component.dimension === 'PARKING_TIME') parked = true;
      if (tariff === last) lastUsed.set(component.dimension, component);
    };
    if (!flat) {
      const fee = components.FLAT.find(({ when }) => holds(when, moment));
      if (fee !== undefined) {
        add(fee, one, start, end, day);
        flat = true;
      }
    }
    use(components.ENERGY, energy);
    use(components.TIME, time);
    let idle = parking;
    if (idle !== undefined && tariff.idleGraceSeconds > 0) {
      graceLeft ??= whole(tariff.idleGraceSeconds);
      const free = compare(idle, graceLeft) < 0 ? idle : graceLeft;
      graceLeft = minus(graceLeft, free);
      idle = isZero(minus(idle, free)) ? undefined : minus(idle, free);
      if (!isZero(free))
        notes.set('idle_grace', {
          code: 'idle_grace',
          text: `The first ${tariff.idleGraceSeconds} seconds of idle time are free.`,
        });
    }
    use(components.PARKING_TIME, idle);
    if (tariff.congestion !== undefined && period.congested)
      use([tariff.congestion], plus(time ?? zero, parking ?? zero));
    noteUnknown(period, notes);
    if (course.given) noteChange(period, course, kwh, notes);
    if (energy !== undefined) kwh = plus(kwh, energy);
  }
  if (tariffs.size === 0) tariffs.add(first);

  stepped(lines, lastUsed, parked);
  for (const line of lines.values()) cost(line);
  const sorted = [...lines.values()].toSorted(
    (a, b) => order.indexOf(a.component.dimension) - order.indexOf(b.component.dimension),
  );
  const all = capped(sorted, [...tariffs]);
  const before = all.reduce(
    (sum, { net, vat }) => ({ net: plus(sum.net, net), gross: plus(sum.gross, plus(net, vat)) }),
    { net: zero, gross: zero },
  );
  const { applied, total } = limited(before, all, [...tariffs]);
  return {
    currency: first.currency,
    lines: all,
    before,
    limit: applied,
    total,
    taxIncluded: [...tariffs].some(({ taxIncluded }) => taxIncluded),
    taxKnown: !all.some(({ component }) => component.vatText === null && component.tariff.taxStated),
    notes: [...notes.values()],
  };
}

/** What the volume of a line costs, before tax and the tax. */
function cost(line: Line): void {
  const { component, volume } = line;
  const { price: unitPrice, vat, dimension, tariff } = component;
  const hourly = dimension === 'TIME' || dimension.endsWith('_TIME');
  const amount = hourly ? over(times(unitPrice, volume), HOUR) : times(unitPrice, volume);
  if (tariff.taxIncluded) {
    line.net = over(times(amount, hundred), plus(hundred, vat));
    line.vat = minus(amount, line.net);
  } else {
    line.net = amount;
    line.vat = over(times(amount, vat), hundred);
  }
}

const momentOf = (period: Period, { zone, start }: Course, kwh: Ratio): Moment => ({
  at: period.start,
  elapsed: period.start - start,
  kwh,
  power: period.power,
  current: period.current,
  soc: period.soc,
  zone,
});

function noteUnknown({ tariff: { marks, id }, power, current, soc }: Period, notes: Map<string, Note>): void {
  const say = (code: string, what: string) =>
    notes.set(code, {
      code,
      text: `Tariff ${id} depends on ${what}, of which the session says nothing: those elements do not apply.`,
    });
  if (marks.power && power.min === null && power.max === null) say('no_power_data', 'power');
  if (marks.current && current.min === null && current.max === null) say('no_current_data', 'current');
  if (marks.soc && soc === null) say('no_soc_data', 'the state of charge');
}

/** A given period is priced as it was at its start; that a price changes inside it is said. */
function noteChange(period: Period, course: Course, kwh: Ratio, notes: Map<string, Note>): void {
  const code = 'price_change_in_period';
  const { start, end, tariff, energy } = period;
  const { minutes, seconds, kwh: energies } = tariff.marks;
  if (notes.has(code) || end <= start) return;
  const at = momentOf(period, course, kwh);
  const later: Moment[] = [];
  const share = (ms: number) =>
    energy === undefined ? kwh : plus(kwh, over(times(energy, whole(ms - start)), whole(end - start)));
  const push = (ms: number) => {
    if (ms <= start || ms >= end) return;
    const { wall: _, ...moment } = { ...at, at: ms, elapsed: ms - course.start, kwh: share(ms) };
    later.push(moment);
  };
  if (minutes.length > 0) course.zone.marks(start, end, minutes).forEach(push);
  for (const second of seconds) push(course.start + second * 1000);
  const after = energy === undefined ? kwh : plus(kwh, energy);
  for (const mark of energies)
    if (compare(mark, kwh) > 0 && compare(mark, after) < 0) {
      const ms = crossing({ at: start, kwh }, { at: end, kwh: after }, mark);
      const { wall: _, ...moment } = { ...at, at: ms, elapsed: ms - course.start, kwh: mark };
      later.push(moment);
    }
  if (later.length === 0) return;
  const volumes = { FLAT: undefined, ENERGY: energy, TIME: period.time, PARKING_TIME: period.parking };
  const choice = (moment: Moment) =>
    (['ENERGY', 'TIME', 'PARKING_TIME'] as const).map((dimension) =>
      volumes[dimension] === undefined
        ? undefined
        : tariff.components[dimension].find(({ when }) => holds(when, moment)),
    );
  const chosen = choice(at);
  const changed = later.find((moment) => choice(moment).some((it, n) => it !== chosen[n]));
  if (changed !== undefined)
    notes.set(code, {
      code,
      text: `The price changes at ${new Date(changed.at).toISOString()}, inside a charging period that was given as a whole: all of it has the price of its start.`,
    });
}
