import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allMigrations } from './released.ts';

/** Made with released.json at hand: `"core 0012-…": "<digest>"`. */
const released = JSON.parse(readFileSync(new URL('./released.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;
const all = await allMigrations();

test('what a released migration does never changes: databases out there have run it as it was', () => {
  const changed = all
    .filter(({ name, digest }) => released[name] !== undefined && released[name] !== digest)
    .map(({ name }) => `${name} was changed: take the change back and write a new migration`);
  const gone = Object.keys(released)
    .filter((name) => !all.some((it) => it.name === name))
    .map((name) => `${name} is gone or was renamed: databases out there have run it, put it back`);
  expect([...changed, ...gone]).toEqual([]);
});

test('every migration is in the list of those that never change', () => {
  const missing = all
    .filter(({ name }) => released[name] === undefined)
    .map(({ name, digest }) => `add to test/migrations/released.json: "${name}": "${digest}"`);
  expect(missing).toEqual([]);
});

test('every migration from 0012 on is safe while the version before runs, or says why it is', () => {
  const sinceTheRule = all.filter(({ name }) => !(name.startsWith('core ') && name < 'core 0012'));
  const unsafe = sinceTheRule.flatMap(({ name, findings, cut }) => [
    ...findings
      .filter(({ excused }) => excused === undefined || excused.length < 20)
      .map(({ rule, statement, why }) => `${name} [${rule}]: ${statement}\n  ${why}; or \`excused\` with the reason`),
    ...(cut === undefined ? [] : [`${name} cannot be looked at without a database: ${cut}`]),
  ]);
  expect(unsafe).toEqual([]);
});
