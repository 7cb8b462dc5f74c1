import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { describe, expect, test } from 'vitest';
import { actionsOf, schemaFault } from '../conformance/script/schema.ts';
import { ALSO, type Sample2, samples2, speaks } from './samples2.ts';

const versions = [
  ['2.0.1', ocpp201, 64],
  ['2.1', ocpp21, 91],
] as const;

describe.each(versions)('OCPP %s', (version, adapter, count) => {
  const spoken = samples2.filter((it) => speaks(it, version));
  const names = (all: readonly Sample2[]): readonly string[] =>
    [...new Set(all.map(({ action }) => action))].toSorted();

  test('the table has every action that the schemas have, and the adapter knows each', () => {
    expect(names(spoken)).toEqual(actionsOf(version).toSorted());
    expect(names(spoken)).toHaveLength(count);
    // What a station may say is in the table of the adapter once it is read, what we say from the beginning.
    const told = names(spoken.filter(({ says }) => says !== undefined));
    const ours = names(spoken).filter((action) => !told.includes(action));
    const known = new Set([...Object.keys(adapter.inbound), ...adapter.known]);
    expect(ours.filter((action) => !known.has(action))).toEqual([]);
    expect([...known].filter((action) => !spoken.some((it) => it.action === action))).toEqual([]);
  });

  test('what is said there keeps to the schema', () => {
    const faults = spoken.flatMap(({ action, says }) =>
      says === undefined ? [] : (schemaFault(version, action, 'Request', says) ?? []),
    );
    expect(faults).toEqual([]);
  });

  test('each command of the adapter is in the table', () => {
    const named = new Set([...ALSO, ...spoken.flatMap(({ command }) => command?.type ?? [])]);
    expect(Object.keys(adapter.outbound).filter((it) => !named.has(it))).toEqual([]);
  });
});
