import { memoryDisk, testClock } from '@plugga/testing';
import type { StationId } from '@plugga/kit';
import { expect, test } from 'vitest';
import { realRandom } from '../clock.ts';
import type { Stored } from '../ports.ts';
import { createCommitter } from './committer.ts';
import { openJournal } from './journal.ts';
import { createLadder, type LadderStore } from './ladder.ts';
import { aUnit, quiet } from './store.test-support.ts';

// A process that was stopped for 45 s has timers that are over, and answers of the database that it has not read yet.

const turn = () => new Promise(setImmediate);

test('a commit whose connection ran out of time while we were stopped is tried again', async () => {
  const clock = testClock();
  const asked: { resolve(answer: { rows: [] }): void; reject(error: Error): void }[] = [];
  const lane = {
    query: () =>
      new Promise<{ rows: [] }>((resolve, reject) => {
        asked.push({ resolve, reject });
      }),
  };
  const committer = createCommitter({ lane: lane as never, clock, random: realRandom, log: quiet });
  const committed = committer.commit(aUnit('S', 1));
  await turn();
  await clock.stall(45_000);
  // As the driver says that its own timer is over.
  asked[0]!.reject(new Error('Query read timeout'));
  await turn();
  await clock.advance(25);
  expect(asked).toHaveLength(2);
  asked[1]!.resolve({ rows: [] });
  expect(await committed).toEqual({ kind: 'stored' });

  const refused = expect(committer.commit(aUnit('S', 2))).rejects.toMatchObject({ code: 'unavailable' });
  await turn();
  await clock.advance(2_300);
  asked[2]!.reject(new Error('Query read timeout'));
  await refused;
});

test('a state and a unit that are answered after a stop of ours are not given up: the database is not away', async () => {
  const clock = testClock();
  let loaded = (_: Stored): void => undefined;
  let stored = (): void => undefined;
  const store = {
    commit: () => new Promise((resolve) => (stored = () => resolve({ kind: 'stored' }))),
    load: () => new Promise<Stored>((resolve) => (loaded = resolve)),
    withdraw: () => undefined,
  } as unknown as LadderStore;
  const journal = await openJournal({
    ...{ disk: memoryDisk(), clock, log: quiet, installation: 'here', node: 'test', reserveBytes: 0 },
  });
  const ladder = createLadder({ store, journal, clock, log: quiet });
  const state = ladder.load('S' as StationId);
  const committed = ladder.commit(aUnit('S', 1));
  await turn();
  await clock.stall(45_000);
  expect(ladder.state()).toBe('well');
  const asItIs = { nextSeq: 1 } as Stored;
  loaded(asItIs);
  stored();
  expect(await state).toBe(asItIs);
  expect(await committed).toEqual({ kind: 'stored' });
  expect(ladder.state()).toBe('well');
  await ladder.close();
});
