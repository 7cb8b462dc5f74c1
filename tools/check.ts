// pnpm check: what can be said about the code without running it. Names choose steps: pnpm check types lint
import { staleFiles } from './generated.ts';
import { run } from './run.ts';

const steps: Readonly<Record<string, () => boolean>> = {
  types: () => run(['tsc', '-b']),
  'test types': () => run(['tsc', '-p', 'tsconfig.test.json', '--noEmit']),
  lint: () => run(['oxlint']),
  format: () => run(['oxfmt', '--check', '.']),
  architecture: () => run(['vitest', 'run', 'test/architecture.test.ts']),
  generated: () => {
    const stale = staleFiles();
    if (stale.length > 0) console.error(`generated anew, commit them: ${stale.join(', ')}`);
    return stale.length === 0;
  },
  licences: () => run(['node', 'tools/licences.ts', '--check']),
  unused: () => run(['knip', '--no-progress']),
};

const chosen = process.argv.slice(2);
const failed = Object.entries(steps)
  .filter(([name]) => chosen.length === 0 || chosen.includes(name))
  .filter(([name, step]) => {
    console.log(`\n== ${name}`);
    return !step();
  })
  .map(([name]) => name);

console.log(failed.length === 0 ? '\ncheck: all well' : `\ncheck failed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
