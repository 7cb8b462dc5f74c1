import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { forbiddenImports, impureImports, parseSource } from './architecture.ts';

const root = join(import.meta.dirname, '..');
const generated = new Set(['node_modules', 'dist', 'data', 'coverage', '.git']);
const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !generated.has(name))
    .flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path] : [];
    });
const files = filesIn('');
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');
const sources = new Map(
  files.filter((path) => /\.tsx?$/.test(path)).map((path) => [path, parseSource(path, textOf(path))] as const),
);

/** Files whose work is the clock, timers or the environment itself. One that no longer needs to be here must go. */
const edge: readonly string[] = [
  'core/src/bin.ts', // hands the environment to the configuration
  'core/src/cli/doctor.ts', // looks at the machine
  'core/src/cli/start.ts', // ends the process when stopping takes too long
  'core/src/clock.ts', // is the clock
  'core/src/db/embedded.ts', // waits for another process
  'core/src/db/postgres-process.ts', // waits for another process
];

const pureNames = new Set(['resolve.ts', 'evolve.ts', 'decide.ts', 'energy.ts', 'ocppj.ts', 'translate.ts']);

describe('who may import whom', () => {
  test('every file imports only what its room allows', () => {
    expect(sources.size).toBeGreaterThan(20);
    expect([...sources.values()].flatMap(forbiddenImports)).toEqual([]);
  });

  test('the pure rules reach no I/O, however indirectly', () => {
    const pure = [...sources.keys()].filter((path) => path.startsWith('core/src/') && pureNames.has(basename(path)));
    expect(pure.flatMap((path) => impureImports(path, sources))).toEqual([]);
  });

  test.each([
    ['core/src/session/resolve.ts', `import '@plugga/ocpp16'`],
    ['plugins/billing/src/index.ts', `import { priceOf } from '@plugga/plugin-tariffs'`],
    ['plugins/billing/src/index.ts', `export * from '@plugga/core/database'`],
    ['plugins/billing/src/index.ts', `import '../../tariffs/src/price.ts'`],
    ['plugins/billing/web/main.tsx', `import '@plugga/core'`],
    ['adapters/quirks/src/index.ts', `const x = await import('@plugga/ocpp16')`],
    ['sdk/kit/src/money.ts', `import { readFile } from 'node:fs'`],
    ['sdk/simulator/src/index.ts', `import type { Fact } from '@plugga/kit'`],
    ['sdk/testing/src/index.ts', `import '@plugga/ocpp16'`],
  ])('%s may not %s', (path, text) => {
    expect(forbiddenImports(parseSource(path, text))).toHaveLength(1);
  });

  test.each([
    ['core/src/a.ts', `import { fail } from '@plugga/kit'; import './b.ts'; import ws from 'ws'`],
    ['core/src/a.test.ts', `import { testDatabase } from '@plugga/testing'`],
    ['adapters/ocpp21/src/index.ts', `import '@plugga/ocpp201'`],
    ['plugga.config.ts', `import '@plugga/plugin-tariffs'`],
  ])('%s may %s', (path, text) => {
    expect(forbiddenImports(parseSource(path, text))).toEqual([]);
  });

  test('I/O that a pure file reaches through another file is found, a type of it is not', () => {
    const tiny = new Map(
      Object.entries({
        'core/src/a/resolve.ts': `import { x } from '../b.ts'; import type { Pool } from 'pg'`,
        'core/src/b.ts': `import { readFile } from 'node:fs/promises'`,
      }).map(([path, text]) => [path, parseSource(path, text)] as const),
    );
    expect(impureImports('core/src/a/resolve.ts', tiny)).toEqual([
      'core/src/a/resolve.ts imports ../b.ts > node:fs/promises',
    ]);
  });
});

describe('clock, random numbers, timers and environment are given, not taken', () => {
  const inside = /^(core|sdk\/kit|adapters\/[^/]+|plugins\/[^/]+)\/src\/(?!.*\.test)/;

  test('nowhere but at the edge', () => {
    const taken = [...sources.values()]
      .filter(({ path }) => inside.test(path) && !edge.includes(path))
      .flatMap(({ path, ambient }) => ambient.map(({ what, line }) => `${path}:${line} ${what}`));
    expect(taken).toEqual([]);
  });

  test('the list of the edge names no file in vain', () => {
    expect(edge.filter((path) => (sources.get(path)?.ambient.length ?? 0) === 0)).toEqual([]);
  });

  test('each way to take them is seen', () => {
    const text = `Date.now(); new Date(); Math.random(); setTimeout(f, 1); process.env.X; new Date(0); clock.now(); a.setTimeout(1)`;
    expect(parseSource('core/src/a.ts', text).ambient.map(({ what }) => what)).toEqual([
      'Date.now',
      'new Date()',
      'Math.random',
      'setTimeout()',
      'process.env',
    ]);
    expect(
      parseSource('core/src/a.ts', `import { setTimeout as sleep } from 'node:timers/promises'`).ambient,
    ).toHaveLength(1);
  });
});

test('no file names a path of one machine', () => {
  const machine = /(?<![\w.:/}\])*-])\/(?:root|home|work|tmp|Users|opt|mnt)\/[\w.]/;
  const text = files.filter((path) => !/^pnpm-lock|\.(png|woff2|ico|jsonl)$/.test(path));
  const named = text.flatMap((path) =>
    textOf(path)
      .split('\n')
      .flatMap((line, at) => (machine.test(line) ? [`${path}:${at + 1} ${line.trim().slice(0, 120)}`] : [])),
  );
  expect(named).toEqual([]);
});
