import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';

/** `pnpm new` in a copy of what it touches; what it makes is then run where it lies. */

const root = join(import.meta.dirname, '..');
const copy = join(import.meta.dirname, 'dist', 'new'); // ignored by git, resolves what `test` depends on
const touched = [
  ...['package.json', 'tsconfig.json', 'tsconfig.base.json', 'tools', 'examples/hello-plugin', 'examples/hello-quirk'],
  ...['adapters/quirks', 'test/conformance/quirks.test.ts'],
  ...globSync('{core,{sdk,adapters,plugins,examples}/*,{plugins,examples}/*/web}/tsconfig.json', { cwd: root }),
];
rmSync(copy, { recursive: true, force: true });
for (const path of touched)
  cpSync(join(root, path), join(copy, path), {
    recursive: true,
    filter: (from) => !['node_modules', 'dist'].includes(basename(from)),
  });
mkdirSync(join(copy, 'node_modules', '@plugga'), { recursive: true });
symlinkSync(join(copy, 'adapters', 'quirks'), join(copy, 'node_modules', '@plugga', 'quirks'));

const make = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(copy, 'tools', 'new.ts'), ...args], { encoding: 'utf8' });
const read = (path: string): string => readFileSync(join(copy, path), 'utf8');
const steps = (out: string): string[] => out.split('\n').filter((line) => /^ {2}\d\. /.test(line));

const plugin = make('plugin', 'night-rates');
const quirk = make('quirk', 'acme-power');

describe('pnpm new plugin', async () => {
  test('makes a package under its own name, known to the deployment and the build, and says what comes next', () => {
    expect(plugin).toMatchObject({ status: 0, stderr: '' });
    expect(steps(plugin.stdout)).toEqual([
      expect.stringContaining('pnpm test plugins/night-rates'),
      expect.stringContaining("plugga.config.ts: import nightRates from '@plugga/plugin-night-rates'"),
    ]);
    expect(JSON.parse(read('plugins/night-rates/package.json'))).toMatchObject({ name: '@plugga/plugin-night-rates' });
    expect(JSON.parse(read('package.json'))).toHaveProperty(['dependencies', '@plugga/plugin-night-rates']);
    expect(JSON.parse(read('tsconfig.json'))).toMatchObject({
      references: expect.arrayContaining([{ path: 'plugins/night-rates' }, { path: 'plugins/night-rates/web' }]),
    });
    expect(read('plugins/night-rates/src/index.ts')).toMatch(/name: 'night-rates',[^]*'\/night-rates': apiRoutes/);
  });

  test('leaves nothing of the example’s name behind', () => {
    const files = globSync('plugins/night-rates/**/*', { cwd: copy, withFileTypes: true }).filter((it) => it.isFile());
    expect(files.map(({ name }) => name).toSorted()).toEqual(
      [
        ...['README.md', 'index.test.ts', 'index.ts', 'package.json', 'tsconfig.json'],
        ...['drivers.tsx', 'tsconfig.json', 'vite.config.ts'],
      ].toSorted(),
    );
    for (const { parentPath, name } of files)
      expect(readFileSync(join(parentPath, name), 'utf8')).not.toMatch(/hello/i);
  });

  // Its own test, on the real host and database.
  await import(join(copy, 'plugins/night-rates/src/index.test.ts'));
});

describe('pnpm new quirk', async () => {
  test('puts a quirk and its fixture among ours, and says what comes next', () => {
    expect(quirk).toMatchObject({ status: 0, stderr: '' });
    expect(steps(quirk.stdout)).toEqual([
      expect.stringContaining('adapters/quirks/fixtures/acme-power-idle.jsonl'),
      expect.stringContaining('pnpm test test/conformance/quirks.test.ts'),
    ]);
    expect(read('adapters/quirks/src/acme-power.ts')).toMatch(/export const acmePower = defineQuirk\([^]*'acme-power-/);
    expect(read('adapters/quirks/src/index.ts')).toMatch(/= \[acmePower, /);
    expect(read('adapters/quirks/src/acme-power.ts')).not.toMatch(/hello/i);
  });

  // The test that every quirk of ours passes, now with the new one.
  await import(join(copy, 'test/conformance/quirks.test.ts'));
});

test.each([
  [['plugin'], 'usage'],
  [['widget', 'one'], 'usage'],
  [['plugin', 'Night_Rates'], 'kebab-case'],
  [['plugin', '../away'], 'kebab-case'],
  [['plugin', 'night-rates'], 'is there already'],
  [['quirk', 'huawei'], 'is there already'],
])('pnpm new %j is refused: %s', (args, why) => {
  const { status, stderr, stdout } = make(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(why);
});

test('the clone that it was made in is untouched', () => {
  expect(existsSync(join(root, 'plugins', 'night-rates'))).toBe(false);
});
