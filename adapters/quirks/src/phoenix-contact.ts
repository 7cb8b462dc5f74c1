import { type CommandTable, defineQuirk, type Outbound, type Step } from '@plugga/kit';
import { isMembers } from './members.ts';

/** What keeps it from starting: its own list is asked about the remote token, and the list is empty. */
const SETTINGS = [
  { key: 'AuthorizeRemoteTxRequests', value: 'false' },
  { key: 'FreeMode', value: 'true' },
] as const;
type Settings = readonly (typeof SETTINGS)[number][];

interface State {
  readonly remoteStart: Readonly<Record<string, unknown>>;
  readonly stage: 'first' | 'settling' | 'second';
  /** Settings that are still to be made. */
  readonly left: Settings;
}

const tryToStart = (remoteStart: State['remoteStart'], stage: 'first' | 'second'): Step => ({
  call: { action: 'RemoteStartTransaction', payload: remoteStart },
  state: { remoteStart, stage, left: [] } satisfies State,
});

/** One setting after the other, whatever it says to those that it may not know; then once more. */
const settle = (remoteStart: State['remoteStart'], settings: Settings): Step => {
  const [first, ...left] = settings;
  if (first === undefined) return tryToStart(remoteStart, 'second');
  return {
    call: { action: 'ChangeConfiguration', payload: first },
    state: { remoteStart, stage: 'settling', left } satisfies State,
  };
};

const start: Outbound<CommandTable['start']> = {
  start: ({ evse, token }) =>
    token.value.length > 20
      ? { done: { status: 'unsupported', detail: 'an idTag has at most 20 characters in OCPP 1.6' } }
      : tryToStart({ ...(evse !== undefined && evse > 0 && { connectorId: evse }), idTag: token.value }, 'first'),
  next: (state, answer) => {
    const { remoteStart, stage, left } = state as State;
    if (answer.kind === 'timeout') return { done: { status: 'timeout', detail: 'the station did not answer in time' } };
    if (answer.kind === 'closed')
      return { done: { status: 'failed', detail: 'the connection closed before the answer' } };
    if (stage === 'settling') return settle(remoteStart, left);
    if (answer.kind === 'error') return { done: { status: 'rejected', detail: answer.code } };
    const status = isMembers(answer.payload) ? String(answer.payload['status']) : '';
    if (status === 'Accepted') return { done: { status: 'accepted' } };
    return stage === 'first' ? settle(remoteStart, SETTINGS) : { done: { status: 'rejected', detail: status } };
  },
};

/** Phoenix Contact CHARX SEC-3xxx. */
export const phoenixContact = defineQuirk({
  id: 'phoenix-contact-remote-start',
  why: 'Firmware 1.9.0 ships with AuthorizeRemoteTxRequests=true and an empty local list, and wants FreeMode too: every remote start is Rejected (ConnectorIO/connectorio-addons PR #144, #146).',
  match: { vendor: /^phoenix[ _]?contact/i },
  protocols: ['ocpp1.6'],
  plan: { start },
});
