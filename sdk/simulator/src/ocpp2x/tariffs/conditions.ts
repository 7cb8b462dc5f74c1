import { compare, type Exact, exact } from './exact.ts';
import type { Wall } from './local-time.ts';

type Given = Readonly<Record<string, unknown>>;

/** A moment of a transaction, as the conditions of a price look at it (OCPP 2.1, TariffConditionsType). */
export interface Moment {
  readonly wall: () => Wall;
  /** Watt-hours, watts, amperes over all phases, seconds. */
  readonly measured: Readonly<Record<Measured, Exact>>;
  readonly evseKind: 'AC' | 'DC';
}

type Measured = 'Energy' | 'Power' | 'Current' | 'Time' | 'ChargingTime' | 'IdleTime';
export const measures: readonly Measured[] = ['Energy', 'Power', 'Current', 'Time', 'ChargingTime', 'IdleTime'];

/** From the least on and below the most; the most before the least is over midnight, as 00:00 is the end of the day. */
const inWindow = (now: string, from: unknown, to: unknown): boolean => {
  const [start, end] = [typeof from === 'string' ? from : '00:00', typeof to === 'string' ? to : '00:00'];
  return start < end ? now >= start && now < end : now >= start || now < end;
};

const onClock = (when: Given, { date, time, day }: Wall): boolean => {
  const days = when['dayOfWeek'];
  const [from, until] = [when['validFromDate'], when['validToDate']];
  return (
    (!Array.isArray(days) || days.includes(day)) &&
    (typeof from !== 'string' || date >= from) &&
    (typeof until !== 'string' || date < until) &&
    inWindow(time, when['startTimeOfDay'], when['endTimeOfDay'])
  );
};

/** What the clock of a station decides. */
const clockNames = ['dayOfWeek', 'validFromDate', 'validToDate', 'startTimeOfDay', 'endTimeOfDay'] as const;
export const asksClock = (when: Given): boolean => clockNames.some((name) => when[name] !== undefined);
export const clockHolds = (when: Given, wall: () => Wall): boolean => !asksClock(when) || onClock(when, wall());

/** Whether all of them hold. How somebody pays is not known here, so what depends on that does not. */
export const holds = (when: Given, moment: Moment): boolean => {
  if (when['paymentBrand'] !== undefined || when['paymentRecognition'] !== undefined) return false;
  if (when['evseKind'] !== undefined && when['evseKind'] !== moment.evseKind) return false;
  const fits = measures.every((name) => {
    const [least, most] = [exact(when[`min${name}`]), exact(when[`max${name}`])];
    const now = moment.measured[name];
    return (least === undefined || compare(now, least) >= 0) && (most === undefined || compare(now, most) < 0);
  });
  return fits && clockHolds(when, moment.wall);
};
