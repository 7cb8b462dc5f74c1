import { testClock } from '@plugga/testing';
import { expect, test } from 'vitest';
import { gathered } from './gathered.ts';

/** A database that answers when told to. */
const slow = () => {
  const asked: { readonly questions: readonly string[]; answer(): void; fail(): void }[] = [];
  const ask = (questions: readonly string[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      const answer = (): void => resolve(questions.map((it) => `${it}!`));
      asked.push({ questions, answer, fail: () => reject(new Error('away')) });
    });
  return { asked, ask };
};
const turn = (): Promise<void> => new Promise((done) => void setImmediate(done));
const clock = testClock();
const keyOf = (question: string): string => question;

test('whoever asks while one question is on its way is asked for together, and each gets its own answer', async () => {
  const { asked, ask } = slow();
  const question = gathered({ ask, keyOf, clock });
  const first = question('a');
  await turn();
  const others = ['b', 'c', 'd'].map(question);
  await turn();
  expect(asked.map(({ questions }) => questions)).toEqual([['a']]);
  asked[0]?.answer();
  expect(await first).toBe('a!');
  await turn();
  expect(asked[1]?.questions).toEqual(['b', 'c', 'd']);
  asked[1]?.answer();
  expect(await Promise.all(others)).toEqual(['b!', 'c!', 'd!']);
});

test('of two with one key the second is asked after the first was answered', async () => {
  const { asked, ask } = slow();
  const question = gathered({ ask, keyOf, clock });
  const both = [question('a'), question('a'), question('b')];
  await turn();
  expect(asked[0]?.questions).toEqual(['a', 'b']);
  asked[0]?.answer();
  await turn();
  expect(asked[1]?.questions).toEqual(['a']);
  asked[1]?.answer();
  await Promise.all(both);
});

test('a statement that fails fails those who asked with it, and the next is asked', async () => {
  const { asked, ask } = slow();
  const question = gathered({ ask, keyOf, clock });
  const lost = [question('a'), question('b')];
  await turn();
  const next = question('c');
  asked[0]?.fail();
  for (const one of lost) await expect(one).rejects.toThrow('away');
  await turn();
  asked[1]?.answer();
  expect(await next).toBe('c!');
});

test('a database that says nothing holds up nobody beyond the deadline', async () => {
  const { asked, ask } = slow();
  const question = gathered({ ask, keyOf, clock, deadlineMs: 1_000 });
  const lost = question('a').catch((error: unknown) => error);
  await turn();
  const next = question('b');
  await clock.advance(1_000);
  expect(await lost).toMatchObject({ code: 'unavailable' });
  await turn();
  expect(asked[1]?.questions).toEqual(['b']);
  asked[1]?.answer();
  expect(await next).toBe('b!');
});

test('a time in which this process did not run is no silence of the database', async () => {
  const { asked, ask } = slow();
  const question = gathered({ ask, keyOf, clock, deadlineMs: 1_000 });
  const first = question('a');
  await turn();
  await clock.stall(45_000);
  asked[0]?.answer();
  expect(await first).toBe('a!');
});
