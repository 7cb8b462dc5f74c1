import type { CommandResult, CommandTable, Outbound } from '@plugga/kit';
import { byStatus, refuse, resultOf } from '@plugga/wire';
import { scheduleOf } from '../charging-words.ts';
import type { Wire2 } from '../schema.ts';
import { allowedUnits, UNITS_NAME } from './profile.ts';

const read = byStatus({ Accepted: 'accepted', Rejected: 'rejected' });

/** GetCompositeSchedule: what the station will really do, in the unit that it was asked in. */
export const compositeSchedule = (wire: Wire2): Outbound<CommandTable['compositeSchedule']> => ({
  start: ({ evse = 0, seconds, unit }, station) => {
    if (!Number.isInteger(seconds) || seconds <= 0) return refuse('the duration is whole seconds');
    if (unit !== undefined && !allowedUnits(station).includes(unit))
      return refuse(`the station does not reckon in ${unit} (${UNITS_NAME})`);
    return wire.send(
      'GetCompositeSchedule',
      { evseId: evse, duration: seconds, ...(unit !== undefined && { chargingRateUnit: unit }) },
      evse,
    );
  },
  next: (state, answer) => ({
    done: resultOf(answer, (payload): CommandResult => {
      const result = read(payload);
      if (result.status !== 'accepted') return result;
      const schedule = scheduleOf(payload['schedule']);
      return schedule === undefined ? result : { ...result, schedule: { ...schedule, evse: state as number } };
    }),
  }),
});
