import { instant, type Instant, type RunningCost, type SessionId } from '@plugga/kit';
import { testClock } from '@plugga/testing';
import { expect, test } from 'vitest';
import { createRunningCosts } from './running-cost.ts';

const session = 'S1' as SessionId;
const cost = (value: string, final = false): RunningCost => ({ currency: 'SEK', value, final });

function told(from: (now: Instant) => Instant | undefined = (now) => now) {
  const clock = testClock();
  const heard: string[] = [];
  const costs = createRunningCosts({
    clock,
    from: () => from(clock.now()),
    tell: (of, { value }) => heard.push(`${of} ${value}`),
  });
  return { clock, heard, costs };
}

test('a cost is told at once, and what changes within 15 s once those are over', async () => {
  const { clock, heard, costs } = told();
  costs.heard(session, cost('1.00'));
  costs.heard(session, cost('1.10'));
  costs.heard('S2' as SessionId, cost('7.00'));
  await clock.advance(14_999);
  costs.heard(session, cost('1.20'));
  expect(heard).toEqual(['S1 1.00', 'S2 7.00']);
  await clock.advance(1);
  expect(heard).toEqual(['S1 1.00', 'S2 7.00', 'S1 1.20']);
});

test('a cost that has not changed is not told again', async () => {
  const { clock, heard, costs } = told();
  costs.heard(session, cost('1.00'));
  await clock.advance(60_000);
  costs.heard(session, cost('1.00'));
  await clock.advance(60_000);
  expect(heard).toEqual(['S1 1.00']);
});

test('what has become final is known, and not told while it runs', async () => {
  const { clock, heard, costs } = told();
  costs.heard(session, cost('1.00'));
  costs.heard(session, cost('1.10'));
  costs.heard(session, cost('1.30', true));
  // One that was made before.
  costs.heard(session, cost('1.20'));
  await clock.advance(60_000);
  expect(heard).toEqual(['S1 1.00']);
  expect(costs.of(session)).toEqual(cost('1.30', true));
});

test('a station that has just come, or is away, is not told', async () => {
  const soon = told((now) => instant(Math.max(now, Date.parse('2026-01-15T12:00:30Z'))));
  soon.costs.heard(session, cost('1.00'));
  await soon.clock.advance(29_999);
  expect(soon.heard).toEqual([]);
  await soon.clock.advance(1);
  expect(soon.heard).toEqual(['S1 1.00']);
  const away = told(() => undefined);
  away.costs.heard(session, cost('1.00'));
  await away.clock.advance(60_000);
  expect(away.heard).toEqual([]);
});
