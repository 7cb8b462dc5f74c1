import type { CommandTable } from '@plugga/kit';
import { oneCall } from '../schema.ts';

/** ClearCache: the station forgets which tokens it was told of. */
export const clearCache = oneCall<CommandTable['clearCache']>({
  action: 'ClearCache',
  payload: () => ({}),
  statuses: { Accepted: 'accepted', Rejected: 'rejected' },
});
