import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { mutation } from './test/mutants/mutation.ts';
import { LONG, LongFirst, moreInFull } from './test/schedule.ts';

/** Set by `pnpm test:mutants` alone: the rule that is switched off. */
const { PLUGGA_MUTANT: mutant, PLUGGA_MUTANT_APPLIED: applied } = process.env;

const isFull = process.env['PLUGGA_TEST'] === 'full';
/** `test` has run just before on the same code, so that test:full need not repeat what is the same in both: in CI. */
const hasRun = process.env['PLUGGA_TEST_HAS_RUN'] === 'true';

export default defineConfig({
  plugins: mutant === undefined ? [] : [mutation(mutant, applied)],
  test: {
    include: isFull && hasRun ? moreInFull(import.meta.dirname) : ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(isFull ? [] : LONG)],
    globalSetup: ['./sdk/testing/src/global-setup.ts'],
    // What is kept from run to run must never hold a mutated module, nor give a mutant one that is whole.
    fsModuleCache: mutant === undefined,
    // Node processes and threads that tests start: compiled and stripped of types once, a start costs half the CPU.
    env:
      mutant === undefined
        ? { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'compiled') }
        : {},
    sequence: { sequencer: LongFirst },
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
