import { z } from '@plugga/kit';
import { failTariff } from '../errors.ts';
import { compile, type CompiledTariff } from './compile.ts';
import { amount, dateTime, msOf } from './number.ts';
import type { Band } from './moment.ts';
import type { Course, Note, Period } from './period.ts';
import { pointsOf } from './readings.ts';
import { over, parseRatio, plus, ratio, times, toFixed, whole, zero, type Ratio } from './ratio.ts';
import { split } from './split.ts';
import { tariffBody, type TariffBody } from './tariff.ts';
import { zone } from './zone.ts';

const stretch = z.object({ from: dateTime, to: dateTime });

const period = z.object({
  start_date_time: dateTime,
  dimensions: z.array(z.object({ type: z.string(), volume: amount })).max(100),
  tariff_id: z.string().nullish(),
});

/** A session to be priced: charging periods as OCPI has them, or readings of the meter. */
export const pricedSession = z.object({
  time_zone: z.string().min(1),
  start_date_time: dateTime,
  end_date_time: dateTime,
  currency: z.string().optional(),
  input_kind: z.enum(['charging_periods', 'meter_readings']).optional(),
  charging_periods: z.array(period).max(100_000).optional(),
  meter_readings: z
    .array(z.object({ charger_time: dateTime, received_at: dateTime.optional(), register_kwh: amount }))
    .max(100_000)
    .optional(),
  register_modulus_kwh: amount.optional(),
  reservation: z
    .object({ start: dateTime, end: dateTime, outcome: z.enum(['USED', 'EXPIRED', 'CANCELED', 'CANCELLED']) })
    .nullish(),
  /** Of measured sessions: SuspendedEV is idle, SuspendedEVSE is not. */
  states: z.array(stretch.extend({ state: z.string() })).optional(),
  soc: z.array(z.object({ at: dateTime, percent: amount })).optional(),
  /** When the site was congested. */
  congestion: z.array(stretch).optional(),
});
export type PricedSession = z.output<typeof pricedSession>;

/** What `plugga tariff price` and `POST /tariffs/price` take. */
export const pricedVector = z.looseObject({
  name: z.string().optional(),
  tariffs: z.array(tariffBody).min(1).max(100),
  session: pricedSession,
});
export type PricedVector = z.output<typeof pricedVector>;

const refuse = (field: string, message: string): never => {
  throw failTariff('tariff-invalid', `${field}: ${message}`, { details: { errors: [{ path: field, message }] } });
};

/** A vector as the engine prices it; refuses by the field's name what cannot be priced. */
export function courseOf({ tariffs: bodies, session }: PricedVector): Course {
  const [start, end] = [msOf(session.start_date_time), msOf(session.end_date_time)];
  if (end < start) refuse('session.end_date_time', 'is before start_date_time');
  const tariff = tariffAt(bodies, start);
  const currency = session.currency ?? tariff.currency;
  bodies.forEach((it, n) => {
    if (it.currency !== currency) refuse(`tariffs.${n}.currency`, `is ${it.currency}, the session is in ${currency}`);
  });
  const measured = session.input_kind === 'meter_readings' || session.charging_periods === undefined;
  const { periods, notes } = measured
    ? measuredPeriods(session, tariff, start, end)
    : { periods: givenPeriods(session, bodies, tariff, start, end), notes: [] };
  const { reservation } = session;
  const held =
    reservation == null
      ? undefined
      : { start: msOf(reservation.start), end: msOf(reservation.end), expired: reservation.outcome === 'EXPIRED' };
  if (held !== undefined && held.end < held.start) refuse('session.reservation.end', 'is before start');
  return { zone: zone(session.time_zone), start, end, periods, given: !measured, reservation: held, tariff, notes };
}

/** The first that is valid at the start; kept to the end. */
function tariffAt(bodies: readonly TariffBody[], start: number): CompiledTariff {
  const found = bodies.map(compile).find(({ from, until }) => from <= start && start < until);
  return found ?? refuse('tariffs', 'none is valid at the start of the session');
}

