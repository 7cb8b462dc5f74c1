import type { ContractStatus } from '@plugga/kit';
import { type Certificate, hasSigned, isInForce, isIssuerOf, isSame } from './certificate.ts';

/** Why a contract is not good. */
export interface Flaw {
  readonly status: Exclude<ContractStatus, 'accepted'>;
  readonly reason: string;
}
/** A chain that is good but for what only its authorities know: each with its issuer, those that are trusted left out. */
export interface Judged {
  readonly links: readonly { readonly certificate: Certificate; readonly issuer: Certificate }[];
}

/** ISO 15118 has at most two authorities between contract and root. */
const MOST = 5;

const flaw = (status: Flaw['status'], reason: string): Flaw => ({ status, reason });
const called = ({ x509 }: Certificate): string => `"${x509.subject.replaceAll('\n', ', ')}"`;

/** `DE-8AC-C12E46L89` is `DE8ACC12E46L89`; the check digit after its 14 characters may be left out (ISO 15118-2, annex H). */
const isSameEmaid = (a: string, b: string): boolean => {
  const [one, other] = [a, b].map((it) => it.replaceAll(/[-*\s]/g, '').toUpperCase()) as [string, string];
  const isShort = Math.min(one.length, other.length) === 14 && Math.max(one.length, other.length) === 15;
  return isShort ? one.slice(0, 14) === other.slice(0, 14) : one === other;
};

/** The certificates up to the first that is trusted, and that one. */
function upTo(
  chain: readonly Certificate[],
  trusted: readonly Certificate[],
): { readonly path: readonly Certificate[] } | Flaw {
  const known = chain.findIndex((it) => trusted.some((anchor) => isSame(anchor, it)));
  if (known === 0) return flaw('chainError', 'the contract is itself a certificate that is trusted');
  if (known > 0) return { path: chain.slice(0, known + 1) };
  const last = chain.at(-1)!;
  const named = trusted.filter((anchor) => isIssuerOf(anchor, last));
  const anchor = named.find((it) => hasSigned(it, last));
  if (anchor !== undefined) return { path: [...chain, anchor] };
  return named.length > 0
    ? flaw('signatureError', `${called(last)} is not signed by the root that it names`)
    : flaw('chainError', `no root that is trusted stands over ${called(last)}`);
}

/**
 * Whether a contract certificate, first of its chain, leads to somebody who is trusted: order, signatures, who may sign, times,
 * and the name that the vehicle gave. Whether one is revoked is not looked at here.
 */
export function judgeChain(
  chain: readonly Certificate[],
  o: { readonly trusted: readonly Certificate[]; readonly emaid: string; readonly now: number },
): Judged | Flaw {
  const [leaf] = chain;
  if (leaf === undefined) return flaw('notAvailable', 'there is no certificate');
  if (chain.length > MOST) return flaw('chainError', `a chain of ${chain.length} certificates is too long`);
  const found = upTo(chain, o.trusted);
  if ('status' in found) return found;
  const links = found.path.slice(0, -1).map((certificate, i) => ({ certificate, issuer: found.path[i + 1]! }));
  const strange = links.find(({ certificate, issuer }) => !isIssuerOf(issuer, certificate));
  if (strange !== undefined)
    return flaw('chainError', `${called(strange.certificate)} was not issued by ${called(strange.issuer)} after it`);
  const forged = links.find(({ certificate, issuer }) => !hasSigned(issuer, certificate));
  if (forged !== undefined)
    return flaw('signatureError', `${called(forged.certificate)} is not signed by ${called(forged.issuer)}`);
  if (leaf.x509.ca) return flaw('chainError', `the contract ${called(leaf)} is an authority`);
  // Below the nth of them stand n - 1 authorities.
  const over = links.find(({ issuer }, i) => !issuer.maySign || i > (issuer.most ?? i));
  if (over !== undefined) return flaw('chainError', `${called(over.issuer)} may not issue what stands below it`);
  const past = found.path.find((it) => !isInForce(it, o.now));
  if (past !== undefined)
    return flaw('expired', `${called(past)} is in force from ${past.x509.validFrom} to ${past.x509.validTo}`);
  if (leaf.commonName === undefined || !isSameEmaid(leaf.commonName, o.emaid))
    return flaw('notAvailable', `${called(leaf)} is the contract of another`);
  return { links };
}
