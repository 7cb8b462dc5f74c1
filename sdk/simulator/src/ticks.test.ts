import { expect, test } from 'vitest';
import { ticks } from './ticks.ts';

/** A clock that goes where it is put, and runs what is due on the way. */
const handClock = (at: number) => {
  let now = at;
  let due: { at: number; run: () => void }[] = [];
  return {
    now: () => now,
    release: () => undefined,
    after(delay: number, run: () => void) {
      const one = { at: now + delay, run };
      due.push(one);
      return () => void (due = due.filter((other) => other !== one));
    },
    to(target: number) {
      for (;;) {
        const next = due.filter((one) => one.at <= target).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        due = due.filter((one) => one !== next);
        now = next.at;
        next.run();
      }
      now = target;
    },
  };
};

test('a period counts from when it is set, an aligned one from midnight, and neither without power', () => {
  const clock = handClock(100_000);
  const ran: string[] = [];
  const { every, switched } = ticks(clock);
  switched(true);
  const stop = every(60_000, () => ran.push(`period ${clock.now()}`));
  every(60_000, () => ran.push(`aligned ${clock.now()}`), 'aligned');
  clock.to(230_000);
  expect(ran).toEqual(['aligned 120000', 'period 160000', 'aligned 180000', 'period 220000']);
  stop();
  switched(false);
  clock.to(400_000);
  switched(true);
  clock.to(430_000);
  expect(ran.slice(4)).toEqual(['aligned 420000']);
});
