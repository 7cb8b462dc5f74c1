import { answersOther, type Case } from '../../script/case.ts';
import { instant, oneOf } from '../../script/fit.ts';
import type { Payload } from '../../script/station.ts';
import { booted } from '../../ocpp201/cases/plays.ts';

const hash = (serialNumber: string) => ({
  ...{ hashAlgorithm: 'SHA256', serialNumber },
  ...{ issuerNameHash: 'ab'.repeat(32), issuerKeyHash: 'cd'.repeat(32) },
});
const chain = [
  { source: 'OCSP', urls: ['http://ocsp.example.org'], certificateHashData: hash('01') },
  { source: 'CRL', urls: ['http://crl.example.org'], certificateHashData: hash('02') },
];

export const certificates: readonly Case[] = [
  {
    // Whether it is known there or not: each certificate is answered, and when to ask again.
    id: 'GetCertificateChainStatus',
    run: async (t) => {
      const s = await booted(t);
      const wanted = chain.map(({ source, certificateHashData }) => ({
        ...{ source, certificateHashData, nextUpdate: instant },
        status: oneOf('Good', 'Revoked', 'Unknown', 'Failed'),
      }));
      await s.says('GetCertificateChainStatus', { certificateStatusRequests: chain }, { certificateStatus: wanted });
      s.quiet();
    },
    twins: [
      answersOther('GetCertificateChainStatus', first, 'one is not answered'),
      answersOther('GetCertificateChainStatus', turned, 'they are answered in another order'),
    ],
  },
];

function first(payload: Payload): Payload {
  return { certificateStatus: (payload['certificateStatus'] as readonly unknown[]).slice(0, 1) };
}
function turned(payload: Payload): Payload {
  return { certificateStatus: [...(payload['certificateStatus'] as readonly unknown[])].reverse() };
}
