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

/** The longest exiResponse of 2.1, and of 2.0.1. */
const MOST = 17_000;
const MOST_201 = 5_600;

const failed = (reasonCode: string, reason?: string): Reply => ({
  ...{ status: 'Failed', exiResponse: '' },
  statusInfo: { reasonCode, ...(reason !== undefined && { additionalInfo: reason.slice(0, 512) }) },
});

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
  reply: ({ contractCertificate: found }, _, { protocol }) => {
    if (found?.exi === undefined) return failed(found === undefined ? 'NoService' : 'Refused', found?.reason);
    // Cut off it would be no answer to a vehicle.
    if (found.exi.length > (protocol === 'ocpp2.1' ? MOST : MOST_201))
      return failed('TooLarge', `${found.exi.length} characters are more than a message of ${protocol} takes`);
    const told = protocol === 'ocpp2.1' && found.remaining !== undefined ? { remainingContracts: found.remaining } : {};
    return { status: 'Accepted', exiResponse: found.exi, ...told };
  },
});
