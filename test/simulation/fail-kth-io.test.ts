import {
  type Failure,
  FAILURES,
  type Port,
  prepareForSeeds,
  type Protocol,
  type RealDatabase,
  realDatabase,
  runScenario,
  scenariosOf,
  testDatabase,
  type TestDatabase,
} from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adapters } from './adapters.ts';

const TOGETHER = 25;
/**
 * Each so manieth point of every port, another one for each story: all points take longer than a run of all tests may.
 * `PLUGGA_EVERY=1` takes them all.
 */
const full = process.env['PLUGGA_TEST'] === 'full';
const EVERY = Number(process.env['PLUGGA_EVERY'] ?? (full ? 31 : 281));

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

/** 2.1 tells what 2.0.1 does, by nearly the same code. */
const PROTOCOLS: readonly Protocol[] = ['ocpp1.6', 'ocpp2.0.1', ...(full ? (['ocpp2.1'] as const) : [])];
const stories = PROTOCOLS.flatMap((protocol) => Object.keys(scenariosOf(protocol)).map((name) => ({ protocol, name })));

test.each(stories.map((it, nth) => ({ ...it, nth })))(
  '$protocol, $name: whichever await of clock, random numbers, link, store, bus or disk fails, it comes to the same end',
  { timeout: 900_000 },
  async ({ protocol, name, nth }) => {
    const story = { name, protocol, real, adapters };
    const plain = await runScenario(story);
    expect(plain.violations).toEqual([]);
    for (const port of ['store', 'link', 'random', 'clock'] as const) expect(plain.ports).toContain(port);

    const failings: Failing[] = plain.ports
      .flatMap((port, at) => FAILURES[port].map((how) => ({ at, port, how })))
      .filter((_, n) => n % EVERY === nth % EVERY);
    expect(failings.length).toBeGreaterThan(0);
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
