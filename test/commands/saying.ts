import type { Replies } from './answering-station.ts';

interface Asked {
  readonly component: { readonly name: string };
  readonly variable: { readonly name: string; readonly instance?: string };
}

/** The answer to GetVariables of a station that has these variables, by the name of the variable alone. */
export const saying =
  (values: Readonly<Record<string, string>>): Replies[string] =>
  ({ getVariableData }) => ({
    getVariableResult: (getVariableData as readonly Asked[]).map((it) => {
      const value = values[it.variable.name];
      return value === undefined
        ? { ...it, attributeStatus: 'UnknownVariable' }
        : { ...it, attributeStatus: 'Accepted', attributeValue: value };
    }),
  });
