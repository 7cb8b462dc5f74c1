import type { Answer, CommandResult, CommandTable, Outbound, Step, VariableValue } from '@plugga/kit';
import { byStatus, resultOf } from '@plugga/wire';
import { send } from '../schema.ts';

type Verdict = 'accepted' | 'rebootRequired' | 'rejected' | 'unsupported';

interface State {
  readonly writing: readonly [name: string, value: string];
  readonly left: readonly (readonly [name: string, value: string])[];
  readonly done: readonly {
    readonly name: string;
    readonly value: string;
    readonly verdict: Verdict;
    readonly detail: string;
  }[];
}

const read = byStatus({
  Accepted: 'accepted',
  RebootRequired: 'rebootRequired',
  Rejected: 'rejected',
  NotSupported: 'unsupported',
});

const any = (done: State['done'], verdict: Verdict) => done.some((one) => one.verdict === verdict);

/** The worst that happened names the whole: refused, else not supported, else reboot required, else accepted. */
const conclude = (done: State['done']): CommandResult => {
  const status = any(done, 'rejected')
    ? 'rejected'
    : any(done, 'unsupported')
      ? 'unsupported'
      : any(done, 'rebootRequired')
        ? 'rebootRequired'
        : 'accepted';
  const notAccepted = done.filter((one) => one.verdict !== 'accepted');
  const variables: readonly VariableValue[] = done
    .filter((one) => one.verdict === 'accepted')
    .map(({ name, value }) => ({ name, value, readonly: false }));
  return {
    status,
    ...(notAccepted.length > 0 && { detail: notAccepted.map((one) => `${one.name}: ${one.detail}`).join(', ') }),
    variables,
    unknown: done.filter((one) => one.verdict === 'unsupported').map((one) => one.name),
    outcomes: done.map(({ name, value, verdict }) => ({ name, value, status: verdict })),
  };
};

const write = (left: State['left'], done: State['done']): Step => {
  const [writing, ...rest] = left;
  if (!writing) return { done: conclude(done) };
  const [key, value] = writing;
  return send('ChangeConfiguration', { key, value }, { writing, left: rest, done } satisfies State);
};

/** ChangeConfiguration, one CALL a key in the order given; a refused key does not keep the others from being written. */
export const writeVariables: Outbound<CommandTable['writeVariables']> = {
  start: ({ values }) => write(Object.entries(values), []),
  next: (state, answer: Answer) => {
    const { writing, left, done } = state as State;
    const [name, value] = writing;
    const result = resultOf(answer, read);
    if (result.status === 'timeout' || result.status === 'failed' || result.status === 'scheduled') {
      const before =
        done.length === 0 ? '' : ` (before it: ${done.map((one) => `${one.name} ${one.verdict}`).join(', ')})`;
      return {
        done: {
          status: result.status === 'timeout' ? 'timeout' : 'failed',
          detail: `${name}: ${result.detail ?? ''}${before}`,
        },
      };
    }
    return write(left, [...done, { name, value, verdict: result.status, detail: result.detail ?? '' }]);
  },
};
