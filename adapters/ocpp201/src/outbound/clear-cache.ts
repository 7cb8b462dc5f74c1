import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

/** [2,"id","ClearCache",{}] */
export const clearCache = (wire: Wire2): Outbound<CommandTable['clearCache']> =>
  wire.oneCall({
    action: 'ClearCache',
    payload: () => ({}),
    statuses: { Accepted: 'accepted', Rejected: 'rejected' },
  });
