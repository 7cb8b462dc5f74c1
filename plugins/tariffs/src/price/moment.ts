import type { Range, When } from './compile.ts';
import { compare, type Ratio } from './ratio.ts';
import type { Wall, Zone } from './zone.ts';

/** The values of a period that restrictions of power and current are tested on; null is not known. */
export interface Band {
  readonly min: Ratio | null;
  readonly max: Ratio | null;
}

/** A moment of a session, as restrictions look at it. */
export interface Moment {
  readonly at: number;
  /** Milliseconds since the session began. */
  readonly elapsed: number;
  readonly kwh: Ratio;
  readonly power: Band;
  readonly current: Band;
  readonly soc: Ratio | null;
  readonly zone: Zone;
  wall?: Wall;
}

/** At least the minimum, below the maximum; what is not known fits nothing. */
const within = ({ min, max }: Range, value: Band): boolean =>
  (min === null || (value.min !== null && compare(value.min, min) >= 0)) &&
  (max === null || (value.max !== null && compare(value.max, max) < 0));

function onClock(clock: NonNullable<When['clock']>, moment: Moment): boolean {
  const { day, minute, weekday } = (moment.wall ??= moment.zone.wall(moment.at));
  if ((clock.weekdays & (1 << weekday)) === 0 || day < clock.fromDay || day >= clock.toDay) return false;
  if (clock.window === undefined) return true;
  const { start, end } = clock.window;
  return start < end ? minute >= start && minute < end : minute >= start || minute < end;
}

/** Whether all restrictions hold at the moment: minimum inclusive, maximum exclusive. */
export const holds = ({ clock, kwh, power, current, seconds, soc }: When, moment: Moment): boolean =>
  (seconds === null || (moment.elapsed >= seconds.min * 1000 && moment.elapsed < seconds.max * 1000)) &&
  (clock === null || onClock(clock, moment)) &&
  (kwh === null || within(kwh, { min: moment.kwh, max: moment.kwh })) &&
  (power === null || within(power, moment.power)) &&
  (current === null || within(current, moment.current)) &&
  (soc === null || within(soc, { min: moment.soc, max: moment.soc }));
