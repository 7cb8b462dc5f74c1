// Packs every package that is published, installs the tarballs in an empty folder as a third party would, and runs
// examples/hello-plugin there: its test from its packed sources, and its packed build as an import.
import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root, run } from './run.ts';

const example = '@plugga/example-hello-plugin';

const must = (what: string, done: boolean): void => {
  if (done) return;
  console.error(`pack-and-run: ${what} failed`);
  process.exit(1);
};

const packages = globSync('{core,{sdk,adapters,plugins,examples}/*}/package.json', { cwd: root })
  .toSorted()
  .map((path) => ({
    folder: join(root, dirname(path)),
    ...(JSON.parse(readFileSync(join(root, path), 'utf8')) as { name: string; version: string; private?: boolean }),
  }))
  .filter((one) => one.private !== true);

const catalogVersion = (name: string): string =>
  new RegExp(`^ {2}'?${name}'?: (.+)$`, 'm').exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))?.[1] ?? '';

const folder = mkdtempSync(join(tmpdir(), 'plugga-packed-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const tarballs = join(folder, 'tarballs');
const app = join(folder, 'app');
mkdirSync(tarballs);
mkdirSync(app);

must('the build', run(['tsc', '-b']));
for (const one of packages)
  must(`packing ${one.name}`, run(['npx', '-y', 'pnpm@12.21.0', 'pack', '--pack-destination', tarballs], one.folder));

const tarballOf = (name: string): string => {
  const file = readdirSync(tarballs).find((one) =>
    new RegExp(`^${name.slice(1).replace('/', '-')}-\\d.*\\.tgz$`).test(one),
  );
  must(`finding the tarball of ${name}`, file !== undefined);
  return join(tarballs, file ?? '');
};

writeFileSync(
  join(app, 'package.json'),
  JSON.stringify({
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(packages.map(({ name }) => [name, `file:${tarballOf(name)}`])),
    devDependencies: Object.fromEntries(
      ['vitest', 'typescript', '@types/node'].map((name) => [name, catalogVersion(name)]),
    ),
  }),
);
must('npm install', run(['npm', 'install', '--no-audit', '--no-fund', '--loglevel=error'], app));

const sources = join(app, 'hello-plugin');
mkdirSync(sources);
must('unpacking the example', run(['tar', '-xzf', tarballOf(example), '--strip-components=1', '-C', sources]));
must('the packed test', run([join(app, 'node_modules', '.bin', 'vitest'), 'run', '--root', sources], app));

const imports = packages.map(({ name }) => `await import('${name}');`).join(' ');
const script = `${imports} const { default: plugin } = await import('${example}'); if (!plugin?.name) throw new Error('${example} exports no plugin'); console.log('packed plugin:', plugin.name);`;
must('importing what was packed', run([process.execPath, '--input-type=module', '-e', script], app));
