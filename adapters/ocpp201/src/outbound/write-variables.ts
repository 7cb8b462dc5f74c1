import type { CommandResult, CommandTable, Outbound, Step, VariableOutcome } from '@plugga/kit';
import { isAnswered, resultOf, wordWith } from '@plugga/wire';
import { batchOf, lessOf, type Most, mostOf } from '../batches.ts';
import type { Wire2 } from '../schema.ts';
import { type Attribute, attributeOf, nameOf, wordOf } from '../variable-name.ts';
import { resultsOf, spelled } from './read-variables.ts';

type Writing = Attribute & { readonly attributeValue: string };
type Taken = VariableOutcome & { readonly detail: string };

interface State {
  readonly batch: readonly Writing[];
  readonly left: readonly Writing[];
  readonly most: Most;
  readonly done: readonly Taken[];
}

const STATUS: Readonly<Record<string, VariableOutcome['status']>> = {
  Accepted: 'accepted',
  RebootRequired: 'rebootRequired',
  Rejected: 'rejected',
  UnknownComponent: 'unsupported',
  UnknownVariable: 'unsupported',
  NotSupportedAttributeType: 'unsupported',
};
const WORST: readonly VariableOutcome['status'][] = ['rejected', 'unsupported', 'rebootRequired'];

const payloadOf = (batch: readonly Writing[]) => ({ setVariableData: batch });

/** The worst that happened names the whole: refused, else not there, else reboot required, else accepted. */
const conclude = (done: readonly Taken[]): CommandResult => {
  const notTaken = done.filter(({ status }) => status !== 'accepted');
  return {
    status: WORST.find((it) => done.some(({ status }) => status === it)) ?? 'accepted',
    ...(notTaken.length > 0 && { detail: notTaken.map(({ name, detail }) => `${name}: ${detail}`).join(', ') }),
    variables: done.filter(({ status }) => status === 'accepted').map(({ name, value }) => ({ name, value })),
    unknown: done.filter(({ status }) => status === 'unsupported').map(({ name }) => name),
    outcomes: done.map(({ name, value, status }) => ({ name, value, status })),
  };
};

/**
 * SetVariables in messages of at most ItemsPerMessage and BytesPerMessage; what is refused does not keep the others from being
 * written. [2,"id","SetVariables",{"setVariableData":[{"attributeValue":"60","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}]
 */
export const writeVariables = (wire: Wire2): Outbound<CommandTable['writeVariables']> => {
  const write = (state: State): Step => {
    if (state.left.length === 0) return { done: conclude(state.done) };
    const [batch, left] = batchOf(state.left, state.most, payloadOf);
    return wire.send('SetVariables', payloadOf(batch), { ...state, batch, left } satisfies State);
  };
  const taken = ({ batch }: State, results: unknown): readonly Taken[] =>
    resultsOf(results, batch).map(([asked, said]) => {
      const value = (asked as Writing).attributeValue;
      if (said === undefined) return { name: nameOf(asked), value, status: 'rejected', detail: 'not answered' };
      const word = wordOf(said['attributeStatus']) ?? 'no status';
      const status = Object.hasOwn(STATUS, word) ? STATUS[word]! : 'rejected';
      return { name: spelled(asked, said), value, status, detail: wordWith(word, said['attributeStatusInfo']) };
    });
  return {
    start: ({ values }, station) => {
      const asked = Object.entries(values).map(([name, value]) => ({ name, value, attribute: attributeOf(name) }));
      const done = asked
        .filter(({ attribute }) => attribute === undefined)
        .map(({ name, value }): Taken => ({ name, value, status: 'unsupported', detail: 'no name of a variable' }));
      const left = asked.flatMap(({ attribute, value }) =>
        attribute === undefined ? [] : [{ ...attribute, attributeValue: value }],
      );
      return write({ batch: [], left, most: mostOf(station, 'SetVariables'), done });
    },
    next: (raw, answer) => {
      const state = raw as State;
      const less = lessOf(answer, state.batch.length, state.most);
      if (less !== undefined) return write({ ...state, most: less, left: [...state.batch, ...state.left] });
      let done = state.done;
      const result = resultOf(answer, (payload) => {
        done = [...done, ...taken(state, payload['setVariableResult'])];
        return { status: 'accepted' };
      });
      if (isAnswered(result)) {
        if (result.status === 'accepted') return write({ ...state, done });
        // One alone, refused with an error: the others go on.
        const { status, detail = '' } = result;
        const verdict = status === 'unsupported' ? 'unsupported' : 'rejected';
        const refused = state.batch.map(
          (it) => ({ name: nameOf(it), value: it.attributeValue, status: verdict, detail }) as const,
        );
        return status === 'unsupported'
          ? { done: conclude([...done, ...refused]) }
          : write({ ...state, done: [...done, ...refused] });
      }
      const before = done.map(({ name, status }) => `${name} ${status}`).join(', ');
      const names = state.batch.map(nameOf).join(', ');
      return {
        done: {
          status: result.status,
          detail: `${names}: ${result.detail}${before === '' ? '' : ` (before it: ${before})`}`,
        },
      };
    },
  };
};
