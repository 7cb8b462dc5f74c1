import type { CertificateState, ContractStatus, ShownContract } from '@plugga/kit';
import type { TokenDecision } from '../station/input.ts';

/** What is to be said of a contract: accepted only where it was judged so, or all hashes were found good; never with one revoked. */
export function contractStatusOf(
  { chain, certificates }: ShownContract,
  answer: { readonly certificates: readonly CertificateState[]; readonly contract?: ContractStatus } | undefined,
): ContractStatus {
  if (answer === undefined) return 'chainError';
  const { contract } = answer;
  if (contract !== undefined && contract !== 'accepted') return contract;
  const states = certificates.map((_, at) => answer.certificates[at]?.status);
  if (states.includes('revoked')) return 'revoked';
  // Whoever judged the whole contract has weighed what could not be found out.
  if (contract === 'accepted') return 'accepted';
  return chain === undefined && states.every((it) => it === 'good') ? 'accepted' : 'chainError';
}

/** A token that may charge at another time, or another place, or once it is paid, keeps its contract. */
const ENDS: readonly TokenDecision['status'][] = ['blocked', 'expired', 'invalid'];

/** A good contract of a token that may not charge at all has ended, for all that the vehicle needs to know (part 2, C07). */
export const contractTold = (
  { status }: Pick<TokenDecision, 'status'>,
  contract: ContractStatus | undefined,
): ContractStatus | undefined => (contract === 'accepted' && ENDS.includes(status) ? 'cancelled' : contract);

/** A token whose contract is not good is refused, whatever is known of the token: its number alone can be copied. */
export const withContract = (decision: TokenDecision, contract: ContractStatus | undefined): TokenDecision =>
  contract === undefined || contract === 'accepted' || decision.status !== 'accepted'
    ? decision
    : { ...decision, status: 'invalid', reason: `its contract certificate is not accepted: ${contract}` };
