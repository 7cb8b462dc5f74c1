import type { ChargingSchedule, CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { byStatus, isMembers, type Members, refuse, resultOf } from '@plugga/wire';
import { send } from '../schema.ts';
import { allowedUnits } from './profile.ts';

const read = byStatus({ Accepted: 'accepted', Rejected: 'rejected' });

const periodOf = (raw: unknown): ChargingSchedule['periods'] => {
  if (!isMembers(raw)) return [];
  const [start, limit, phases] = [raw['startPeriod'], raw['limit'], raw['numberPhases']].map(Number);
  if (!Number.isFinite(start) || !Number.isFinite(limit)) return [];
  return [{ start: start ?? 0, limit: limit ?? 0, ...(Number.isInteger(phases) && { phases: phases ?? 0 }) }];
};

const scheduleOf = (payload: Members): ChargingSchedule | undefined => {
  const schedule = payload['chargingSchedule'];
  if (!isMembers(schedule)) return undefined;
  const { duration, startSchedule, chargingRateUnit: unit, chargingSchedulePeriod: periods } = schedule;
  if (unit !== 'A' && unit !== 'W') return undefined;
  const start = payload['scheduleStart'] ?? startSchedule;
  return {
    unit,
    ...(typeof start === 'string' && { start }),
    ...(typeof duration === 'number' && { seconds: duration }),
    periods: Array.isArray(periods) ? periods.flatMap(periodOf) : [],
  };
};

/** GetCompositeSchedule: what the station will really do, in the unit that it was asked in. */
export const compositeSchedule: Outbound<CommandTable['compositeSchedule']> = {
  start: ({ evse = 0, seconds, unit }, station) => {
    if (!Number.isInteger(seconds) || seconds <= 0) return refuse('the duration is whole seconds');
    if (unit !== undefined && !allowedUnits(station).includes(unit))
      return refuse(`the station does not reckon in ${unit} (ChargingScheduleAllowedChargingRateUnit)`);
    return send(
      'GetCompositeSchedule',
      { connectorId: evse, duration: seconds, ...(unit !== undefined && { chargingRateUnit: unit }) },
      evse,
    );
  },
  next: (state, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      const result = read(payload);
      if (result.status !== 'accepted') return result;
      const schedule = scheduleOf(payload);
      return schedule === undefined ? result : { ...result, schedule: { ...schedule, evse: state as number } };
    }),
  }),
};
