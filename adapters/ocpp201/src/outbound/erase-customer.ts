import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';
import { idTokenOf, longestToken } from '../token.ts';

/** CustomerInformation that clears and reports nothing: the station forgets what it keeps of one driver (2.0.1 N10). */
export const eraseCustomer = (wire: Wire2): Outbound<CommandTable['eraseCustomer']> =>
  wire.oneCall({
    action: 'CustomerInformation',
    payload: ({ request, token, customer }, station) => {
      const most = longestToken(station);
      if (token !== undefined && token.value.length > most)
        return `an idToken has at most ${most} characters in ${station.protocol}`;
      return {
        requestId: request,
        report: false,
        clear: true,
        ...(token !== undefined && { idToken: idTokenOf(token, station) }),
        ...(customer !== undefined && { customerIdentifier: customer }),
      };
    },
    statuses: { Accepted: 'accepted', Rejected: 'rejected', Invalid: 'rejected' },
  });
