import { Fraction } from './fraction.ts';
import { bandFor, takenByCaps, type PlainOwn } from './plain-own.ts';
import { wallClock } from './wall-clock.ts';

/** A stretch in which nothing that a price depends on changes: a given charging period, or one second of a session. */
export interface Slice {
  /** Seconds since 1970. */
  readonly at: number;
  readonly charging: number;
  readonly parking: number;
  /** Thousandths of a watt-hour. */
  readonly mwh: number;
  /** Kilowatts: the period's own, else the average. */
  readonly maxPower: number;
  readonly minPower: number;
  /** Amperes, the sum over phases; what is not told matches no restriction. */
  readonly maxCurrent?: number;
  readonly minCurrent?: number;
  readonly tariff?: string;
  /** Percent in the battery, as the car said last. */
  readonly soc?: number;
  readonly congested?: boolean;
}

export interface Stay {
  readonly zone: string;
  readonly start: number;
  readonly slices: Iterable<Slice>;
  readonly reservation?: { readonly seconds: number; readonly start: number; readonly expired: boolean };
}

type Kind = 'ENERGY' | 'TIME' | 'PARKING_TIME' | 'FLAT';
export interface PlainComponent {
  readonly type: Kind;
  readonly price: number;
  readonly step_size: number;
  readonly vat?: number;
}
export interface PlainRestrictions {
  readonly start_time?: string;
  readonly end_time?: string;
  readonly start_date?: string;
  readonly end_date?: string;
  readonly day_of_week?: readonly string[];
  readonly min_kwh?: number;
  readonly max_kwh?: number;
  readonly min_power?: number;
  readonly max_power?: number;
  readonly min_current?: number;
  readonly max_current?: number;
  readonly min_duration?: number;
  readonly max_duration?: number;
  readonly reservation?: 'RESERVATION' | 'RESERVATION_EXPIRES';
}
export interface PlainTariff {
  readonly id: string;
  readonly currency: string;
  readonly elements: readonly {
    readonly price_components: readonly PlainComponent[];
    readonly restrictions?: PlainRestrictions;
  }[];
  readonly min_price?: { readonly excl_vat: number; readonly incl_vat?: number };
  readonly max_price?: { readonly excl_vat: number; readonly incl_vat?: number };
  readonly plugga?: PlainOwn;
}

interface Moment {
  readonly at: number;
  readonly elapsed: number;
  readonly mwh: number;
  readonly maxPower: number;
  readonly minPower: number;
  readonly maxCurrent?: number;
  readonly minCurrent?: number;
}

const minutesOf = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

function inWindow(minute: number, { start_time, end_time }: PlainRestrictions): boolean {
  if (start_time === undefined && end_time === undefined) return true;
  const from = start_time === undefined ? 0 : minutesOf(start_time);
  const until = end_time === undefined ? 0 : minutesOf(end_time);
  if (from === until) return true;
  return from < until ? minute >= from && minute < until : minute >= from || minute < until;
}

const ofTheWall = ['start_time', 'end_time', 'start_date', 'end_date', 'day_of_week'] as const;

function onTheWall(it: PlainRestrictions, zone: string, at: number): boolean {
  if (ofTheWall.every((name) => it[name] === undefined)) return true;
  const local = wallClock(at, zone);
  return (
    inWindow(local.minute, it) &&
    (it.start_date === undefined || local.date >= it.start_date) &&
    (it.end_date === undefined || local.date < it.end_date) &&
    (it.day_of_week === undefined || it.day_of_week.length === 0 || it.day_of_week.includes(local.weekday))
  );
}

function matches(it: PlainRestrictions | undefined, zone: string, now: Moment): boolean {
  if (it === undefined) return true;
  const kwh = now.mwh / 1_000_000;
  return (
    onTheWall(it, zone, now.at) &&
    (it.min_kwh === undefined || kwh >= it.min_kwh) &&
    (it.max_kwh === undefined || kwh < it.max_kwh) &&
    (it.min_power === undefined || now.minPower >= it.min_power) &&
    (it.max_power === undefined || now.maxPower < it.max_power) &&
    (it.min_current === undefined || (now.minCurrent ?? NaN) >= it.min_current) &&
    (it.max_current === undefined || (now.maxCurrent ?? NaN) < it.max_current) &&
    (it.min_duration === undefined || now.elapsed >= it.min_duration) &&
    (it.max_duration === undefined || now.elapsed < it.max_duration)
  );
}

/** So much of a dimension at one price. */
export interface PlainLine {
  readonly dimension: string;
  readonly tariff: string;
  readonly element: number;
  readonly component: PlainComponent;
  /** Thousandths of a watt-hour, seconds, or times. */
  volume: number;
  /** What of it was drawn on each local day, where a cap needs it. */
  readonly days: Map<string, number>;
}

