import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SeedSaid, SeedsSaid } from './in-seeds.ts';
import { edited, mutantNamed } from './mutation.ts';
import { mutants } from './mutants.ts';
import { tableOf } from './table.ts';
import { type Report, verdictOfSeeds, verdictOn } from './verdict.ts';

const root = join(import.meta.dirname, '..', '..');

test.each(mutants)(
  'the rule "$rule" stands where the mutant looks for it, and tests that exist must notice',
  (mutant) => {
    const sources = new Map<string, string>();
    for (const edit of mutant.edits) {
      const before = sources.get(edit.file) ?? readFileSync(join(root, edit.file), 'utf8');
      const after = edited(before, edit);
      expect(after).not.toBe(before);
      sources.set(edit.file, after);
    }
    for (const file of Object.keys(mutant.killers)) expect(existsSync(join(root, file)), file).toBe(true);
    expect(Object.values(mutant.killers).flat()).not.toEqual([]);
  },
);

test('twenty-eight rules, each once', () => {
  expect(new Set(mutants.map(({ rule }) => rule)).size).toBe(28);
});

test('a mutant that does not apply, or applies twice, is an error', () => {
  const edit = { file: 'a.ts', find: 'x', replace: 'y' };
  expect(() => edited('none', edit)).toThrow('a.ts has 0 times x');
  expect(() => edited('x and x', edit)).toThrow('a.ts has 2 times x');
  expect(() => mutantNamed('no rule')).toThrow('content key');
});

describe('a mutant', () => {
  const asked = { named: ['group > rule'], files: ['a.ts'], applied: ['a.ts'] };
  const ran = (...tests: readonly (readonly [title: string, failure?: string])[]): Report => ({
    testResults: [
      {
        name: 'a.test.ts',
        status: tests.some(([, failure]) => failure !== undefined) ? 'failed' : 'passed',
        assertionResults: tests.map(([title, failure]) => ({
          ancestorTitles: ['group'],
          title,
          status: failure === undefined ? 'passed' : 'failed',
          failureMessages: failure === undefined ? [] : [failure],
        })),
      },
    ],
  });
  const late = 'Error: Test timed out in 20000ms.';

  test('is killed when a named test expected otherwise', () => {
    expect(verdictOn(ran(['rule', 'AssertionError: expected 1 to be 2\n at …']), asked)).toEqual({
      kind: 'killed',
      by: 'group > rule',
      how: 'AssertionError: expected 1 to be 2',
    });
  });

  test('lives when the named tests pass, whatever another one says', () => {
    expect(verdictOn(ran(['rule'], ['other', 'AssertionError: no']), asked)).toEqual({ kind: 'lives' });
  });

  test('is killed when a property of a named test expected otherwise', () => {
    const property = 'Error: Property failed after 2 tests\n{ seed: 1 }\nGot AssertionError: expected 1 to be 2\n at …';
    expect(verdictOn(ran(['rule', property]), asked)).toMatchObject({ kind: 'killed', by: 'group > rule' });
    const fell = property.replace('AssertionError', 'TypeError');
    expect(verdictOn(ran(['rule', fell]), asked).kind).toBe('unclear');
  });

  test('is killed by a deadline only where the rest goes on', () => {
    expect(verdictOn(ran(['rule', late], ['other']), asked).kind).toBe('killed');
    expect(verdictOn(ran(['rule', late], ['other', late]), asked).kind).toBe('unclear');
  });

  test('shows nothing when it was not loaded, when the code fell over, when a file or a named test did not run', () => {
    const killed = ran(['rule', 'AssertionError: no']);
    expect(verdictOn(killed, { ...asked, applied: [] })).toEqual({ kind: 'unclear', why: 'no test loaded a.ts' });
    expect(verdictOn(ran(['rule', "TypeError: Cannot read properties of undefined (reading 'id')"]), asked).kind).toBe(
      'unclear',
    );
    expect(verdictOn(ran(['other']), asked)).toEqual({ kind: 'unclear', why: 'did not run: group > rule' });
    const unloaded = { name: 'b.test.ts', status: 'failed', message: 'does not apply', assertionResults: [] };
    expect(verdictOn({ testResults: [...killed.testResults, unloaded] }, asked)).toEqual({
      kind: 'unclear',
      why: 'b.test.ts: does not apply',
    });
  });
});

test('of seeds a broken invariant kills; that they cannot go on shows nothing', () => {
  const seeds = (...said: readonly SeedSaid[]): SeedsSaid => ({ applied: ['a.ts'], seeds: said });
  const well = { seed: 1, violations: [] };
  const found = { seed: 3, violations: ['INV-02 a charge is 2 sessions', 'INV-03 more'] };
  const fell = { seed: 2, violations: [], failed: 'Error: it waits for ever' };
  expect(verdictOfSeeds(seeds(well, fell, found), ['a.ts'])).toEqual({
    kind: 'killed',
    by: 'INV-02',
    how: 'INV-02 a charge is 2 sessions',
    seeds: [3],
  });
  expect(verdictOfSeeds(seeds(well), ['a.ts'])).toEqual({ kind: 'lives' });
  expect(verdictOfSeeds(seeds(well, fell), ['a.ts'])).toEqual({
    kind: 'unclear',
    why: 'seed 2: Error: it waits for ever',
  });
  expect(verdictOfSeeds({ ...seeds(well), cutShort: 'too late' }, ['a.ts'])).toMatchObject({ kind: 'unclear' });
  expect(verdictOfSeeds(seeds(found), ['a.ts', 'b.ts']).kind).toBe('unclear');
});

test('the table says where each died, and which did not', () => {
  const mutant = mutantNamed('content key');
  const blind = { ...mutant, blind: 'nobody looks' };
  const killed = { kind: 'killed', by: 'group > rule', how: '' } as const;
  const inSeeds = { kind: 'killed', by: 'INV-02', how: '', seeds: [1, 2, 3, 4] } as const;
  const lines = [
    { mutant, verdict: killed, seeds: inSeeds, seconds: 1 },
    { mutant, verdict: { kind: 'lives' }, seeds: { kind: 'lives' }, seconds: 1 },
    { mutant: blind, verdict: killed, seconds: 1 },
  ] as const;
  expect(tableOf(lines).split('\n').slice(2)).toEqual([
    `| content key | ${mutant.means} | group > rule | INV-02 (seed 1, 2, 3) |`,
    `| content key | ${mutant.means} | **lives** | **lives** |`,
    `| content key | ${mutant.means} | group > rule | not seen: nobody looks |`,
  ]);
});
