import type { CommandTable, Outbound } from '@plugga/kit';
import { refuse, resultOf, superseding } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

const read = superseding({
  Accepted: 'accepted',
  Rejected: 'rejected',
  InvalidCertificate: 'rejected',
  RevokedCertificate: 'rejected',
});

/** UpdateFirmware: signed where there is a signature, and installed when it is told to. */
export const updateFirmware = (wire: Wire2): Outbound<CommandTable['updateFirmware']> => ({
  start: ({ url, request, retries, retrySeconds, retrieveAt, installAt, signature, certificate }) =>
    (signature === undefined) !== (certificate === undefined)
      ? refuse('a signed update has a signature and the certificate that it is made with')
      : wire.send(
          'UpdateFirmware',
          {
            requestId: request,
            ...(retries !== undefined && { retries }),
            ...(retrySeconds !== undefined && { retryInterval: retrySeconds }),
            firmware: {
              location: url,
              retrieveDateTime: retrieveAt,
              ...(installAt !== undefined && { installDateTime: installAt }),
              ...(certificate !== undefined && { signingCertificate: certificate }),
              ...(signature !== undefined && { signature }),
            },
          },
          undefined,
        ),
  next: (_, answer) => ({ done: resultOf(answer, read) }),
});
