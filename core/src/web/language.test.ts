import { expect, test } from 'vitest';
import { languageOf } from './language.ts';

test.each([
  [undefined, 'en'],
  ['', 'en'],
  ['sv', 'sv'],
  ['sv-SE,sv;q=0.9,en-US;q=0.8', 'sv'],
  ['en-GB,en;q=0.9,sv;q=0.8', 'en'],
  ['en; q=0.3, sv; q=0.7', 'sv'],
  ['de-DE,de;q=0.9,sv;q=0.2', 'sv'],
  ['sv;q=0', 'en'],
  ['sve', 'en'],
  ['sv;q=much', 'en'],
])('a browser that asks for %j gets %s', (header, language) => {
  expect(languageOf(header)).toBe(language);
});
