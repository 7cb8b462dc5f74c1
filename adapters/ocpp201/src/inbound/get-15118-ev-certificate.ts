import type { Inbound } from '@plugga/kit';
import { numberOf } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';

interface Payload {
  readonly iso15118SchemaVersion: string;
  readonly action: string;
  readonly exiRequest: string;
  readonly maximumContractCertificateChains?: unknown;
  readonly prioritizedEMAIDs?: unknown;
}
interface Reply {
  readonly status: 'Accepted' | 'Failed';
  readonly exiResponse: string;
  readonly remainingContracts?: number;
  readonly statusInfo?: { readonly reasonCode: string; readonly additionalInfo?: string };
}

/** [2,"id","Get15118EVCertificate",{"iso15118SchemaVersion":"urn:iso:15118:2:2013:MsgDef","action":"Install","exiRequest":"gJg…"}] */
export const get15118EvCertificate = (wire: Wire2): Inbound<Payload, Reply> => ({
  request: wire.tolerant('Get15118EVCertificateRequest', { kind: 'plain' }),
  response: wire.strict('Get15118EVCertificateResponse'),
  read: ({ iso15118SchemaVersion, action, exiRequest, maximumContractCertificateChains, prioritizedEMAIDs }) => {
    const most = numberOf(maximumContractCertificateChains);
    const emaids = Array.isArray(prioritizedEMAIDs)
      ? prioritizedEMAIDs.filter((it): it is string => typeof it === 'string')
      : [];
    return {
      // What the vehicle wrote is for the service that signs, and not kept here.
      facts: [{ kind: 'noted', topic: 'contractCertificate', data: { action, schema: iso15118SchemaVersion } }],
      ask: {
        question: 'contractCertificate',
        schema: iso15118SchemaVersion,
        action: action === 'Update' ? 'update' : 'install',
        exi: exiRequest,
        ...(most !== undefined && { mostChains: most }),
        ...(emaids.length > 0 && { emaids }),
      },
    };
  },
  reply: ({ contractCertificate: found }, _, { protocol }) =>
    found?.exi === undefined
      ? {
          status: 'Failed',
          exiResponse: '',
          statusInfo: {
            reasonCode: found === undefined ? 'NoService' : 'Refused',
            ...(found?.reason !== undefined && { additionalInfo: found.reason.slice(0, 512) }),
          },
        }
      : {
          status: 'Accepted',
          exiResponse: found.exi,
          ...(protocol === 'ocpp2.1' && found.remaining !== undefined && { remainingContracts: found.remaining }),
        },
});
