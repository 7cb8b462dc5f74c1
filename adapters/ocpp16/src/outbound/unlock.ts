import type { CommandTable } from '@plugga/kit';
import { oneCall } from '../schema.ts';

/** UnlockConnector. */
export const unlock = oneCall<CommandTable['unlock']>({
  action: 'UnlockConnector',
  payload: ({ evse }) => (evse > 0 ? { connectorId: evse } : 'the station itself has no connector to unlock'),
  statuses: { Unlocked: 'accepted', UnlockFailed: 'rejected', NotSupported: 'unsupported' },
});
