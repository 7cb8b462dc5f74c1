import { natsWanted, startNats } from '@plugga/testing';
import { describe, expect, test } from 'vitest';
import { dialRaw } from '../bench/raw-socket.ts';
import { eventually } from '../e2e/process.ts';
import { cluster, type Node } from './cluster.ts';

/** DESIGN of the OCPP face: a taken-over socket is closed within 500 ms. */
const CLOSED_WITHIN_MS = 500;
const STEP_MS = 25;

/**
 * Milliseconds that pass until then, as this process counts them: nodes, stations and this count take turns in one event
 * loop, so a busy machine makes its steps longer and not more.
 */
const ownTime = (): { stop(): number } => {
  let steps = 0;
  const timer = setInterval(() => (steps += 1), STEP_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return steps * STEP_MS;
    },
  };
};

const within = <T>(step: string, ms: number, promise: Promise<T>): Promise<T> =>
  Promise.race([
    promise,
    new Promise<never>((_, failed) => setTimeout(() => failed(new Error(`stalled: ${step}`)), ms).unref()),
  ]);

/** A station made by hand, so that nothing of a real one's manners hides when its line ends. */
const dial = (identity: string, { platform }: Node) => {
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<number>();
  const calls: string[] = [];
  const line = dialRaw({
    port: Number(new URL(platform.url).port),
    path: `/ocpp/${identity}`,
    protocol: 'ocpp1.6',
    opened: () => opened.resolve(),
    received: (text) => {
      const [kind, id, action] = JSON.parse(text) as [number, string, string];
      if (kind !== 2) return;
      calls.push(action);
      line.send(JSON.stringify([3, id, { configurationKey: [], unknownKey: [identity] }]));
    },
    closed: (code) => {
      closed.resolve(code);
      opened.reject(new Error(`closed with ${code}`));
    },
  });
  return { ...line, calls, opened: opened.promise, closed: closed.promise };
};

const takeOver = async (bus: true | string): Promise<void> => {
  await using both = await cluster({ names: ['node-a', 'node-b'], bus });
  const [a, b] = both.nodes as [Node, Node];
  const knows = (identity: string, node: Node) =>
    eventually(`${identity} is at ${node.name}`, 10_000, async () =>
      expect(
        (await both.database.query('select node, online from core.station_row where identity = $1', [identity])).rows,
      ).toEqual([{ node: node.name, online: true }]),
    );
  const move = async (identity: string, silent: boolean): Promise<void> => {
    const old = dial(identity, a);
    await within('the first connection', 10_000, old.opened);
    await knows(identity, a);
    // Its line is there and nobody is at it: what we say arrives and is not answered.
    if (silent) old.socket.removeAllListeners('data').resume();
    const fresh = dial(identity, b);
    await within('the second connection', 10_000, fresh.opened);
    const time = ownTime();
    const code = await within('the old node closes the old socket', 20_000, old.closed);
    expect(time.stop(), 'closed in time').toBeLessThanOrEqual(CLOSED_WITHIN_MS);
    if (!silent) expect(code).toBe(1000);
    // Whichever node is asked, the command reaches the new connection and nobody else.
    for (const [n, node] of [a, b].entries()) {
      const answer = await node.operator.post<{ result: unknown }>(`stations/${identity}/calls`, {
        ...{ action: 'GetConfiguration', payload: { key: [identity] } },
      });
      expect(answer.result).toMatchObject({ unknownKey: [identity] });
      expect(fresh.calls.filter((action) => action === 'GetConfiguration')).toHaveLength(n + 1);
    }
    expect(old.calls).toEqual([]);
    fresh.close();
  };
  await move('TAKEN-ANSWERS', false);
  await move('TAKEN-SILENT', true);
};

const title =
  'a station that comes to another node: its old socket is closed within 500 ms, and commands reach the new one';

test(title, () => takeOver(true), 60_000);

describe.skipIf(!natsWanted())('over NATS', () => {
  test(
    title,
    async () => {
      const nats = await startNats();
      try {
        await takeOver(nats.url);
      } finally {
        await nats.stop();
      }
    },
    60_000,
  );
});
