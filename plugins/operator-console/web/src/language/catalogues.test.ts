import { compileMessage } from '@lingui/message-utils/compileMessage';
import { describe, expect, test } from 'vitest';
import { en } from './en.ts';
import { sv } from './sv.ts';

/** The values that a text takes, wherever they stand in it. */
const valuesIn = (message: unknown): readonly string[] =>
  Array.isArray(message)
    ? message.flatMap((part: unknown) => {
        if (!Array.isArray(part)) return [];
        const [name, , rest] = part as [string, string?, unknown?];
        const nested = typeof rest === 'object' && rest !== null ? Object.values(rest).flatMap(valuesIn) : [];
        return [name, ...nested];
      })
    : [];
const values = (text: string): readonly string[] => [...new Set(valuesIn(compileMessage(text)))].toSorted();

describe('the catalogues', () => {
  test('have the same texts', () => {
    expect(Object.keys(sv).toSorted()).toEqual(Object.keys(en).toSorted());
  });

  test('have no empty text', () => {
    expect(Object.entries({ ...en, ...sv }).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('take the same values in each text', () => {
    const ids = Object.keys(en) as (keyof typeof en)[];
    const told = (text: (id: keyof typeof en) => string) => ids.map((id) => `${id}: ${values(text(id)).join(' ')}`);
    expect(told((id) => sv[id])).toEqual(told((id) => en[id]));
    expect(values(en['now.truth'])).toEqual(['all', 'ok']);
  });
});