export interface PlainPrice {
  readonly lines: readonly PlainLine[];
  readonly before: { readonly net: Fraction; readonly gross: Fraction };
  readonly limit: 'min_price' | 'max_price' | undefined;
  readonly total: { readonly net: Fraction; readonly gross: Fraction };
  readonly invoice: { readonly net: Fraction; readonly vat: Fraction; readonly gross: Fraction };
}

const zero = new Fraction(0n);
const PER: Readonly<Record<string, number>> = {
  ENERGY: 1_000_000,
  TIME: 3600,
  PARKING_TIME: 3600,
  RESERVATION_TIME: 3600,
  CONGESTION_TIME: 3600,
};

/** Excluding VAT. */
export const netOf = ({ dimension, component, volume }: PlainLine): Fraction =>
  Fraction.of(component.price)
    .times(Fraction.of(BigInt(volume)))
    .by(Fraction.of(PER[dimension] ?? 1));

class Bill {
  readonly lines = new Map<string, PlainLine>();

  day = '';

  add(dimension: string, tariff: string, element: number, component: PlainComponent, volume: number): PlainLine {
    const key = `${dimension} ${tariff} ${element} ${component.price} ${component.vat}`;
    const known = this.lines.get(key);
    if (known !== undefined) {
      known.volume += volume;
      known.days.set(this.day, (known.days.get(this.day) ?? 0) + volume);
      return known;
    }
    const line = { dimension, tariff, element, component, volume, days: new Map([[this.day, volume]]) };
    this.lines.set(key, line);
    return line;
  }

  /** What is billed in whole steps: the rest of the last step at the price that came last. */
  step(dimension: string, last: PlainLine | undefined, tariff: string): void {
    const size = (last?.component.step_size ?? 0) * (dimension === 'ENERGY' ? 1000 : 1);
    if (last === undefined || size === 0) return;
    let volume = 0;
    for (const line of this.lines.values())
      if (line.dimension === dimension && line.tariff === tariff) volume += line.volume;
    const missing = (size - (volume % size)) % size;
    if (volume > 0) last.volume += missing;
  }
}

function reserve(bill: Bill, tariff: PlainTariff, stay: Stay): void {
  const { reservation } = stay;
  if (reservation === undefined) return;
  const now = { at: reservation.start, elapsed: 0, mwh: 0, maxPower: 0, minPower: 0 };
  const find = (kind: Kind) => {
    for (const wanted of reservation.expired ? ['RESERVATION_EXPIRES', 'RESERVATION'] : ['RESERVATION'])
      for (const [index, { price_components, restrictions }] of tariff.elements.entries()) {
        if (restrictions?.reservation !== wanted || !matches(restrictions, stay.zone, now)) continue;
        const component = price_components.find(({ type }) => type === kind);
        if (component !== undefined) return { index, component };
      }
    return undefined;
  };
  const flat = find('FLAT');
  if (flat !== undefined) bill.add('RESERVATION_FLAT', tariff.id, flat.index, flat.component, 1);
  const time = find('TIME');
  if (time === undefined) return;
  const line = bill.add('RESERVATION_TIME', tariff.id, time.index, time.component, reservation.seconds);
  bill.step('RESERVATION_TIME', line, tariff.id);
}

