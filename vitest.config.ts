import { defineConfig } from 'vitest/config';
import { mutation } from './test/mutants/mutation.ts';

/** Set by `pnpm test:mutants` alone: the rule that is switched off. */
const { PLUGGA_MUTANT: mutant, PLUGGA_MUTANT_APPLIED: applied } = process.env;

const isFull = process.env['PLUGGA_TEST'] === 'full';
/** In test:full alone, so that the README's command stays under five minutes: long, and of what others touch in test as well. */
const LONG = [
  'test/commands/coverage.test.ts',
  'test/commands/coverage2.test.ts',
  'test/conformance/ocpp16/dialect-live.test.ts',
  'test/e2e/demo.test.ts',
  'test/e2e/pool.test.ts',
  'test/plugins/maintenance.test.ts',
  'sdk/simulator/src/personalities/personalities.test.ts',
  'core/src/backup/restore.test.ts',
  'test/backup/backup.test.ts',
  'test/faults/away.test.ts',
];

export default defineConfig({
  plugins: mutant === undefined ? [] : [mutation(mutant, applied)],
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(isFull ? [] : LONG)],
    globalSetup: ['./sdk/testing/src/global-setup.ts'],
    // What is kept from run to run must never hold a mutated module, nor give a mutant one that is whole.
    fsModuleCache: mutant === undefined,
    pool: 'forks',
    // Of 200 files most are done sooner than a process has loaded the platform: they share one, in `test`. In test:full each
    // has its own, so that a file that only passes after another is found there.
    isolate: isFull || mutant !== undefined,
    // Most of the long ones wait for stations, timers and the disk.
    maxWorkers: isFull ? 2 : 3,
    // In CI a test that waits too long on a busy machine is tried once more; the report then says "retry x1".
    retry: process.env['CI'] === 'true' ? 1 : 0,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
