import { type Answerer, instant, type QuestionName, type StationId, type TenantId } from '@plugga/kit';
import { beforeEach, expect, test } from 'vitest';
import type { Clock } from '../ports.ts';
import { type Answering, createQuestions } from './questions.ts';

const tenant = 't' as TenantId;
const station = 's' as StationId;
const never = () => new Promise<undefined>(() => {});
const token = { token: { value: 'A1' }, station, purpose: 'authorize' } as const;
const session = { session: 'x' as never };

let now = 0;
let due: { at: number; run: () => void }[] = [];
beforeEach(() => void ((now = 0), (due = [])));
const clock: Clock = {
  now: () => instant(now),
  at: (at, run) => {
    const it = { at, run };
    due.push(it);
    return () => void (due = due.filter((other) => other !== it));
  },
};
const settle = async () => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};
const pass = async (ms: number) => {
  await settle();
  const end = now + ms;
  for (;;) {
    const next = due.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
    if (next === undefined) break;
    due = due.filter((it) => it !== next);
    now = next.at;
    next.run();
    await settle();
  }
  now = end;
  await settle();
};

function asking<K extends QuestionName>(question: K, answers: Record<string, Answerer<K>>) {
  const missed: string[] = [];
  const answering = Object.entries(answers).map(([plugin, answer]): Answering<K> => ({ plugin, answer }));
  const questions = createQuestions({
    clock,
    answering: () => answering as never,
    missed: (plugin, _question, error) => void missed.push(`${plugin}: ${(error as Error).message}`),
  });
  return { ...questions, missed, answering };
}
const options = { tenant, deadlineMs: 1_000 };

test('authorize: the first that is not silent in the deployment’s order answers, however late it is', async () => {
  let say: (status: 'accept') => void = () => {};
  const { ask } = asking('authorize', {
    silent: async () => undefined,
    roaming: () => new Promise((resolve) => (say = (decision) => resolve({ decision }))),
    local: async () => ({ decision: 'refuse' }),
  });
  const answer = ask('authorize', token, options);
  await pass(900);
  say('accept');
  expect(await answer).toEqual({ plugin: 'roaming', answer: { decision: 'accept' } });
});

test('authorize: one that is late is skipped, and the next in order answers', async () => {
  const { ask, missed } = asking('authorize', { slow: never, local: async () => ({ decision: 'refuse' }) });
  const answer = ask('authorize', token, options);
  await pass(1_000);
  expect(await answer).toEqual({ plugin: 'local', answer: { decision: 'refuse' } });
  expect(missed).toEqual(['slow: no answer to authorize within 1000 ms']);
});

test('a thrown answer, at once or later, is silence', async () => {
  const { ask, missed } = asking('authorize', {
    sync: () => {
      throw new Error('broken');
    },
    later: async () => {
      throw new Error('refused by the partner');
    },
  });
  expect(await ask('authorize', token, options)).toBeUndefined();
  expect(missed).toEqual(['sync: broken', 'later: refused by the partner']);
});

test('admit: one refusal refuses at once, the others are told to stop', async () => {
  let told: AbortSignal | undefined;
  const { ask, missed } = asking('admit', {
    slow: (_ask, { signal }) => ((told = signal), never()),
    yes: async () => ({ admit: true }),
    no: async () => ({ admit: false, reason: 'no credit' }),
  });
  expect(await ask('admit', token, options)).toEqual({ plugin: 'no', answer: { admit: false, reason: 'no credit' } });
  expect(told?.aborted).toBe(true);
  expect(missed).toEqual([]);
});

test('admit: without a refusal somebody who admits, without an answer nobody', async () => {
  const { ask } = asking('admit', { quiet: async () => undefined, yes: async () => ({ admit: true }) });
  expect((await ask('admit', token, options))?.plugin).toBe('yes');
  expect(await asking('admit', { quiet: async () => undefined }).ask('admit', token, options)).toBeUndefined();
});

test.each([
  [['now', '2026-01-01T00:00:00Z'], '2026-01-01T00:00:00Z'],
  [['2026-01-01T02:00:00Z', '2026-01-01T02:00:00+01:00'], '2026-01-01T02:00:00Z'],
  [['unplug', '2026-01-01T00:00:00Z', 'now'], 'unplug'],
  [['soon', 'now'], 'soon'],
])('settle: of %j the latest wins', async (said, latest) => {
  const { ask } = asking(
    'settle',
    Object.fromEntries(said.map((waitUntil, i) => [`p${i}`, async () => ({ waitUntil })])),
  );
  expect((await ask('settle', session, options))?.answer.waitUntil).toBe(latest);
});

test('nobody who answers: undefined at once', async () => {
  expect(await asking('dataTransfer', {}).ask('dataTransfer', { station, vendorId: 'v' }, options)).toBeUndefined();
});

test('after five late answers in a row a plugin is not asked; after a while it is tried once again', async () => {
  let asked = 0;
  let answer: Answerer<'authorize'> = never;
  const { ask, paused } = asking('authorize', { slow: (it, o) => (asked++, answer(it, o)) });
  for (let i = 0; i < 5; i++) {
    const waiting = ask('authorize', token, options);
    await pass(1_000);
    expect(await waiting).toBeUndefined();
  }
  expect(asked).toBe(5);
  expect(paused('slow')).toEqual(['authorize']);
  expect(await ask('authorize', token, options)).toBeUndefined();
  expect(asked).toBe(5);

  now += 30_000;
  const trial = ask('authorize', token, options);
  expect(await ask('authorize', token, options)).toBeUndefined(); // one try at a time
  await pass(1_000);
  await trial;
  expect(asked).toBe(6);
  expect(await ask('authorize', token, options)).toBeUndefined(); // still late: paused again

  now += 30_000;
  answer = async () => ({ decision: 'accept' });
  expect(await ask('authorize', token, options)).toMatchObject({ plugin: 'slow' });
  expect(paused('slow')).toEqual([]);
});

test('four late answers and one in time start the count anew', async () => {
  let late = true;
  const { ask, paused } = asking('authorize', { flaky: () => (late ? never() : Promise.resolve(undefined)) });
  for (const isLate of [true, true, true, true, false, true]) {
    late = isLate;
    const waiting = ask('authorize', token, options);
    await pass(1_000);
    await waiting;
  }
  expect(paused('flaky')).toEqual([]);
});

test('a try that another answer cut short is not counted, and the next try is let through', async () => {
  const { ask, missed, paused } = asking('admit', { slow: never, no: async () => ({ admit: false }) });
  for (let i = 0; i < 10; i++) await ask('admit', token, options);
  expect(missed).toEqual([]);
  expect(paused('slow')).toEqual([]);
});
