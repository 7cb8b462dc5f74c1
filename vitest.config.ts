import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { mutation } from './test/mutants/mutation.ts';

/** Set by `pnpm test:mutants` alone: the rule that is switched off. */
const { PLUGGA_MUTANT: mutant, PLUGGA_MUTANT_APPLIED: applied } = process.env;

const isFull = process.env['PLUGGA_TEST'] === 'full';
/** In test:full alone, so that the README's command stays under five minutes: long, and of what others touch in test as well. */
const LONG = [
  'test/commands/coverage.test.ts',
  'test/commands/coverage2.test.ts',
  'test/conformance/ocpp16/dialect-live.test.ts',
  'test/docs.test.ts',
  'test/e2e/demo.test.ts',
  'test/e2e/pool.test.ts',
  'test/plugins/maintenance.test.ts',
  'sdk/simulator/src/personalities/personalities.test.ts',
  'core/src/cli/doctor.test.ts',
  'core/src/backup/restore.test.ts',
  'test/backup/backup.test.ts',
  'test/faults/away.test.ts',
];

/** Minutes each: begun first, or one of them runs alone at the end while the other worker has nothing left. */
const FIRST = [
  'test/nodes/processes.test.ts',
  'test/faults/storm.test.ts',
  'test/faults/outage.test.ts',
  'test/simulation/even-seeds.test.ts',
  'test/conformance/ocpp2.test.ts',
  'test/e2e/kill.test.ts',
  'test/simulation/fail-kth-io.test.ts',
  'test/bad-input/bad-input.test.ts',
];

/** By what the last run took, as vitest does; on a fresh clone it knows of none, and then the long ones are named. */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = FIRST.findIndex((name) => moduleId.endsWith(name));
      return at === -1 ? FIRST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  plugins: mutant === undefined ? [] : [mutation(mutant, applied)],
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', ...(isFull ? [] : LONG)],
    globalSetup: ['./sdk/testing/src/global-setup.ts'],
    // What is kept from run to run must never hold a mutated module, nor give a mutant one that is whole.
    fsModuleCache: mutant === undefined,
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
