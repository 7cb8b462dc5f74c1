import type { Inbound } from '@plugga/kit';
import { strict, tolerant } from '../schema.ts';

/** [2,"id","SignCertificate",{"csr":"-----BEGIN CERTIFICATE REQUEST-----…"}] : the chain follows later, by CertificateSigned. */
export const signCertificate: Inbound<{ readonly csr: string }, { readonly status: 'Accepted' | 'Rejected' }> = {
  request: tolerant('SignCertificateRequest', { kind: 'plain' }),
  response: strict('SignCertificateResponse'),
  read: ({ csr }) => ({
    facts: [{ kind: 'certificateRequested', csr }],
    ask: { question: 'signCertificate', csr },
  }),
  reply: ({ signCertificate: answer }) => ({ status: answer?.accept === true ? 'Accepted' : 'Rejected' }),
};
