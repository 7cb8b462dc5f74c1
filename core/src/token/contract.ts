import type { CertificateState, ContractStatus, ShownContract } from '@plugga/kit';
import type { TokenDecision } from '../station/input.ts';

/** What is to be said of a contract: accepted only where all that was shown was found good. */
export function contractStatusOf(
  { chain, certificates }: ShownContract,
  answer: { readonly certificates: readonly CertificateState[]; readonly contract?: ContractStatus } | undefined,
): ContractStatus {
  if (answer === undefined) return 'chainError';
  const { contract } = answer;
  if (contract !== undefined && contract !== 'accepted') return contract;
  const states = certificates.map((_, at) => answer.certificates[at]?.status);
  if (states.includes('revoked')) return 'revoked';
  const isJudged = chain === undefined || contract === 'accepted';
  return isJudged && states.every((it) => it === 'good') ? 'accepted' : 'chainError';
}

/** A token whose contract is not good is refused, whatever is known of the token: its number alone can be copied. */
export const withContract = (decision: TokenDecision, contract: ContractStatus | undefined): TokenDecision =>
  contract === undefined || contract === 'accepted' || decision.status !== 'accepted'
    ? decision
    : { ...decision, status: 'invalid', reason: `its contract certificate is not accepted: ${contract}` };
