import type { AskedCertificate, ContractStatus, Questions } from '@plugga/kit';
import { type Certificate, hashOf, isInForce, isIssuerIn, isNamed, readChain } from './certificate.ts';
import { type Flaw, type Judged, judgeChain } from './contract.ts';
import type { Revocations, Told } from './revocation.ts';

type Asked = Questions['certificateStatus']['ask'];

/** What it is judged by. */
export interface Measure {
  /** Whom contracts may lead to. */
  readonly contractRoots: readonly Certificate[];
  /** Those, and all others whose word on revocation counts. */
  readonly roots: readonly Certificate[];
  /** Nobody answers who could tell whether a certificate is revoked: then the contract is refused, unless this is set. */
  readonly acceptUnchecked: boolean;
  readonly now: number;
  readonly revocations: Revocations;
  readonly signal: AbortSignal;
}

export interface Verdict {
  readonly contract: ContractStatus;
  /** Why it is not good. */
  readonly reason?: string;
  /** Of those that were asked about, in their order. */
  readonly states: readonly Told[];
}

/** A contract of which only the hashes were shown: the station has seen the rest. The last was issued by a root. */
function judgeHashes(certificates: readonly AskedCertificate[], { contractRoots, now }: Measure): Flaw | undefined {
  const last = certificates.at(-1);
  if (last === undefined) return { status: 'notAvailable', reason: 'there is no certificate' };
  const root = contractRoots.find((it) => isIssuerIn(last.certificate, it));
  if (root === undefined)
    return { status: 'chainError', reason: 'no root that is trusted has issued the last of them' };
  return isInForce(root, now) ? undefined : { status: 'expired', reason: 'the root is not in force' };
}

type Link = Judged['links'][number];

/** What is to be found out of one of the chain: by its own hashes, for a station without the root makes up those of the last. */
const askAbout = ({ certificate, issuer }: Link, certificates: readonly AskedCertificate[]): AskedCertificate => ({
  certificate: hashOf(certificate, issuer),
  source: 'ocsp',
  urls: [...new Set([...certificate.responders, ...certificates.flatMap(({ urls }) => urls)])],
});

/** What is said of certificates that are no contract: whether they are revoked, as those say it who issued them. */
export const statesOf = (certificates: readonly AskedCertificate[], o: Measure, chain: readonly Certificate[] = []) =>
  Promise.all(certificates.map((it) => o.revocations.of(it, { issuers: [...chain, ...o.roots], signal: o.signal })));

/** Judges all that was shown of a contract. */
export async function judgeContract(
  { certificates, chain: pem, emaid }: Asked & { readonly emaid: string },
  o: Measure,
): Promise<Verdict> {
  const refused = ({ status, reason }: Flaw, states: readonly Told[] = []): Verdict => ({
    contract: status,
    reason,
    states,
  });
  const chain = pem === undefined ? undefined : readChain(pem);
  if (pem !== undefined && chain === undefined)
    return refused({
      status: 'notAvailable',
      reason: 'what was shown holds no certificate in PEM, or one that cannot be read',
    });
  const judged =
    chain === undefined
      ? (judgeHashes(certificates, o) ?? { links: [] })
      : judgeChain(chain, { trusted: o.contractRoots, emaid, now: o.now });
  // What is bad by itself needs nobody outside to say so.
  if ('status' in judged) return refused(judged);
  const { links } = judged;
  const linkOf = (asked: AskedCertificate): number =>
    links.findIndex((it) => isNamed(it.certificate, asked.certificate));
  const asks = links.map((link, i) =>
    askAbout(
      link,
      certificates.filter((it) => linkOf(it) === i),
    ),
  );
  const others = certificates.filter((it) => linkOf(it) < 0);
  const told = await statesOf([...asks, ...others], o, chain);
  const states = certificates.map((it) => told[linkOf(it) < 0 ? links.length + others.indexOf(it) : linkOf(it)] ?? {});
  if (told.some(({ status }) => status === 'revoked'))
    return refused({ status: 'revoked', reason: 'a certificate of it has been revoked' }, states);
  const open = told.find(({ status }) => status !== 'good' && (status === 'unknown' || !o.acceptUnchecked));
  if (open === undefined) return { contract: 'accepted', states };
  const why = open.reason ?? 'who issued it does not know it';
  return refused({ status: 'chainError', reason: `whether it is revoked is not known: ${why}` }, states);
}
