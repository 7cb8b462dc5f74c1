import { globSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The texts of plugins' pages, each in a file of its own: Swedish and English say the same, with the same values. */
const root = join(import.meta.dirname, '..');
const files = globSync('plugins/*/web/src/texts.ts', { cwd: root }).toSorted();

/** Names of values in ICU text; a branch of a plural that is one word is none. */
const values = (text: string): string[] =>
  [...new Set([...text.matchAll(/(?<!(?:=\d+|one|other) )\{(\w+)[,}]/g)].map(([, name]) => name!))].toSorted();

test('values are found in texts, the words of a plural are not', () => {
  expect(values('{count, plural, =0 {none} one {# of {all}} other {many}} until {time}')).toEqual([
    'all',
    'count',
    'time',
  ]);
});

describe.each(files)('%s', async (file) => {
  const { en, sv } = (await import(join(root, file))) as Record<'en' | 'sv', Record<string, string>>;

  test('has each text in both languages, none empty', () => {
    expect(Object.keys(sv).toSorted()).toEqual(Object.keys(en).toSorted());
    expect(Object.entries({ ...en, ...sv }).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  test('has the same values in both', () => {
    const told = (texts: Record<string, string>) => Object.keys(en).map((id) => [id, ...values(texts[id] ?? '')]);
    expect(told(sv)).toEqual(told(en));
  });
});

test('every plugin with pages keeps its texts there', () => {
  const paged = globSync('plugins/*/web/vite.config.ts', { cwd: root }).map(dirname);
  const told = new Set(files.map((file) => dirname(dirname(file))));
  expect(paged.filter((web) => !told.has(web) && !web.includes('operator-console'))).toEqual([]);
});
