import { readFileSync } from 'node:fs';
import { quirks } from '@plugga/quirks';
import { expect, test } from 'vitest';
import { rows2x } from './ocpp201/dialect-rows.ts';
import { rows } from './ocpp16/dialect-rows.ts';
import { dialectPage } from './dialect-table.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

test('docs/dialects.md says of each deviation what becomes of it', () => {
  // Line by line, whatever the formatter makes of its tables.
  const lines = (text: string): string[] => text.split('\n').map((line) => line.replaceAll(/[\s-]+/g, ' '));
  expect(lines(read('docs/dialects.md'))).toEqual(lines(dialectPage()));
});

const all = [...rows, ...rows2x];

test.each(all.map((row) => [`${row.station}: ${row.does}`, row] as const))('%s', (_, row) => {
  const { tests = [], quirks: named = [], waits } = row;
  expect(tests.length + named.length + (waits === undefined ? 0 : 1)).toBeGreaterThan(0);
  // Each quirk is proved by its fixture in quirks.test.ts.
  for (const id of named) expect(quirks.map((quirk) => quirk.id)).toContain(id);
  for (const [file, title] of tests) {
    const text = read(file);
    const titles = file.endsWith('.jsonl')
      ? text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as { readonly title?: string; readonly why?: string })
          .map(({ title, why }) => title ?? why)
      : [...text.matchAll(/^ *(?:test|it)(?:\.each\([^]*?\))?\(\s*(['"])(.+?)\1,/gm)].map(([, , found]) => found);
    expect(titles).toContain(title);
  }
});

test('every quirk stands for a deviation of the table', () => {
  const named = new Set(all.flatMap((row) => row.quirks ?? []));
  expect(quirks.map(({ id }) => id).filter((id) => !named.has(id))).toEqual([]);
});
