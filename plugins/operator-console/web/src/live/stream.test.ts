import { expect, test } from 'vitest';
import { follow, type Follow, type LiveState } from './stream.ts';
import type { ServerEvent } from './sse.ts';

/** A platform that is asked once for each script, and timers that run when the test says so. */
function platform(...scripts: readonly ((signal: AbortSignal) => Response)[]) {
  const timers = new Set<{ readonly ms: number; readonly run: () => void }>();
  const asked: Record<string, string>[] = [];
  const states: LiveState[] = [];
  const events: ServerEvent[] = [];
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const look of [...waiting]) look();
  };
  let left = [...scripts];
  const o: Follow = {
    url: '/events',
    key: () => 'k',
    random: () => 0.5,
    after: (ms, run) => {
      const timer = { ms, run };
      timers.add(timer);
      changed();
      return () => timers.delete(timer);
    },
    fetch: (async (_: unknown, init: RequestInit) => {
      asked.push(init.headers as Record<string, string>);
      const [script, ...rest] = left;
      left = rest;
      if (script === undefined) throw new TypeError('no connection');
      return script(init.signal as AbortSignal);
    }) as typeof fetch,
    onEvent: (event) => {
      events.push(event);
      changed();
    },
    onState: (state) => {
      if (states.at(-1) !== state) states.push(state);
      changed();
    },
  };
  const until = (what: string, seen: () => boolean): Promise<void> =>
    new Promise((resolve, reject) => {
      const deadline = setTimeout(() => reject(new Error(`not seen: ${what}; states ${states.join(', ')}`)), 2000);
      const look = (): void => {
        if (!seen()) return;
        clearTimeout(deadline);
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const pass = (ms: number): void => {
    for (const timer of [...timers])
      if (timer.ms <= ms) {
        timers.delete(timer);
        timer.run();
      }
  };
  return { o, asked, states, events, until, pass, waits: () => [...timers].map(({ ms }) => ms) };
}

const says = (text: string) => () => new Response(text);
const staysOpen = (text: string) => (signal: AbortSignal) =>
  new Response(
    new ReadableStream({
      start: (stream) => {
        stream.enqueue(new TextEncoder().encode(text));
        signal.addEventListener('abort', () => stream.error(new Error('aborted')));
      },
    }),
  );

test('a stream that was lost goes on after the last event that was heard', async () => {
  const it = platform(says('id: 41\nevent: a\ndata: 1\n\n'), staysOpen('id: 42\nevent: b\ndata: 2\n\n'));
  const stop = follow(it.o);
  await it.until('the loss', () => it.states.at(-1) === 'stale' && it.waits().includes(500));
  it.pass(500);
  await it.until('the second event', () => it.events.length === 2);
  expect(it.asked.map((headers) => headers['last-event-id'])).toEqual([undefined, '41']);
  expect(it.asked[0]?.authorization).toBe('Bearer k');
  expect(it.states).toEqual(['connecting', 'live', 'stale', 'live']);
  stop();
});

test('a stream that is silent for 45 s is lost, whatever the socket says', async () => {
  const it = platform(staysOpen(': from 1\n\n'));
  const stop = follow(it.o);
  await it.until('live', () => it.states.at(-1) === 'live' && it.waits().includes(45_000));
  it.pass(45_000);
  await it.until('the loss', () => it.states.at(-1) === 'stale');
  stop();
});

test('while nobody answers the waits double up to 15 s', async () => {
  const it = platform();
  const stop = follow(it.o);
  const waits: number[] = [];
  for (const expected of [500, 1000, 2000, 4000, 8000, 15_000, 15_000]) {
    await it.until(`the wait of ${expected} ms`, () => it.waits().length === 1 && it.waits()[0] === expected);
    waits.push(expected);
    it.pass(expected);
  }
  expect(waits).toHaveLength(7);
  stop();
});

test('a key that may not listen is not asked again', async () => {
  const it = platform(() => new Response('', { status: 403 }));
  follow(it.o);
  await it.until('the refusal', () => it.states.at(-1) === 'refused');
  expect(it.asked).toHaveLength(1);
  expect(it.waits()).toEqual([]);
});
