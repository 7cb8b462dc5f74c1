import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '@plugga/kit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtWeb, keyOf } from './build.ts';

let root: string;
const write = async (path: string, text: string): Promise<void> => {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), text);
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'plugga-build-'));
  await write('package.json', '{"dependencies":{"react":"catalog:"}}');
  await write('node_modules/react/package.json', '{"version":"1.0.0"}');
  await write('web/src/a.ts', 'one');
  await write('web/src/deep/b.ts', 'two');
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('the key of a build', () => {
  test('is the same for the same sources', async () => {
    expect(await keyOf(root)).toBe(await keyOf(root));
  });

  test.each([
    ['a source changes', 'web/src/a.ts', 'other'],
    ['a source is added', 'web/src/c.ts', ''],
    ['the version of a dependency changes', 'node_modules/react/package.json', '{"version":"1.0.1"}'],
    ['the package changes', 'package.json', '{"dependencies":{}}'],
  ])('changes when %s', async (_, path, text) => {
    const before = await keyOf(root);
    await write(path, text);
    expect(await keyOf(root)).not.toBe(before);
  });

  test('changes when two files change places', async () => {
    const before = await keyOf(root);
    await write('web/src/a.ts', 'two');
    await write('web/src/deep/b.ts', 'one');
    expect(await keyOf(root)).not.toBe(before);
  });

  test('does not change with a test', async () => {
    const before = await keyOf(root);
    await write('web/src/a.test.ts', 'test');
    expect(await keyOf(root)).toBe(before);
  });
});

describe('the built pages', () => {
  const o = { log: { info: () => undefined }, clock: { now: () => instant(0) } };

  test('are taken as they are when they were built from these sources', async () => {
    await write('dist/web/.key', await keyOf(root));
    expect(await builtWeb(root, o)).toBe(join(root, 'dist', 'web'));
  });

  test('of an installed package are taken without sources', async () => {
    await rm(join(root, 'web'), { recursive: true });
    await write('dist/web/index.html', '');
    expect(await builtWeb(root, o)).toBe(join(root, 'dist', 'web'));
  });

  test('that a package should carry and does not are a fault that is named', async () => {
    await rm(join(root, 'web'), { recursive: true });
    await expect(builtWeb(root, o)).rejects.toMatchObject({ code: 'plugin-invalid' });
  });
});
