import type { CommandTable, Outbound } from '@plugga/kit';
import { setpointsOf } from '@plugga/ocpp201';
import type { Wire21 } from '../schema.ts';

/** UpdateDynamicSchedule: what a dynamic profile holds from now on. */
export const updateDynamicSchedule = (wire: Wire21): Outbound<CommandTable['updateDynamicSchedule']> =>
  wire.oneCall({
    action: 'UpdateDynamicSchedule',
    payload: ({ profile, setpoints }) => ({ chargingProfileId: profile, scheduleUpdate: setpointsOf(setpoints) }),
    statuses: { Accepted: 'accepted', Rejected: 'rejected' },
  });
