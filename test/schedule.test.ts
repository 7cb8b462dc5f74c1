import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LONG, moreInFull } from './schedule.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const exclude = (name: string): boolean => name === 'node_modules' || name === 'dist';

test('what is long is there', () => {
  const all = globSync('**/*.test.ts', { cwd: root, exclude });
  expect(LONG.filter((file) => !all.includes(file))).toEqual([]);
  const more = moreInFull(root);
  expect(more).toEqual(
    expect.arrayContaining([
      ...['test/bad-input/readable.test.ts', 'test/e2e/kill.test.ts', 'test/nodes/processes.test.ts'],
      ...LONG,
    ]),
  );
  expect(more.length).toBeLessThan(all.length / 2);
});

/** A module that asks for its tests: schedule.ts must know by what name they use it. */
test('only tests ask how long they may be, and modules that are known to', () => {
  const asking = globSync('{test,sdk,core,plugins,adapters}/**/*.ts', { cwd: root, exclude }).filter(
    (file) => !file.endsWith('.test.ts') && /\bPLUGGA_TEST\b/.test(readFileSync(`${root}${file}`, 'utf8')),
  );
  expect(asking.toSorted()).toEqual(['sdk/testing/src/nats.ts', 'test/e2e/chromium.ts', 'test/simulation/seeds.ts']);
});
