import type { Ask } from '@plugga/kit';
import type { StationCredentials } from '../charger/face.ts';
import { contractTold, withContract } from '../token/contract.ts';
import type { ActorDeps, Asking } from './actor-face.ts';
import { isAskedFor } from './awaited.ts';
import type { Relayed, TokenDecision } from './input.ts';
import type { StationState } from './state.ts';
import { transactionOn } from './transaction-on.ts';

/** What is to be known before the facts of a message are handled. A token with a contract is asked about at once with it. */
export async function answersTo(
  ask: Ask,
  { authorize, relay }: Pick<ActorDeps, 'authorize' | 'relay'>,
  credentials: StationCredentials,
  state: StationState,
): Promise<{ readonly decision?: TokenDecision; readonly relayed?: Relayed }> {
  const { boot } = state;
  const asking: Asking = {
    transactionOn: (evse) => transactionOn(state, evse),
    names: [credentials.identity, ...(boot?.serial === undefined ? [] : [boot.serial])],
    isAskedToSign: isAskedFor(state, 'signCertificate'),
  };
  if (ask.question !== 'authorize') return { relayed: await relay(credentials, ask, asking) };
  const { contract, ...ofToken } = ask;
  if (contract === undefined) return { decision: await authorize(credentials, ofToken) };
  const [decision, relayed] = await Promise.all([
    authorize(credentials, ofToken),
    relay(credentials, { question: 'contract', emaid: ofToken.token.value, ...contract }, asking),
  ]);
  const told = contractTold(decision, relayed.contract);
  return {
    decision: withContract(decision, relayed.contract),
    relayed: { ...relayed, ...(told && { contract: told }) },
  };
}
