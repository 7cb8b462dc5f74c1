import type { CommandTable, Outbound, VariableValue } from '@plugga/kit';
import { isMembers, refuse, resultOf, wordWith } from '@plugga/wire';
import type { Wire2 } from '../schema.ts';
import { type Attribute, attributeOf, nameOf, sameName, saidOf, wordOf } from '../variable-name.ts';
import { inBatches } from './in-batches.ts';
import { reportBegun } from './report-begun.ts';

interface Sum {
  readonly variables: readonly VariableValue[];
  readonly unknown: readonly string[];
  /** What else was said of some of them. */
  readonly remarks: readonly string[];
  /** Some were refused by an error. */
  readonly refused: boolean;
}

/** What was said of each that was asked for; by its place where the station has lost the names. */
export const resultsOf = (
  results: unknown,
  batch: readonly Attribute[],
): readonly (readonly [asked: Attribute, said: Readonly<Record<string, unknown>> | undefined])[] => {
  const list = Array.isArray(results) ? results.filter(isMembers) : [];
  const named = list.map((it) => {
    const said = saidOf(it);
    const type = wordOf(it['attributeType']) as Attribute['attributeType'];
    return said === undefined ? undefined : nameOf({ ...said, ...(type === undefined ? {} : { attributeType: type }) });
  });
  return batch.map((asked, at) => {
    const found = named.findIndex((name) => name !== undefined && sameName(name, nameOf(asked)));
    if (found >= 0) return [asked, list[found]];
    return [asked, named[at] === undefined && list.length === batch.length ? list[at] : undefined];
  });
};

/** The name by the station's own spelling, where it has said it. */
export const spelled = (asked: Attribute, said: Readonly<Record<string, unknown>>): string => {
  const own = saidOf(said);
  return nameOf(own === undefined ? asked : { ...asked, ...own });
};

const UNKNOWN = ['UnknownComponent', 'UnknownVariable', 'NotSupportedAttributeType'];

const told = (sum: Sum, batch: readonly Attribute[], results: unknown): Sum =>
  resultsOf(results, batch).reduce<Sum>((so, [asked, said]) => {
    const name = said === undefined ? nameOf(asked) : spelled(asked, said);
    const status = wordOf(said?.['attributeStatus']) ?? 'not answered';
    if (status === 'Accepted') {
      const value = said?.['attributeValue'];
      const text = value === undefined || value === null ? undefined : String(value);
      return { ...so, variables: [...so.variables, { name, ...(text !== undefined && { value: text }) }] };
    }
    const remarks = [...so.remarks, `${name}: ${wordWith(status, said?.['attributeStatusInfo'])}`];
    return UNKNOWN.includes(status) ? { ...so, remarks, unknown: [...so.unknown, name] } : { ...so, remarks };
  }, sum);

/**
 * GetVariables in messages of at most ItemsPerMessage and BytesPerMessage; without names the full base report, which comes as
 * NotifyReport. [2,"id","GetVariables",{"getVariableData":[{"component":{"name":"ClockCtrlr"},"variable":{"name":"DateTime"}}]}]
 */
export const readVariables = (wire: Wire2): Outbound<CommandTable['readVariables']> => {
  const batches = inBatches<Attribute, Sum>(wire, {
    action: 'GetVariables',
    payload: (batch) => ({ getVariableData: batch }),
    told: (sum, batch, answer) => told(sum, batch, answer['getVariableResult']),
    refused: (sum, batch, detail) => ({
      ...sum,
      remarks: [...sum.remarks, ...batch.map((it) => `${nameOf(it)}: ${detail}`)],
      refused: true,
    }),
    done: ({ variables, unknown, remarks, refused }) => ({
      status: refused && variables.length === 0 ? 'rejected' : 'accepted',
      ...{ variables, unknown },
      ...(remarks.length > 0 && { detail: remarks.join(', ') }),
    }),
  });
  return {
    start: ({ names, request }, station) => {
      if (names === undefined) {
        if (request === undefined) return refuse('a station of 2.x is asked for variables by their names');
        return wire.send('GetBaseReport', { requestId: request, reportBase: 'FullInventory' }, undefined);
      }
      const asked = names.map((name) => [name, attributeOf(name)] as const);
      const unknown = asked.filter(([, it]) => it === undefined).map(([name]) => name);
      const remarks = unknown.map((name) => `${name}: no name of a variable`);
      const attributes = asked.flatMap(([, it]) => it ?? []);
      return batches.start(attributes, { variables: [], unknown, remarks, refused: false }, station);
    },
    next: (raw, answer) => (raw === undefined ? { done: resultOf(answer, reportBegun) } : batches.next(raw, answer)),
  };
};
