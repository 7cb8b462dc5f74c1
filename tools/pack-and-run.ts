// Packs every package that is published, installs the tarballs in an empty folder as a third party would, and runs
// examples/hello-plugin there: its test from its packed sources, and its packed build as an import.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run } from './run.ts';
import { packAll } from './supply/pack-all.ts';
import { stemOf } from './supply/packages.ts';
import { verdictOn } from './supply/verify.ts';

const example = '@plugga/example-hello-plugin';

const must = (what: string, done: boolean): void => {
  if (done) return;
  console.error(`pack-and-run: ${what} failed`);
  process.exit(1);
};

const catalogVersion = (name: string): string =>
  new RegExp(`^ {2}'?${name}'?: (.+)$`, 'm').exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))?.[1] ?? '';

const folder = mkdtempSync(join(tmpdir(), 'plugga-packed-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const tarballs = join(folder, 'tarballs');
const app = join(folder, 'app');
mkdirSync(app);

const packages = packAll(tarballs, { command: 'pnpm pack-and-run' });
const { differences } = verdictOn(tarballs);
must(`checking what was packed (${differences.join('; ')})`, differences.length === 0);

const tarballOf = (name: string): string => join(tarballs, `${stemOf(packages.find((one) => one.name === name)!)}.tgz`);

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
// It starts a PostgreSQL of its own: as patient as the tests of the workspace.
const patience = ['--testTimeout', '60000', '--hookTimeout', '60000'];
must('the packed test', run([join(app, 'node_modules', '.bin', 'vitest'), 'run', '--root', sources, ...patience], app));

const imports = packages.map(({ name }) => `await import('${name}');`).join(' ');
const script = `${imports} const { default: plugin } = await import('${example}'); if (!plugin?.name) throw new Error('${example} exports no plugin'); console.log('packed plugin:', plugin.name);`;
must('importing what was packed', run([process.execPath, '--input-type=module', '-e', script], app));