function givenPeriods(
  { charging_periods: given = [] }: PricedSession,
  bodies: readonly TariffBody[],
  tariff: CompiledTariff,
  start: number,
  end: number,
): Period[] {
  const starts = given.map(({ start_date_time }) => msOf(start_date_time));
  return given.map(({ dimensions, tariff_id }, n) => {
    const field = `session.charging_periods.${n}`;
    const [from, to] = [starts[n] ?? start, starts[n + 1] ?? end];
    if (from < start) refuse(`${field}.start_date_time`, 'is before the start of the session');
    if (to < from)
      refuse(
        `${field}.start_date_time`,
        n + 1 < given.length ? 'is after the start of the next period' : 'is after the end of the session',
      );
    const volumes = new Map<string, Ratio>();
    for (const { type, volume } of dimensions) volumes.set(type, plus(volumes.get(type) ?? zero, parseRatio(volume)));
    if (volumes.has('RESERVATION_TIME'))
      refuse(`${field}.dimensions`, 'RESERVATION_TIME is priced from session.reservation; leave it out here');
    const seconds = ratio(to - from, 1000);
    const [time, parking, energy] = [volumes.get('TIME'), volumes.get('PARKING_TIME'), volumes.get('ENERGY')];
    // With exactly one of the two the timestamps are exact; hours of four or six decimals mean the nearest whole second.
    const timed = (volume: Ratio | undefined, other: Ratio | undefined) =>
      volume === undefined
        ? undefined
        : other === undefined
          ? seconds
          : parseRatio(toFixed(times(volume, whole(3600)), 0));
    const average = from === to ? undefined : over(times(energy ?? zero, whole(3600)), seconds);
    return {
      start: from,
      end: to,
      tariff:
        tariff_id == null || tariff_id === tariff.id ? tariff : named(bodies, tariff_id, start, `${field}.tariff_id`),
      energy,
      time: timed(time, parking),
      parking: timed(parking, time),
      power: band(volumes, 'POWER', average),
      current: band(volumes, 'CURRENT', undefined),
      soc: volumes.get('STATE_OF_CHARGE') ?? null,
      congested: false,
    };
  });
}

const named = (bodies: readonly TariffBody[], id: string, start: number, field: string): CompiledTariff => {
  const all = bodies.filter((it) => it.id === id).map(compile);
  return (
    all.find(({ from, until }) => from <= start && start < until) ??
    all[0] ??
    refuse(field, `there is no tariff "${id}"`)
  );
};

/** MIN_ and MAX_ as they are given, each standing in for the other; else the plain value, else the average. */
function band(volumes: ReadonlyMap<string, Ratio>, of: 'POWER' | 'CURRENT', average: Ratio | undefined): Band {
  const [min, max] = [volumes.get(`MIN_${of}`), volumes.get(`MAX_${of}`)];
  const plain = volumes.get(of) ?? average ?? null;
  return { min: min ?? max ?? plain, max: max ?? min ?? plain };
}

function measuredPeriods(
  session: PricedSession,
  tariff: CompiledTariff,
  start: number,
  end: number,
): { readonly periods: readonly Period[]; readonly notes: readonly Note[] } {
  if (session.meter_readings === undefined) return refuse('session', 'needs charging_periods or meter_readings');
  const modulus = session.register_modulus_kwh === undefined ? undefined : parseRatio(session.register_modulus_kwh);
  const { points, notes } = pointsOf(
    session.meter_readings.map(({ charger_time, received_at, register_kwh }) => ({
      at: msOf(charger_time),
      receivedAt: msOf(received_at ?? charger_time),
      register: parseRatio(register_kwh),
    })),
    { start, end, modulus },
  );
  const stretches = (all: readonly z.output<typeof stretch>[] = []) =>
    all.map(({ from, to }) => ({ from: msOf(from), to: msOf(to) })).toSorted((a, b) => a.from - b.from);
  const cut = split(
    {
      zone: zone(session.time_zone),
      start,
      end,
      points: () => points,
      energy: points.at(-1)?.kwh ?? zero,
      idle: stretches(session.states?.filter(({ state }) => /^suspendedEV$/i.test(state))),
      soc: (session.soc ?? []).map(({ at, percent }) => ({ at: msOf(at), percent: parseRatio(percent) })),
      congested: stretches(session.congestion),
    },
    tariff,
  );
  return { periods: cut.periods, notes: [...notes, ...cut.notes] };
}
