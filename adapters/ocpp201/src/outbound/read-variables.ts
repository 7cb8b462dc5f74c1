import type { CommandTable, Outbound, Step, VariableValue } from '@plugga/kit';
import { isAnswered, isMembers, refuse, resultOf, wordWith } from '@plugga/wire';
import { batchOf, lessOf, type Most, mostOf } from '../batches.ts';
import type { Wire2 } from '../schema.ts';
import { type Attribute, attributeOf, nameOf, sameName, saidOf, wordOf } from '../variable-name.ts';
import { reportBegun } from './report-begun.ts';

interface State {
  readonly batch: readonly Attribute[];
  readonly left: readonly Attribute[];
  readonly most: Most;
  readonly variables: readonly VariableValue[];
  readonly unknown: readonly string[];
  /** What else was said of some of them. */
  readonly remarks: readonly string[];
}

const payloadOf = (batch: readonly Attribute[]) => ({ getVariableData: batch });

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

const told = (state: State, results: unknown): State =>
  resultsOf(results, state.batch).reduce<State>((so, [asked, said]) => {
    const name = said === undefined ? nameOf(asked) : spelled(asked, said);
    const status = wordOf(said?.['attributeStatus']) ?? 'not answered';
    if (status === 'Accepted') {
      const value = said?.['attributeValue'];
      const text = value === undefined || value === null ? undefined : String(value);
      return { ...so, variables: [...so.variables, { name, ...(text !== undefined && { value: text }) }] };
    }
    const remarks = [...so.remarks, `${name}: ${wordWith(status, said?.['attributeStatusInfo'])}`];
    return UNKNOWN.includes(status) ? { ...so, remarks, unknown: [...so.unknown, name] } : { ...so, remarks };
  }, state);

/**
 * GetVariables in messages of at most ItemsPerMessage and BytesPerMessage; without names the full base report, which comes as
 * NotifyReport. [2,"id","GetVariables",{"getVariableData":[{"component":{"name":"ClockCtrlr"},"variable":{"name":"DateTime"}}]}]
 */
export const readVariables = (wire: Wire2): Outbound<CommandTable['readVariables']> => {
  const ask = (state: State): Step => {
    if (state.left.length > 0) {
      const [batch, left] = batchOf(state.left, state.most, payloadOf);
      return wire.send('GetVariables', payloadOf(batch), { ...state, batch, left } satisfies State);
    }
    const { variables, unknown, remarks } = state;
    const detail = remarks.length === 0 ? {} : { detail: remarks.join(', ') };
    return { done: { status: 'accepted', variables, unknown, ...detail } };
  };
  return {
    start: ({ names, request }, station) => {
      if (names === undefined) {
        if (request === undefined) return refuse('a station of 2.x is asked for variables by their names');
        return wire.send('GetBaseReport', { requestId: request, reportBase: 'FullInventory' }, undefined);
      }
      const asked = names.map((name) => [name, attributeOf(name)] as const);
      const unknown = asked.filter(([, it]) => it === undefined).map(([name]) => name);
      return ask({
        ...{ batch: [], left: asked.flatMap(([, it]) => it ?? []), most: mostOf(station, 'GetVariables') },
        ...{ variables: [], unknown, remarks: unknown.map((name) => `${name}: no name of a variable`) },
      });
    },
    next: (raw, answer) => {
      if (raw === undefined) return { done: resultOf(answer, reportBegun) };
      const state = raw as State;
      const less = lessOf(answer, state.batch.length, state.most);
      if (less !== undefined) return ask({ ...state, most: less, left: [...state.batch, ...state.left] });
      let now = state;
      const result = resultOf(answer, (payload) => {
        now = told(state, payload['getVariableResult']);
        return { status: 'accepted' };
      });
      if (!isAnswered(result)) return { done: result };
      // What earlier messages gave is not lost with the one that failed.
      const { variables, unknown } = now;
      return result.status === 'accepted' ? ask(now) : { done: { ...result, variables, unknown } };
    },
  };
};
