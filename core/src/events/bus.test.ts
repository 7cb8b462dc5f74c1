import { instant, type Log } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { inProcessBus } from './bus.ts';

const turn = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('what is published', () => {
  test('reaches those who listen to that subject, in order, after the publisher has gone on', async () => {
    const bus = inProcessBus();
    const heard: unknown[] = [];
    bus.subscribe('tokens', (message) => heard.push(message));
    bus.subscribe('elsewhere', () => heard.push('never'));
    bus.publish('tokens', 1);
    bus.publish('tokens', 2);
    expect(heard).toEqual([]);
    await turn();
    expect(heard).toEqual([1, 2]);
  });

  test('does not reach who has stopped listening, however lately', async () => {
    const bus = inProcessBus();
    const heard: unknown[] = [];
    const stop = bus.subscribe('tokens', (message) => heard.push(message));
    bus.publish('tokens', 1);
    stop();
    await turn();
    expect(heard).toEqual([]);
  });

  test('reaches the others when one of them fails', async () => {
    const lines: string[] = [];
    const none = (): void => undefined;
    const log: Log = { debug: none, info: none, warn: none, error: (line) => void lines.push(line) };
    const bus = inProcessBus({ log });
    const heard: unknown[] = [];
    bus.subscribe('tokens', () => {
      throw new TypeError('no');
    });
    bus.subscribe('tokens', (message) => heard.push(message));
    bus.publish('tokens', 1);
    await turn();
    expect(heard).toEqual([1]);
    expect(lines).toEqual(['bus handler failed']);
  });
});

describe('a request', () => {
  test('is answered by who responds for the subject', async () => {
    const bus = inProcessBus();
    bus.respond('station.1', async (message) => ({ echoed: message }));
    expect(await bus.request('station.1', 'hello', 1000)).toEqual({ echoed: 'hello' });
  });

  test('finds the station offline at once when nobody responds', async () => {
    const bus = inProcessBus();
    bus.respond('station.1', async () => 1)();
    await expect(bus.request('station.1', 'hello', 1000)).rejects.toMatchObject({ code: 'station-offline' });
  });

  test('is answered by the newest responder', async () => {
    const bus = inProcessBus();
    bus.respond('station.1', async () => 'old');
    const leave = bus.respond('station.1', async () => 'new');
    expect(await bus.request('station.1', '', 1000)).toBe('new');
    leave();
    expect(await bus.request('station.1', '', 1000)).toBe('old');
  });

  test('fails as the responder fails', async () => {
    const bus = inProcessBus();
    bus.respond('station.1', () => {
      throw new TypeError('no');
    });
    await expect(bus.request('station.1', '', 1000)).rejects.toThrow(TypeError);
  });

  test('ends with its time', async () => {
    let ring: (() => void) | undefined;
    const clock = { now: () => instant(0), at: (_: unknown, run: () => void) => ((ring = run), () => undefined) };
    const bus = inProcessBus({ clock });
    bus.respond('station.1', () => new Promise(() => undefined));
    const asked = bus.request('station.1', '', 1000);
    ring?.();
    await expect(asked).rejects.toMatchObject({ code: 'call-timeout' });
  });
});
