import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { main } from '../main.ts';
import { installedFrom } from './installed.ts';

const folder = mkdtempSync(join(tmpdir(), 'plugga-advisories-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (path: string, content: unknown): string => {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};
const advisory = (id: string, name: string, events: readonly object[], more: object = {}) => ({
  id,
  modified: '2026-01-01T00:00:00Z',
  affected: [{ package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events }] }],
  ...more,
});

async function doctor(...args: readonly string[]) {
  const lines = { out: [] as string[], err: [] as string[] };
  const code = await main(['doctor', ...args], {
    env: {},
    out: (text) => void lines.out.push(text),
    err: (text) => void lines.err.push(text),
    deployment: () => Promise.reject(new Error('not asked')),
    ended: new Promise(() => undefined),
  });
  return { code, out: lines.out.join('\n'), err: lines.err.join('\n') };
}

test('an advisory for what the platform runs on is a failure, with the version that mends it', async () => {
  const file = write('hit.json', [
    advisory('GHSA-low', 'pg', [{ introduced: '0' }, { fixed: '99.0.0' }], { database_specific: { severity: 'LOW' } }),
    advisory('GHSA-bad', 'ws', [{ introduced: '0' }], { database_specific: { severity: 'CRITICAL' } }),
    advisory('GHSA-mended', 'hono', [{ introduced: '0' }, { fixed: '0.1.0' }]),
  ]);
  const { code, out, err } = await doctor('--advisories', file);
  expect(code).toBe(1);
  const [head, ...rows] = out.split('\n');
  expect(head).toMatch(/^SEVERITY +PACKAGE +VERSION +ADVISORY +FIXED/);
  expect(rows).toEqual([
    expect.stringMatching(/^critical +ws +8\.\S+ +GHSA-bad +- +@plugga\/core/),
    expect.stringMatching(/^low +pg +8\.\S+ +GHSA-low +99\.0\.0 +@plugga\/core/),
  ]);
  expect(err).toMatch(/^\d+ packages, 3 advisories for npm \(0 withdrawn\): 2 hit$/);
});

test('what is withdrawn, mended or only used in development hits nothing', async () => {
  const file = write('none.json', [
    advisory('GHSA-withdrawn', 'ws', [{ introduced: '0' }], { withdrawn: '2026-02-01T00:00:00Z' }),
    advisory('GHSA-development', 'vitest', [{ introduced: '0' }]),
    advisory('GHSA-old', 'ws', [{ introduced: '0' }, { fixed: '8.0.0' }]),
  ]);
  const { code, out, err } = await doctor('--advisories', file, '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ advisories: 3, withdrawn: 1, hits: [] });
  expect(err).toContain('(1 withdrawn): 0 hit');
});

test('every file of a folder is read, and one that is damaged is never passed over', async () => {
  write('database/npm/a.json', advisory('GHSA-a', 'nobody', [{ introduced: '0' }]));
  write('database/npm/b.json', advisory('GHSA-b', 'zod', [{ introduced: '0' }]));
  expect(await doctor('--advisories', join(folder, 'database'))).toMatchObject({
    code: 1,
    out: expect.stringContaining('GHSA-b'),
  });
  const damaged = write('database/npm/c.json', '{ "id": "GHSA-c", "affected": [{ "package": ');
  const { code, err } = await doctor('--advisories', join(folder, 'database'));
  expect(code).toBe(2);
  expect(err).toContain(`${damaged} is no JSON`);
});

test('a file that is not there, a folder without files, and an SBOM without advisories are wrong commands', async () => {
  expect(await doctor('--advisories', join(folder, 'absent'))).toMatchObject({
    code: 2,
    err: expect.stringContaining('cannot be read'),
  });
  mkdirSync(join(folder, 'empty'));
  expect((await doctor('--advisories', join(folder, 'empty'))).err).toContain('holds no .json file');
  expect((await doctor('--sbom', 'x')).code).toBe(2);
});

test('an SBOM is examined instead of what is installed', async () => {
  const file = write('any.json', advisory('GHSA-s', '@scope/thing', [{ introduced: '1.0.0' }, { fixed: '1.0.4' }]));
  const sbom = write('thing.cdx.json', {
    bomFormat: 'CycloneDX',
    components: [{ purl: 'pkg:npm/%40scope/thing@1.0.3' }, { purl: 'pkg:generic/other@1' }],
  });
  const { code, out } = await doctor('--advisories', file, '--sbom', sbom, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    packages: 1,
    hits: [{ package: '@scope/thing', version: '1.0.3', advisory: 'GHSA-s', fixed: '1.0.4' }],
  });
  expect((await doctor('--advisories', file, '--sbom', file)).err).toContain('is no CycloneDX SBOM');
});

test('each version is found where Node finds it: nested, linked, optional or absent; development is left out', async () => {
  write('app/package.json', {
    name: 'app',
    version: '1.0.0',
    dependencies: { a: '^1', linked: '*' },
    optionalDependencies: { 'other-platform': '1.0.0' },
    devDependencies: { tool: '1.0.0' },
  });
  write('app/node_modules/a/package.json', { name: 'a', version: '1.0.0', dependencies: { b: '^2' } });
  write('app/node_modules/a/node_modules/b/package.json', { name: 'b', version: '2.0.0', dependencies: { a: '^1' } });
  write('app/node_modules/b/package.json', { name: 'b', version: '1.0.0' });
  write('app/node_modules/tool/package.json', { name: 'tool', version: '1.0.0' });
  write('store/linked@3/node_modules/linked/package.json', {
    name: 'linked',
    version: '3.0.0',
    dependencies: { c: '*' },
  });
  write('store/linked@3/node_modules/c/package.json', { name: 'c', version: '4.0.0' });
  symlinkSync(join(folder, 'store/linked@3/node_modules/linked'), join(folder, 'app/node_modules/linked'));
  expect(await installedFrom([join(folder, 'app')])).toEqual([
    { name: 'app', version: '1.0.0', via: '' },
    { name: 'a', version: '1.0.0', via: 'app' },
    { name: 'linked', version: '3.0.0', via: 'app' },
    { name: 'b', version: '2.0.0', via: 'app > a' },
    { name: 'c', version: '4.0.0', via: 'app > linked' },
  ]);
});
