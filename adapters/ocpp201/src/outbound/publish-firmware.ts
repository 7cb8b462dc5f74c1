import type { CommandTable, Outbound } from '@plugga/kit';
import type { Wire2 } from '../schema.ts';

/** PublishFirmware: a local controller fetches an image and offers it to the stations behind it (2.0.1 L03). */
export const publishFirmware = (wire: Wire2): Outbound<CommandTable['publishFirmware']> =>
  wire.oneCall({
    action: 'PublishFirmware',
    payload: ({ request, url, checksum, retries, retrySeconds }) => ({
      requestId: request,
      location: url,
      checksum,
      ...(retries !== undefined && { retries }),
      ...(retrySeconds !== undefined && { retryInterval: retrySeconds }),
    }),
    statuses: { Accepted: 'accepted', Rejected: 'rejected' },
  });

/** UnpublishFirmware, by the checksum of the image; refused while a station is fetching it. */
export const unpublishFirmware = (wire: Wire2): Outbound<CommandTable['unpublishFirmware']> =>
  wire.oneCall({
    action: 'UnpublishFirmware',
    payload: ({ checksum }) => ({ checksum }),
    statuses: { Unpublished: 'accepted', DownloadOngoing: 'rejected', NoFirmware: 'rejected' },
  });
