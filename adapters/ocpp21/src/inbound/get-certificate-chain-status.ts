import { type Inbound, iso, type Outcome } from '@plugga/kit';
import { hashOf } from '@plugga/ocpp201';
import type { Wire21 } from '../schema.ts';

type Members = Readonly<Record<string, unknown>>;
interface Payload {
  readonly certificateStatusRequests: readonly {
    readonly certificateHashData: Members;
    readonly source: string;
    readonly urls: readonly string[];
  }[];
}
interface Reply {
  readonly certificateStatus: readonly Members[];
}

const STATUS = { good: 'Good', revoked: 'Revoked', unknown: 'Unknown' } as const;
const DAY_MS = 86_400_000;

/** What is said of one certificate; what nobody could find out has failed, and may be asked again in a day. */
const told = (found: NonNullable<Outcome['certificateStatus']>[number] | undefined, now: Outcome['now']) => ({
  status: found?.status === undefined ? 'Failed' : STATUS[found.status],
  nextUpdate: found?.nextUpdate ?? iso((now + DAY_MS) as Outcome['now']),
});

/** [2,"id","GetCertificateChainStatus",{"certificateStatusRequests":[{"source":"OCSP","urls":["http://…"],"certificateHashData":{…}}]}] */
export const getCertificateChainStatus = (wire: Wire21): Inbound<Payload, Reply> => ({
  // Each is said back in the answer: what is none can have none.
  request: wire.strict('GetCertificateChainStatusRequest'),
  response: wire.strict('GetCertificateChainStatusResponse'),
  read: ({ certificateStatusRequests }) => ({
    facts: [{ kind: 'seen' }],
    ask: {
      question: 'certificateStatus',
      certificates: certificateStatusRequests.map(({ certificateHashData, source, urls }) => ({
        certificate: hashOf(certificateHashData),
        source: source === 'CRL' ? ('crl' as const) : ('ocsp' as const),
        urls,
      })),
    },
  }),
  reply: ({ certificateStatus, now }, { certificateStatusRequests }) => ({
    certificateStatus: certificateStatusRequests.map(({ certificateHashData, source }, i) => ({
      certificateHashData,
      source,
      ...told(certificateStatus?.[i], now),
    })),
  }),
});
