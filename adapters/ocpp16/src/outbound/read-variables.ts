import type { CommandTable, Outbound, Step, VariableValue } from '@plugga/kit';
import { resultOf } from '@plugga/wire';
import { send } from '../schema.ts';

interface State {
  /** Lists still to be asked for. */
  readonly left: readonly (readonly string[])[];
  readonly variables: readonly VariableValue[];
  readonly unknown: readonly string[];
}

const chunks = (names: readonly string[], size: number): readonly (readonly string[])[] =>
  Array.from({ length: Math.ceil(names.length / size) }, (_, i) => names.slice(i * size, (i + 1) * size));

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const variableOf = (raw: unknown): readonly VariableValue[] => {
  if (typeof raw !== 'object' || raw === null) return [];
  const { key, value, readonly } = raw as Readonly<Record<string, unknown>>;
  if (typeof key !== 'string') return [];
  const text = value === undefined || value === null ? undefined : String(value);
  return [
    { name: key, readonly: readonly === true || readonly === 'true', ...(text !== undefined && { value: text }) },
  ];
};

const ask = (state: State): Step => {
  const [keys, ...left] = state.left;
  return keys
    ? send('GetConfiguration', { key: keys }, { ...state, left })
    : { done: { status: 'accepted', variables: state.variables, unknown: state.unknown } };
};

/** GetConfiguration: all keys, or those named in lists of at most GetConfigurationMaxKeys (1.6 section 9.1.9). */
export const readVariables: Outbound<CommandTable['readVariables']> = {
  start: ({ names }, station) => {
    const none = { left: [], variables: [], unknown: [] };
    if (names === undefined) return send('GetConfiguration', {}, none);
    const most = Number(station.variable('GetConfigurationMaxKeys'));
    return ask({ ...none, left: chunks(names, Number.isInteger(most) && most > 0 ? most : Math.max(names.length, 1)) });
  },
  next: (state, answer) => {
    const { left, variables, unknown } = state as State;
    const result = resultOf(answer, (payload) => ({
      status: 'accepted',
      variables: [...variables, ...list(payload['configurationKey']).flatMap(variableOf)],
      unknown: [...unknown, ...list(payload['unknownKey']).filter((key) => typeof key === 'string')],
    }));
    if (result.status === 'timeout' || result.status === 'failed') return { done: result };
    // What earlier lists gave is not lost with the list that failed.
    if (result.status !== 'accepted') return { done: { ...result, variables, unknown } };
    return ask({ left, variables: result.variables ?? [], unknown: result.unknown ?? [] });
  },
};
