import { ocpp16 } from '@plugga/ocpp16';
import {
  type Failure,
  FAILURES,
  type Port,
  prepareForSeeds,
  type RealDatabase,
  realDatabase,
  runScenario,
  SCENARIOS,
  testDatabase,
  type TestDatabase,
} from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

const TOGETHER = 25;
/**
 * Each so manieth point of every port, another one for each story: all points take longer than a run of all tests may.
 * `PLUGGA_EVERY=1` takes them all.
 */
const EVERY = Number(process.env['PLUGGA_EVERY'] ?? (process.env['PLUGGA_TEST'] === 'full' ? 5 : 47));

let database: TestDatabase;
let real: RealDatabase;
beforeAll(async () => {
  database = await testDatabase('failing points');
  await prepareForSeeds(database.url);
  real = await realDatabase(database.url, TOGETHER);
});
afterAll(async () => {
  await real.close();
  await database.drop();
});

interface Failing {
  readonly at: number;
  readonly port: Port;
  readonly how: Failure;
}

test.each(Object.keys(SCENARIOS).map((name, nth) => ({ name, nth })))(
  '$name: whichever await of clock, random numbers, link, store, bus or disk fails, it comes to the same end',
  { timeout: 900_000 },
  async ({ name, nth }) => {
    const story = { name, real, adapters: [ocpp16] };
    const plain = await runScenario(story);
    expect(plain.violations).toEqual([]);
    for (const port of ['store', 'link', 'random', 'clock'] as const) expect(plain.ports).toContain(port);

    const failings: Failing[] = plain.ports
      .flatMap((port, at) => FAILURES[port].map((how) => ({ at, port, how })))
      .filter((_, n) => n % EVERY === nth % EVERY);
    expect(failings.length).toBeGreaterThan(2);
    const found: string[] = [];
    const waiting = [...failings];
    const work = async (): Promise<void> => {
      for (let failing = waiting.shift(); failing !== undefined; failing = waiting.shift()) {
        const { violations } = await runScenario({ ...story, failing });
        const { at, port, how } = failing;
        if (violations.length > 0) found.push(`point ${at} (${port}) with ${how}: ${violations.join('; ')}`);
      }
    };
    await Promise.all(Array.from({ length: TOGETHER }, work));
    expect(found).toEqual([]);
  },
);
