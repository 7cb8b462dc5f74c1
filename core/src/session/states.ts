import type { ChargingState, ConnectorStatus, Instant } from '@plugga/kit';
import { beginOf, endOf, type Session, unpluggedOf } from './session.ts';

export interface StateSpan {
  readonly state: ChargingState;
  readonly from: Instant;
  readonly to: Instant;
}

/**
 * What a connector's status says about the flow of energy. A fault is the station's doing, as SuspendedEVSE is. Occupied (2.x)
 * says no more than that there is a cable: the transaction's own chargingState does.
 */
export const STATE_OF: Readonly<Record<ConnectorStatus, ChargingState | undefined>> = {
  available: 'idle',
  preparing: 'plugged',
  charging: 'charging',
  suspendedEV: 'suspendedEV',
  suspendedEVSE: 'suspendedEVSE',
  finishing: 'plugged',
  faulted: 'suspendedEVSE',
  unavailable: 'suspendedEVSE',
  reserved: undefined,
  occupied: undefined,
};

/**
 * The states of a session without gaps from its plug (else start) to its unplug (else end). A station that says none between
 * start and end is taken to charge; after the end nothing charges.
 */
export function statesOf(session: Session): readonly StateSpan[] {
  const end = endOf(session);
  const from = beginOf(session) ?? end?.at;
  if (from === undefined || end === undefined) return [];
  const until = unpluggedOf(session) ?? end.at;
  const started = session.started?.at ?? from;
  const said = session.states;
  const silent = !said.some((it) => it.at >= started && it.at < end.at);

  const changes: { readonly at: Instant; readonly state: ChargingState }[] = [];
  const before = said.findLast((it) => it.at <= from);
  changes.push({ at: from, state: before === undefined || before.state === 'idle' ? 'plugged' : before.state });
  if (silent && started < end.at) changes.push({ at: started, state: 'charging' });
  for (const it of said) if (it.at > from && it.at < end.at) changes.push(it);
  // The transaction is over; what the connector says from here on is all that holds.
  changes.push({ at: end.at, state: 'plugged' });
  for (const it of said) if (it.at >= end.at && it.at < until && it.state !== 'charging') changes.push(it);
  return spans(changes, until);
}

function spans(
  changes: readonly { readonly at: Instant; readonly state: ChargingState }[],
  until: Instant,
): readonly StateSpan[] {
  const found: StateSpan[] = [];
  for (const [index, change] of changes.entries()) {
    const to = changes[index + 1]?.at ?? until;
    if (to <= change.at) continue;
    const last = found.at(-1);
    if (last?.state === change.state) found[found.length - 1] = { ...last, to };
    else found.push({ state: change.state, from: change.at, to });
  }
  return found;
}
