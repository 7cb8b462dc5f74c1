import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'plugga-ci-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What .ci/run reads and shows of a report. */
const shown = (testResults: readonly unknown[], code = 1): string[] => {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify({ numPassedTests: 5, testResults }));
  const said = execFileSync(process.execPath, ['.ci/report.mjs', 'test', path, String(code)], { cwd: root });
  return said.toString().trimEnd().split('\n');
};
const file = (name: string, ...failed: readonly (readonly [title: string, message: string])[]) => ({
  ...{ name: `${root}core/${name}`, status: 'failed', message: '' },
  assertionResults: [
    { status: 'passed', title: 'fine', ancestorTitles: [], failureMessages: [] },
    ...failed.map(([title, message]) => ({
      ...{ status: 'failed', title, ancestorTitles: ['a start'], failureMessages: [message] },
    })),
  ],
});

test('a failed test is named, with what it says first and where', () => {
  const message = `AssertionError: \u001b[31mexpected\u001b[39m 2 to be 3\n    at ${root}node_modules/x.js:1:2\n    at core/a.test.ts:4:38`;
  expect(shown([file('a.test.ts', ['is told twice', message])])).toEqual([
    '5 1',
    'test: core/a.test.ts > a start > is told twice',
    '    AssertionError: expected 2 to be 3',
    '    at core/a.test.ts:4:38',
  ]);
});

test('what fails without a failed test is counted and named: a file that does not load, an error of no test, no report', () => {
  expect(shown([{ ...file('a.test.ts'), message: 'Cannot find module' }])).toEqual([
    '5 1',
    'test: core/a.test.ts as a whole',
    '    Cannot find module',
  ]);
  expect(shown([], 1)).toEqual(['5 1', 'test: code 1 though no test failed']);
  expect(shown([], 0)).toEqual(['5 0']);
  rmSync(join(folder, 'report.json'));
  const path = join(folder, 'report.json');
  const said = execFileSync(process.execPath, ['.ci/report.mjs', 'test', path, '137'], { cwd: root }).toString();
  expect(said).toMatch(/^0 1\ntest: no report, code 137\n {4}Error: ENOENT/);
});

test('of many only the names are shown', () => {
  const many = Array.from({ length: 8 }, (_, at) => [`number ${at}`, 'Error: no'] as const);
  expect(shown([file('a.test.ts', ...many)])).toEqual([
    '5 8',
    ...many.map(([title]) => `test: core/a.test.ts > a start > ${title}`),
  ]);
});
