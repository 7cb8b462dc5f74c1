import { type AskedCertificate, type CertificateState, type Context, iso, instant } from '@plugga/kit';
import type { Certificate } from './certificate.ts';
import { ocspRequest, readOcsp } from './ocsp.ts';

/** What is known of one certificate, and why no more is. */
export type Told = CertificateState & { readonly reason?: string };

export interface Revocations {
  /** Asks those who tell whether it is revoked; `issuers`: certificates among which its issuer may be. Never rejects. */
  of(
    asked: AskedCertificate,
    o: { readonly issuers: readonly Certificate[]; readonly signal: AbortSignal },
  ): Promise<Told>;
}

/** Of one responder. The station waits for all of it, and a car for the station. */
const WITHIN_MS = 4_000;
const MOST_URLS = 2;
/** Longer than that nobody relies on an answer, whatever it says of itself: a contract may be revoked at any time. */
const KEPT_MS = 3_600_000;
const MOST_KEPT = 1_000;

const keyOf = ({ certificate: it }: AskedCertificate): string =>
  [it.algorithm, it.issuerNameHash, it.issuerKeyHash, it.serialNumber].join('/').toLowerCase();

/** Answers of responders, kept while they hold. */
export function revocations({
  clock,
  outside,
}: Pick<Context<unknown, unknown, never, never, unknown>, 'clock' | 'outside'>): Revocations {
  const kept = new Map<string, { readonly told: Told; readonly until: number }>();
  const keep = (key: string, told: Told, until: number): void => {
    kept.delete(key);
    kept.set(key, { told, until });
    for (const oldest of kept.size > MOST_KEPT ? kept.keys() : []) {
      kept.delete(oldest);
      break;
    }
  };

  const askedOf = async (url: string, asked: AskedCertificate, o: Parameters<Revocations['of']>[1]): Promise<Told> => {
    try {
      const { status, body } = await outside.request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' },
        ...{ body: ocspRequest(asked.certificate), withinMs: WITHIN_MS, plain: true, signal: o.signal },
      });
      const now = clock.now();
      const answer = status === 200 ? readOcsp(body, asked.certificate, { issuers: o.issuers, now }) : undefined;
      if (answer === undefined) return { reason: `${url}: no answer about that certificate (HTTP ${status})` };
      const { status: is, nextUpdate, reason } = answer;
      const told: Told = {
        ocsp: Buffer.from(body).toString('base64'),
        ...(is !== undefined && { status: is }),
        ...(nextUpdate !== undefined && { nextUpdate: iso(instant(nextUpdate)) }),
        ...(reason !== undefined && { reason: `${url}: ${reason}` }),
      };
      if (is === 'good' || is === 'revoked') keep(keyOf(asked), told, Math.min(nextUpdate ?? now, now + KEPT_MS));
      return told;
    } catch (error) {
      return { reason: error instanceof Error ? error.message : String(error) };
    }
  };

  return {
    async of(asked, o) {
      if (asked.source !== 'ocsp') return { reason: 'revocation lists are not read here' };
      const known = kept.get(keyOf(asked));
      if (known !== undefined && clock.now() < known.until) return known.told;
      let told: Told = { reason: 'nobody is named who could tell whether it is revoked' };
      for (const url of asked.urls.slice(0, MOST_URLS)) {
        told = await askedOf(url, asked, o);
        if (told.status !== undefined) break;
      }
      return told;
    },
  };
}
