import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** In test:full alone, so that the README's command stays under five minutes: long, and of what others touch in test as well. */
export const LONG: readonly string[] = [
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
  'test/simulation/replay.test.ts',
  'test/simulation/billing.test.ts',
  'test/e2e/kill.test.ts',
  'plugins/maintenance/src/uploads.test.ts',
];

/** How a test file comes to do more in test:full: it asks itself, or one of these does for it. */
const ASKS = /\bPLUGGA_TEST\b|\bnatsWanted\b|\bbrowserRuns\b|from '\.\/seeds\.ts'/;

/** Files that test:full does not run as `test` has. */
export const moreInFull = (root: string): string[] =>
  globSync('**/*.test.ts', { cwd: root, exclude: (name) => name === 'node_modules' || name === 'dist' }).filter(
    (file) => LONG.includes(file) || ASKS.test(readFileSync(join(root, file), 'utf8')),
  );

/**
 * Minutes each: begun first, or one of them runs alone at the end while the other worker has nothing left. The processes and the
 * storm, which move and kill hundreds of stations, not at once: what stands between them lasts one worker longer than the processes
 * last the other. Those that wait most (outage, backup, ladder) beside those that reckon most.
 */
const FIRST = [
  'test/nodes/processes.test.ts',
  'test/simulation/fail-kth-io.test.ts',
  'test/faults/outage.test.ts',
  'test/conformance/ocpp2.test.ts',
  'test/simulation/billing.test.ts',
  'test/backup/backup.test.ts',
  'test/simulation/even-seeds.test.ts',
  'test/simulation/odd-seeds.test.ts',
  'test/e2e/console-pages.test.ts',
  'test/e2e/kill.test.ts',
  'test/bad-input/bad-input.test.ts',
  'core/src/db/ladder.test.ts',
  'test/faults/storm.test.ts',
  'test/plugins/shown-is-billed.test.ts',
  'core/src/db/embedded.test.ts',
  'test/e2e/charging.test.ts',
];

/** By what the last run took, as vitest does; on a fresh clone it knows of none, and then the long ones are named. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = FIRST.findIndex((name) => moduleId.endsWith(name));
      return at === -1 ? FIRST.length : at;
    };
    return (await super.sort(files)).toSorted((a, b) => place(a) - place(b));
  }
}
