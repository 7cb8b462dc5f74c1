import type { Personality } from '../personality.ts';

export const charx: Personality = {
  id: 'charx',
  what: 'Rejects every remote start while AuthorizeRemoteTxRequests is true and its list is empty.',
  source: 'ConnectorIO/connectorio-addons PR #144',
  about: { chargePointVendor: 'Phoenix_Contact', chargePointModel: 'CHARX SEC-3100', firmwareVersion: '1.9.0' },
  configuration: { AuthorizeRemoteTxRequests: 'true' },
  answers: {
    RemoteStartTransaction: (_, { configuration }) =>
      configuration['AuthorizeRemoteTxRequests'] === 'true' ? { result: { status: 'Rejected' } } : undefined,
  },
};
