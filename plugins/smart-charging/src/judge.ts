import type { ChargingSchedule, Instant, Questions } from '@plugga/kit';
import { limitsOf, wattsOf } from './limits.ts';

type Verdict = Questions['vehicleSchedule']['answer'];

/** What rounding to a tenth makes of a limit, in either unit. */
const ROUNDING = 0.051;
/** Where watts are held against amperes: what the voltage may be off. */
const OTHER_UNIT = 1.05;

const MOST_PERIODS = 1_024;
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const refuse = (reason: string): Verdict => ({ decision: 'refuse', reason });

/** Why that is no schedule at all. */
function faultOf({ periods, seconds }: ChargingSchedule): string | undefined {
  if (periods.length === 0) return 'the schedule has no periods';
  if (periods.length > MOST_PERIODS) return `the schedule has ${periods.length} periods`;
  for (const [i, { start, limit }] of periods.entries()) {
    if (!isNumber(start) || start < 0) return `period ${i + 1} starts at ${start} s`;
    if (i > 0 && start <= periods[i - 1]!.start) return `period ${i + 1} does not start after the one before`;
    // What is discharged stands elsewhere (2.1).
    if (limit !== undefined && (!isNumber(limit) || limit < 0)) return `period ${i + 1} has the limit ${limit}`;
  }
  return seconds !== undefined && (!isNumber(seconds) || seconds < 0) ? `it lasts ${seconds} s` : undefined;
}

/**
 * Whether what a vehicle means to take is within what it was given (2.0.1 part 2, K15 to K17). `begins`: what its periods count
 * from. A profile without an end holds for as long as the vehicle plans.
 */
export function judge(
  told: ChargingSchedule,
  o: {
    readonly begins: Instant;
    readonly given: ChargingSchedule;
    readonly givenAt: Instant;
    readonly phases: number;
  },
): Verdict {
  const fault = faultOf(told);
  if (fault !== undefined) return refuse(fault);
  const { phases } = o;
  const allowed = limitsOf(o.given, o.givenAt, phases);
  const { unit } = told;
  const slack = unit === o.given.unit ? 1 : OTHER_UNIT;
  const ends = told.seconds === undefined ? Infinity : o.begins + told.seconds * 1_000;
  for (const [i, period] of told.periods.entries()) {
    if (period.limit === undefined) continue;
    const from = o.begins + period.start * 1_000;
    const until = Math.min(ends, o.begins + (told.periods[i + 1]?.start ?? Infinity) * 1_000);
    const of = Math.min(phases, period.phases ?? phases);
    const wants = wattsOf(Math.max(0, period.limit - ROUNDING), { unit, phases: of });
    const above = allowed.find((it) => it.from < until && it.until > from && wants > it.watts * slack);
    if (above !== undefined)
      return refuse(`period ${i + 1} takes ${Math.round(wants)} W where ${Math.round(above.watts)} W are let through`);
  }
  return { decision: 'accept' };
}
