import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const found = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, name]) => name!).toSorted();

test('what @plugga/console promises to pages is what the console gives them', () => {
  const promised = found(read('sdk/console/src/index.ts'), /^export declare function (\w+)/gm);
  const shared = 'plugins/operator-console/web/src/shared';
  const given = ['page', 'parts'].flatMap((file) =>
    found(read(`${shared}/${file}.tsx`), /^export const (\w+): typeof contract\.\1\b/gm),
  );
  expect(promised).toContain('page');
  expect(given.toSorted()).toEqual(promised);
});

test('the console serves what it shares with pages where their build looks for it', () => {
  const [at] = found(read('sdk/console/src/vite.ts'), /sharedAt = '\/console\/([\w/]+)'/g);
  expect(read('plugins/operator-console/web/vite.config.ts')).toContain(`\`${at}/\${name}\``);
});
