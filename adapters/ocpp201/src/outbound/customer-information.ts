import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';
import { idTokenOf, longestToken } from '../token.ts';
import { hashDataOf } from './certificates.ts';

const about = (wire: Wire2, report: boolean): Outbound<CommandTable['readCustomer']> =>
  wire.oneCall({
    action: 'CustomerInformation',
    payload: ({ request, token, customer, certificate, clear = !report }, station) => {
      const most = longestToken(station);
      if (token !== undefined && token.value.length > most)
        return `an idToken has at most ${most} characters in ${station.protocol}`;
      return {
        requestId: request,
        ...{ report, clear },
        ...(token !== undefined && { idToken: idTokenOf(token, station) }),
        ...(customer !== undefined && { customerIdentifier: customer }),
        ...(certificate !== undefined && { customerCertificate: hashDataOf(certificate) }),
      };
    },
    statuses: { Accepted: 'accepted', Rejected: 'rejected', Invalid: 'rejected' },
  });

/** CustomerInformation that reports: what the station keeps of one driver comes as NotifyCustomerInformation. */
export const readCustomer = (wire: Wire2): Outbound<CommandTable['readCustomer']> => about(wire, true);

/** CustomerInformation that clears and reports nothing: the station forgets what it keeps of one driver (2.0.1 N10). */
export const eraseCustomer = (wire: Wire2): Outbound<CommandTable['eraseCustomer']> => about(wire, false);
