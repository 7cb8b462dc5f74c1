import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conformancePage } from './conformance-page.ts';

test('docs/conformance.md says where each case stands', () => {
  const words = (text: string): string => text.replaceAll(/[\s-]+/g, ' ');
  const page = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8');
  expect(words(page)).toBe(words(conformancePage()));
});
