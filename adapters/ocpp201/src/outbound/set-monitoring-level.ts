import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

/** What is as grave as that, or graver, is told: 0 is danger, 9 debugging. [2,"id","SetMonitoringLevel",{"severity":5}] */
export const setMonitoringLevel = (wire: Wire2): Outbound<CommandTable['setMonitoringLevel']> =>
  wire.oneCall({
    action: 'SetMonitoringLevel',
    payload: ({ severity }) => ({ severity }),
    statuses: { Accepted: 'accepted', Rejected: 'rejected' },
  });
