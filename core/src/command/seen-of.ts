import { X509Certificate } from 'node:crypto';
import { fingerprintOf } from '../charger/client-certificate.ts';
import { pemBlocks } from '../tls/pem.ts';
import type { Asked } from './queue.ts';

/** What a command was asked with, and what its effect will be known by. */
export function seenOf({ name, payload }: Asked): Readonly<Record<string, unknown>> {
  if (name !== 'certificateSigned') return payload;
  const [own] = pemBlocks(String(payload['chain']), 'CERTIFICATE');
  try {
    return { ...payload, ...(own === undefined ? {} : { fingerprint: fingerprintOf(new X509Certificate(own).raw) }) };
  } catch {
    // Whether the station takes what is no certificate is its affair; nothing will come of it.
    return payload;
  }
}
