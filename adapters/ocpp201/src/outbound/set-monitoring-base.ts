import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

const BASE = { all: 'All', factory: 'FactoryDefault', hardWired: 'HardWiredOnly' } as const;

/** [2,"id","SetMonitoringBase",{"monitoringBase":"FactoryDefault"}] */
export const setMonitoringBase = (wire: Wire2): Outbound<CommandTable['setMonitoringBase']> =>
  wire.oneCall({
    action: 'SetMonitoringBase',
    payload: ({ base }) => ({ monitoringBase: BASE[base] }),
    statuses: { Accepted: 'accepted', Rejected: 'rejected', NotSupported: 'unsupported', EmptyResultSet: 'rejected' },
  });