/** The price of a stay as the rules say it, slice by slice, with no thought of speed. */
export function plainPrice(tariffs: readonly PlainTariff[], stay: Stay): PlainPrice {
  const bill = new Bill();
  const first = tariffs[0]!;
  reserve(bill, first, stay);

  const lastOf: Partial<Record<Kind, PlainLine>> = {};
  let flat = false;
  let parked = false;
  let grace = first.plugga?.idleGraceSeconds ?? 0;
  const byDay = first.plugga?.caps?.some(({ per }) => per === 'day') === true;
  let mwh = 0;
  let tariff = first;
  for (const slice of stay.slices) {
    tariff = tariffs.find(({ id }) => id === slice.tariff) ?? first;
    const now = { ...slice, elapsed: slice.at - stay.start, mwh };
    const free = Math.min(grace, slice.parking);
    grace -= free;
    if (byDay) bill.day = wallClock(slice.at, stay.zone).date;
    const volumes: Readonly<Record<Kind, number>> = {
      ENERGY: slice.mwh,
      TIME: slice.charging,
      PARKING_TIME: slice.parking - free,
      FLAT: flat ? 0 : 1,
    };
    const open = new Set<Kind>(
      (['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'] as const).filter((kind) => volumes[kind] > 0),
    );
    for (const kind of open) {
      const band = bandFor(tariff.plugga, kind, slice.soc);
      if (band === undefined) continue;
      open.delete(kind);
      lastOf[kind] = bill.add(kind, tariff.id, -1 - band.index, band.component, volumes[kind]);
      if (kind === 'PARKING_TIME') parked = true;
    }
    const fee = slice.congested === true ? tariff.plugga?.congestion : undefined;
    if (fee !== undefined && (fee.minSoc === undefined || (slice.soc ?? -1) >= fee.minSoc)) {
      const { price, vat } = fee;
      const component = { type: 'TIME', price, step_size: 1, ...(vat === undefined ? {} : { vat }) } as const;
      bill.add('CONGESTION_TIME', tariff.id, -100, component, slice.charging + slice.parking);
    }
    for (const [index, { price_components, restrictions }] of tariff.elements.entries()) {
      if (open.size === 0) break;
      if (restrictions?.reservation !== undefined) continue;
      if (!price_components.some(({ type }) => open.has(type)) || !matches(restrictions, stay.zone, now)) continue;
      for (const component of price_components) {
        if (!open.delete(component.type)) continue;
        lastOf[component.type] = bill.add(component.type, tariff.id, index, component, volumes[component.type]);
        if (component.type === 'FLAT') flat = true;
        if (component.type === 'PARKING_TIME') parked = true;
      }
    }
    mwh += slice.mwh;
  }
  const ofLast = (kind: Kind) => (lastOf[kind]?.tariff === tariff.id ? lastOf[kind] : undefined);
  bill.step('ENERGY', ofLast('ENERGY'), tariff.id);
  const timed = parked ? 'PARKING_TIME' : 'TIME';
  bill.step(timed, ofLast(timed), tariff.id);
  return totalled(first, [...bill.lines.values()]);
}

function totalled(tariff: PlainTariff, lines: readonly PlainLine[]): PlainPrice {
  const taken = takenByCaps(tariff.plugga, lines, netOf);
  const lostOf = (line: PlainLine): Fraction => taken.get(line) ?? zero;
  const net = lines.reduce((sum, line) => sum.plus(netOf(line)).minus(lostOf(line)), zero);
  const gross = lines.reduce((sum, line) => {
    const left = netOf(line).minus(lostOf(line));
    return sum.plus(left).plus(left.times(Fraction.of(line.component.vat ?? 0)).by(Fraction.of(100)));
  }, zero);
  const limited = within(tariff, net, gross);
  const cent = (value: Fraction) => value.rounded(2);
  if (limited.limit !== undefined) {
    const invoice = { net: cent(limited.net), gross: cent(limited.gross) };
    return {
      lines,
      before: { net, gross },
      limit: limited.limit,
      total: limited,
      invoice: { ...invoice, vat: invoice.gross.minus(invoice.net) },
    };
  }
  const bases = new Map<number, Fraction>();
  for (const line of lines) {
    const rate = line.component.vat ?? 0;
    bases.set(rate, (bases.get(rate) ?? zero).plus(cent(netOf(line))).minus(cent(lostOf(line))));
  }
  let [billed, vat] = [zero, zero];
  for (const [rate, base] of bases) {
    billed = billed.plus(base);
    vat = vat.plus(cent(base.times(Fraction.of(rate)).by(Fraction.of(100))));
  }
  return {
    lines,
    before: { net, gross },
    limit: undefined,
    total: { net, gross },
    invoice: { net: billed, vat, gross: billed.plus(vat) },
  };
}

function within(tariff: PlainTariff, net: Fraction, gross: Fraction) {
  let [newNet, newGross] = [net, gross];
  let limit: 'min_price' | 'max_price' | undefined;
  for (const [name, sign] of [
    ['min_price', 1],
    ['max_price', -1],
  ] as const) {
    const bound = tariff[name];
    if (bound === undefined) continue;
    const beyond = (value: Fraction, edge: number | undefined) =>
      edge !== undefined && Fraction.of(edge).compare(value) === sign;
    const netMoves = beyond(newNet, bound.excl_vat);
    const grossMoves = beyond(newGross, bound.incl_vat);
    if (!netMoves && !grossMoves) continue;
    limit = name;
    const before = newNet;
    if (netMoves) newNet = Fraction.of(bound.excl_vat);
    if (grossMoves) newGross = Fraction.of(bound.incl_vat!);
    else if (!before.isZero) newGross = newNet.plus(newGross.minus(before).times(newNet).by(before));
    else newGross = newNet;
  }
  return { net: newNet, gross: newGross, limit };
}
