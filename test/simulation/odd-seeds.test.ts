import { test } from 'vitest';
import { expectFaults, expectMakes, simulate } from './seeds.ts';

test(
  'whatever fails, nothing acknowledged is lost, each charge is one session to the watt-hour, and the log gives it all again',
  { timeout: 600_000 },
  async () => {
    const summary = await simulate(1);
    expectFaults(summary);
    expectMakes(summary);
  },
);
