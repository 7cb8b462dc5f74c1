import { fail } from '@plugga/kit';
import { testClock } from '@plugga/testing';
import { expect, test } from 'vitest';
import { quiet } from '../db/store.test-support.ts';
import { createReach } from './reach.ts';

const never = () => new Promise<never>(() => undefined);
const start = () => {
  const clock = testClock();
  let answers = true;
  const reach = createReach({ clock, log: quiet, probe: () => (answers ? Promise.resolve() : never()) });
  return { clock, reach, answer: (is: boolean) => void (answers = is) };
};
const state = async <T>(asked: Promise<T>) => Promise.race([asked, Promise.resolve('waits')]);

test('a database that answers nobody for 2 s is away: who waits goes without, who comes is not kept', async () => {
  const { clock, reach, answer } = start();
  answer(false);
  const asked = reach.ask('a', never);
  await clock.advance(2_000);
  expect(await state(asked)).toBe('waits');
  await clock.advance(500);
  expect(await asked).toBeUndefined();
  expect(reach.away()).toBe(true);
  expect(await reach.ask('b', () => Promise.reject(new Error('not asked')))).toBeUndefined();
});

test('while others are answered nobody is taken for lost: a line of our own is no fault of the database', async () => {
  const { clock, reach } = start();
  const slow = reach.ask('slow', never);
  for (let second = 0; second < 20; second += 1) {
    await reach.ask('quick', () => Promise.resolve(1));
    await clock.advance(1_000);
  }
  const late = new Error('timeout exceeded when trying to connect');
  await reach.ask('quick', () => Promise.resolve(1));
  expect(await reach.ask('in line', () => Promise.reject(late))).toBeUndefined();
  expect(reach.away()).toBe(false);
  expect(await state(slow)).toBe('waits');
});

test('a broken connection is told at once, an error of what was asked is its own', async () => {
  const { reach } = start();
  await expect(reach.ask('a', () => Promise.reject(fail('not-found', 'no such station')))).rejects.toThrow('no such');
  expect(reach.away()).toBe(false);
  expect(await reach.ask('b', () => Promise.reject(new Error('connect ECONNREFUSED')))).toBeUndefined();
  expect(reach.away()).toBe(true);
});

test('nobody asks: the platform does, and it is back only when what must come before was done', async () => {
  const { clock, reach, answer } = start();
  answer(false);
  await clock.advance(8_000);
  expect(reach.away()).toBe(true);
  const told: string[] = [];
  let ready = false;
  reach.before(() => (ready ? Promise.resolve(void told.push('before')) : Promise.reject(new Error('not yet'))));
  reach.onBack(() => told.push('back'));
  answer(true);
  await clock.advance(6_000);
  expect(told).toEqual([]);
  ready = true;
  await clock.advance(12_000);
  expect(told).toEqual(['before', 'back']);
  expect(reach.away()).toBe(false);
});

test('while units are journaled nobody is asked, whatever else is answered', async () => {
  const { reach } = start();
  let journaling = true;
  reach.awayWhile(() => journaling);
  expect(await reach.ask('a', () => Promise.resolve(1))).toBeUndefined();
  journaling = false;
  expect(await reach.ask('a', () => Promise.resolve(1))).toEqual({ answer: 1 });
});
