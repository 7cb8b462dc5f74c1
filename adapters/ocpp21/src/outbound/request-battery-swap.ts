import type { CommandTable } from '@plugga/kit';
import { idTokenOf, longestToken } from '@plugga/ocpp201';
import { wire21 } from '../schema.ts';

/** RequestBatterySwap: the station lets that driver swap batteries (2.1 S02). */
export const requestBatterySwap = wire21.oneCall<CommandTable['requestBatterySwap']>({
  action: 'RequestBatterySwap',
  payload: ({ request, token }, station) =>
    token.value.length > longestToken(station)
      ? `an idToken has at most ${longestToken(station)} characters`
      : { requestId: request, idToken: idTokenOf(token, station) },
  statuses: { Accepted: 'accepted', Rejected: 'rejected' },
});
