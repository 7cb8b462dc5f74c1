import { testClock } from '@plugga/testing';
import { expect, test } from 'vitest';
import { within } from './db/within.ts';
import { inTime } from './plugins/in-time.ts';

const never = new Promise<never>(() => undefined);

test('who does not answer in time is given up, and the error names whom', async () => {
  const clock = testClock();
  const asked = expect(within(clock, 2_000, 'the database', never)).rejects.toThrow(
    'the database did not answer within 2000 ms',
  );
  const done = expect(inTime(clock, 2_000, never, 'setup')).rejects.toThrow('setup did not finish within 2 s');
  await clock.advance(1_999);
  expect(await Promise.race([asked, done, 'waits'])).toBe('waits');
  await clock.advance(1);
  await Promise.all([asked, done]);
});

test('a process that did not run has not waited: what was answered meanwhile is heard', async () => {
  const clock = testClock();
  let answer = (_: string): void => undefined;
  const asked = within(clock, 2_000, 'the database', new Promise<string>((resolve) => (answer = resolve)));
  await clock.stall(45_000);
  answer('well');
  expect(await asked).toBe('well');
});

test('who says nothing after that either is given up', async () => {
  const clock = testClock();
  const asked = expect(within(clock, 2_000, 'the database', never)).rejects.toThrow('did not answer');
  await clock.stall(45_000);
  await clock.advance(1_750);
  await asked;
});
