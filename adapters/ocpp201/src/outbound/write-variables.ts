import type { CommandResult, CommandTable, Outbound, VariableOutcome } from '@plugga/kit';
import { meaningOf, wordWith } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { type Attribute, attributeOf, nameOf, wordOf } from '../variable-name.ts';
import { inBatches } from './in-batches.ts';
import { resultsOf, spelled } from './read-variables.ts';

type Writing = Attribute & { readonly attributeValue: string };
type Taken = VariableOutcome & { readonly detail: string };

const STATUS: Readonly<Record<string, VariableOutcome['status']>> = {
  Accepted: 'accepted',
  RebootRequired: 'rebootRequired',
  Rejected: 'rejected',
  UnknownComponent: 'unsupported',
  UnknownVariable: 'unsupported',
  NotSupportedAttributeType: 'unsupported',
};
const WORST: readonly VariableOutcome['status'][] = ['rejected', 'unsupported', 'rebootRequired'];

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

const taken = (batch: readonly Writing[], results: unknown): readonly Taken[] =>
  resultsOf(results, batch).map(([asked, said]) => {
    const value = (asked as Writing).attributeValue;
    if (said === undefined) return { name: nameOf(asked), value, status: 'rejected', detail: 'not answered' };
    const word = wordOf(said['attributeStatus']) ?? 'no status';
    const status = meaningOf(STATUS, word) ?? 'rejected';
    return { name: spelled(asked, said), value, status, detail: wordWith(word, said['attributeStatusInfo']) };
  });

/**
 * SetVariables in messages of at most ItemsPerMessage and BytesPerMessage; what is refused does not keep the others from being
 * written. [2,"id","SetVariables",{"setVariableData":[{"attributeValue":"60","component":{"name":"OCPPCommCtrlr"},"variable":{"name":"HeartbeatInterval"}}]}]
 */
export const writeVariables = (wire: Wire2): Outbound<CommandTable['writeVariables']> => {
  const batches = inBatches<Writing, readonly Taken[]>(wire, {
    action: 'SetVariables',
    payload: (batch) => ({ setVariableData: batch }),
    told: (done, batch, answer) => [...done, ...taken(batch, answer['setVariableResult'])],
    refused: (done, batch, detail, status) => [
      ...done,
      ...batch.map((it): Taken => ({ name: nameOf(it), value: it.attributeValue, status, detail })),
    ],
    unanswered: (done, batch, detail) => {
      const before = done.map(({ name, status }) => `${name} ${status}`).join(', ');
      return `${batch.map(nameOf).join(', ')}: ${detail}${before === '' ? '' : ` (before it: ${before})`}`;
    },
    done: conclude,
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
      return batches.start(left, done, station);
    },
    next: batches.next,
  };
};
