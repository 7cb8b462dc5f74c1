import { fail, type Log } from '@plugga/kit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '../log.ts';
import type { OpenBus } from './bus.ts';

/** Two nodes on one bus; where the bus is one object both are the same. */
export interface Nodes {
  readonly here: OpenBus;
  readonly there: OpenBus;
  /** Resolves when what was said before has reached everybody who listened. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** The manners that every bus keeps, whatever carries it. */
export function busManners(open: (log: Log) => Promise<Nodes>): void {
  const lines: string[] = [];
  let nodes: Nodes;
  beforeEach(async () => {
    lines.length = 0;
    nodes = await open({ ...silentLog, error: (line) => void lines.push(line) });
  });
  afterEach(() => nodes.close());

  describe.each(['here', 'there'] as const)('what is published here, to who listens %s,', (where) => {
    test('reaches those of that subject, in order, after the publisher has gone on', async () => {
      const heard: unknown[] = [];
      nodes[where].subscribe('tokens', (message) => heard.push(message));
      nodes[where].subscribe('elsewhere', () => heard.push('never'));
      await nodes.settled();
      nodes.here.publish('tokens', { n: 1 });
      nodes.here.publish('tokens', 2);
      expect(heard).toEqual([]);
      await nodes.settled();
      expect(heard).toEqual([{ n: 1 }, 2]);
    });

    test('reaches each listener once, however many there are', async () => {
      const heard: string[] = [];
      const listener = (): unknown => heard.push('one');
      nodes[where].subscribe('tokens', listener);
      nodes[where].subscribe('tokens', listener);
      await nodes.settled();
      nodes.here.publish('tokens', 1);
      await nodes.settled();
      expect(heard).toEqual(['one', 'one']);
    });

    test('does not reach who has stopped listening, however lately', async () => {
      const heard: unknown[] = [];
      const stop = nodes[where].subscribe('tokens', (message) => heard.push(message));
      await nodes.settled();
      nodes.here.publish('tokens', 1);
      stop();
      await nodes.settled();
      expect(heard).toEqual([]);
    });

    test('reaches the others when one of them fails', async () => {
      const heard: unknown[] = [];
      nodes[where].subscribe('tokens', () => {
        throw new TypeError('no');
      });
      nodes[where].subscribe('tokens', (message) => heard.push(message));
      await nodes.settled();
      nodes.here.publish('tokens', 1);
      await nodes.settled();
      expect(heard).toEqual([1]);
      expect(lines).toEqual(['bus handler failed']);
    });
  });

  describe.each(['here', 'there'] as const)('a request from here to who responds %s', (where) => {
    test('is answered', async () => {
      nodes[where].respond('station.1', async (message) => ({ echoed: message }));
      await nodes.settled();
      expect(await nodes.here.request('station.1', 'hello', 5_000)).toEqual({ echoed: 'hello' });
    });

    test('is answered by the newest, once', async () => {
      const asked: string[] = [];
      const responder = (name: string) => async () => void asked.push(name);
      nodes[where].respond('station.1', responder('old'));
      const leave = nodes[where].respond('station.1', responder('new'));
      await nodes.settled();
      await nodes.here.request('station.1', '', 5_000);
      leave();
      await nodes.here.request('station.1', '', 5_000);
      expect(asked).toEqual(['new', 'old']);
    });

    test('fails as the responder fails, with the code of the error', async () => {
      nodes[where].respond('station.1', () => {
        throw fail('conflict', 'taken', { details: { by: 'another' } });
      });
      await nodes.settled();
      await expect(nodes.here.request('station.1', '', 5_000)).rejects.toMatchObject({
        ...{ code: 'conflict', message: 'taken', details: { by: 'another' } },
      });
    });

    test('ends with its time', async () => {
      nodes[where].respond('station.1', () => new Promise(() => undefined));
      await nodes.settled();
      await expect(nodes.here.request('station.1', '', 50)).rejects.toMatchObject({ code: 'call-timeout' });
    });

    test('finds the station offline at once when nobody responds any more', async () => {
      nodes[where].respond('station.1', async () => 1)();
      await nodes.settled();
      // The time of the request is longer than the test's.
      await expect(nodes.here.request('station.1', '', 600_000)).rejects.toMatchObject({ code: 'station-offline' });
    });
  });
}
