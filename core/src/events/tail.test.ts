import type { Logged } from '@plugga/kit';
import { expect, test } from 'vitest';
import { createTail } from './tail.ts';

const at = (position: number): Logged => ({ position: BigInt(position) }) as Logged;
const positions = (events: readonly Logged[]): number[] => events.map(({ position }) => Number(position));

/** A log that counts how often it is read. */
const logOf = (...stored: number[]) => {
  const log = {
    stored,
    reads: 0,
    readAfter: (position: bigint, limit: number) => {
      log.reads += 1;
      return Promise.resolve(
        log.stored
          .filter((it) => it > position)
          .slice(0, limit)
          .map(at),
      );
    },
  };
  return log;
};

test('what this node has stored right after the head is not read', async () => {
  const log = logOf(8, 9, 10);
  const tail = createTail(log, 7n);
  tail.hear([at(9), at(10)]);
  tail.hear([at(8)]);
  expect(await tail.refresh({ look: false })).toBe(3);
  expect(log.reads).toBe(0);
  expect(positions(await tail.after(7n, 10))).toEqual([8, 9, 10]);
});

test('where another has written between, the log is read, and nothing is there twice', async () => {
  const log = logOf(8, 9, 10, 11);
  const tail = createTail(log, 7n);
  tail.hear([at(8)]);
  tail.hear([at(10), at(11)]);
  expect(await tail.refresh({ look: false })).toBe(4);
  expect(log.reads).toBe(1);
  tail.hear([at(9), at(10)]);
  expect(await tail.refresh({ look: false })).toBe(0);
  expect(log.reads).toBe(1);
  expect(positions(await tail.after(7n, 10))).toEqual([8, 9, 10, 11]);
});

test('what another has written last is found by looking', async () => {
  const log = logOf(8, 9);
  const tail = createTail(log, 7n);
  tail.hear([at(8)]);
  expect(await tail.refresh({ look: false })).toBe(1);
  expect(await tail.refresh({ look: true })).toBe(1);
  expect(tail.head).toBe(9n);
});

test('what everybody has passed is let go of, and is in the log for who asks all the same', async () => {
  const log = logOf(8, 9, 10);
  const tail = createTail(log, 7n);
  tail.hear([at(8), at(9), at(10)]);
  await tail.refresh({ look: false });
  tail.passed(9n);
  expect(positions(await tail.after(9n, 10))).toEqual([10]);
  expect(log.reads).toBe(0);
  expect(positions(await tail.after(7n, 10))).toEqual([8, 9, 10]);
  expect(log.reads).toBe(1);
});
