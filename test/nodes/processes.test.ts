import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';
import { natsWanted, startNats, type TestNats } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../e2e/api.ts';
import { checkBooks } from '../e2e/books.ts';
import { dataFolder, eventually, type Platform, startPlatform } from '../e2e/process.ts';
import { residents, type Residents } from '../faults/residents.ts';
import { balancer } from './balancer.ts';
import { emptyDatabase } from './empty-database.ts';

const token = 'PROCESSES0000001';
const STATIONS = 200;
const MOVES = 10;
const FROZEN_MS = 45_000;
const DEPLOYS = Number(process.env['PLUGGA_TEST_DEPLOYS'] ?? 50);
const DEPLOYED_STATIONS = 40;

type Folder = Awaited<ReturnType<typeof dataFolder>>;

/** What a node says of itself without a key. */
const readyz = async (node: Platform): Promise<{ ready: boolean; checks: Record<string, string> }> =>
  (await fetch(`${node.url}/readyz`)).json() as never;
const errorsOf = (node: Platform): string[] =>
  node
    .log()
    .split('\n')
    .filter((line) => line.includes('"level":"error"'));

describe.skipIf(!natsWanted())('two processes on one database and one NATS', () => {
  let nats: TestNats;
  beforeAll(async () => {
    nats = await startNats();
  });
  afterAll(async () => {
    await nats?.stop();
  });

  /** Names, folders and settings of nodes of one new installation. */
  const installation = async () => {
    const database = await emptyDatabase();
    const folders = new Map<string, Folder>();
    const running = new Set<Platform>();
    const start = async (name: string, o: { readonly port?: number } = {}): Promise<Platform> => {
      const folder = folders.get(name) ?? (await dataFolder());
      folders.set(name, folder);
      const node = await startPlatform({
        dataDir: folder.path,
        ...o,
        env: {
          ...{ DATABASE_URL: database.url, NATS_URL: nats.url, PLUGGA_NODE: name },
          ...{ PLUGGA_ONBOARDING: 'open', PLUGGA_DRAIN_SECONDS: '2' },
        },
      });
      running.add(node);
      return node;
    };
    return {
      start,
      stop: async (node: Platform): Promise<number> => {
        running.delete(node);
        return node.stop();
      },
      end: async (): Promise<void> => {
        await Promise.all([...running].map((node) => node.stop().catch(() => node.kill())));
        for (const folder of folders.values()) await folder.remove();
        await database.drop();
      },
    };
  };

  test(
    `${STATIONS} charging stations moved back and forth, NATS killed, one process frozen ${FROZEN_MS / 1000} s and thawed: lost 0, doubled 0, no watt-hour differs`,
    { timeout: 360_000 },
    async () => {
      const site = await installation();
      let guests: Residents | undefined;
      try {
        // An empty database: one of them migrates.
        const [a, b] = await Promise.all([site.start('north'), site.start('south')]);
        const operators = [a, b].map((node) => api(node.url));
        await operators[0]!.post('tokens', { type: 'RFID', value: token });
        guests = await residents({ url: a.ocpp, count: STATIONS, prefix: 'N', token, visit: [240, 900] });
        const { stations } = guests;
        const ways = ['goodbye', 'cut', 'halfOpen'] as const;

        const move = async (to: Platform, which = stations): Promise<void> => {
          for (const [n, station] of which.entries()) {
            station.faults.moveTo(to.ocpp, ways[n % ways.length]!);
            if (n % 20 === 19) await sleep(50);
          }
        };
        const allAt = (name: string) =>
          eventually(`all stations are at ${name}`, 60_000, async () => {
            const { items } = await operators[1]!.get<{ items: { id: string; stations: number }[] }>('nodes');
            expect(items.find(({ id }) => id === name)?.stations).toBe(STATIONS);
          });
        for (let round = 0; round < MOVES; round += 1) {
          const to = round % 2 === 0 ? b : a;
          await move(to);
          await allAt(round % 2 === 0 ? 'south' : 'north');
        }

        await nats.kill();
        await eventually('both say that they are alone', 20_000, async () => {
          for (const node of [a, b])
            expect(await readyz(node)).toMatchObject({
              ready: true,
              checks: { bus: expect.stringContaining('alone') },
            });
        });
        await move(b);
        await allAt('south');
        await nats.start();
        await eventually('both hear each other again', 20_000, async () => {
          for (const node of [a, b]) expect((await readyz(node)).checks['bus']).toBe('ok');
        });
        await move(a);
        await allAt('north');

        process.kill(a.pid, 'SIGSTOP');
        const thawAt = performance.now() + FROZEN_MS;
        await sleep(3_000);
        await move(b);
        await allAt('south');
        // Nobody waits for the node that stands still: the newest connection is asked.
        const started = performance.now();
        const answer = await operators[1]!.post('stations/N1/calls', {
          action: 'GetConfiguration',
          payload: { key: ['HeartbeatInterval'] },
        });
        expect(answer).toMatchObject({ result: { configurationKey: [{ key: 'HeartbeatInterval' }] } });
        expect(performance.now() - started).toBeLessThan(20_000);
        await sleep(Math.max(0, thawAt - performance.now()));
        process.kill(a.pid, 'SIGCONT');
        await eventually('the thawed one is ready again', 20_000, async () => {
          expect(await readyz(a)).toMatchObject({ ready: true, checks: { bus: 'ok', database: 'ok' } });
        });
        // Through the thawed node, too.
        await operators[0]!.post('stations/N2/calls', { action: 'GetConfiguration', payload: { key: [] } });

        await guests.leave();
        await Promise.all(stations.map((station) => station.settled({ withinMs: 60_000 })));
        const ledger = stations.flatMap((station) => [...station.ledger]);
        for (const operator of operators)
          console.log(await checkBooks({ operator, ledger, withinMs: 90_000, readingsOfEach: 20 }));
      } finally {
        guests?.close();
        await site.end();
      }
    },
  );

  test(
    `${DEPLOYS} rolling deploys of both under ${DEPLOYED_STATIONS} charging stations: each ends with 0, lost 0, doubled 0, no watt-hour differs`,
    { timeout: 600_000 },
    async () => {
      const site = await installation();
      const front = await balancer();
      let guests: Residents | undefined;
      try {
        const nodes = new Map<string, Platform>();
        const began = performance.now();
        let startUp = 0;
        const stops = new Map<string, Promise<void>>();
        const leave = async (old: Platform): Promise<void> => {
          await site.stop(old);
          expect(await old.exited).toBe(0);
          expect(errorsOf(old)).toEqual([]);
        };
        /** The next one of a pair comes up beside the one before, on a folder of its own, which then has to go. */
        const deploy = async (pair: string, round: number): Promise<void> => {
          const old = nodes.get(pair);
          const name = `${pair}-${round % 2}`;
          await stops.get(name);
          const fresh = await site.start(name);
          startUp += fresh.readyMs;
          nodes.set(pair, fresh);
          front.add(fresh.port);
          if (old === undefined) return;
          front.remove(old.port);
          const stopping = leave(old);
          stopping.catch(() => undefined);
          stops.set(`${pair}-${(round + 1) % 2}`, stopping);
        };
        await Promise.all(['blue', 'green'].map((pair) => deploy(pair, 0)));
        const operator = api(front.url);
        await eventually('the load balancer sees them', 5_000, () =>
          operator.post('tokens', { type: 'RFID', value: token }),
        );
        guests = await residents({
          url: front.ocpp,
          count: DEPLOYED_STATIONS,
          prefix: 'D',
          token,
          visit: [300, 1_200],
        });
        for (let round = 1; round <= DEPLOYS; round += 1)
          await Promise.all(['blue', 'green'].map((pair) => deploy(pair, round)));
        await Promise.all(stops.values());
        const seconds = (performance.now() - began) / 1_000;
        console.log(
          `${2 * DEPLOYS} deploys in ${seconds.toFixed(0)} s, start-up ${(startUp / (2 * DEPLOYS + 2)).toFixed(0)} ms`,
        );
        await guests.leave();
        const { stations } = guests;
        await Promise.all(stations.map((station) => station.settled({ withinMs: 60_000 })));
        const ledger = stations.flatMap((station) => [...station.ledger]);
        console.log(await checkBooks({ operator, ledger, withinMs: 90_000, readingsOfEach: 20 }));
      } finally {
        guests?.close();
        await front.close();
        await site.end();
      }
    },
  );

  test('what others say on the same NATS is counted and not listened to', { timeout: 60_000 }, async () => {
    const site = await installation();
    try {
      const node = await site.start('alone');
      const stranger = await connect({ servers: nats.url });
      // It cannot guess the subjects of the installation; who may listen to everything can.
      const subjects = new Set<string>();
      stranger.subscribe('plugga.>', { callback: (_, message) => void subjects.add(message.subject) });
      await api(node.url).post('tokens', { type: 'RFID', value: token });
      const changed = await eventually('a change is told', 5_000, () => {
        const found = [...subjects].find((it) => it.endsWith('.tokens.changed'));
        expect(found).toMatch(/^plugga\.[\w-]{16}\./);
        return found!;
      });
      for (const text of ['', '{', '[]', '{"v":2,"from":"x","at":1,"body":1}', '{"v":1}'])
        stranger.publish(changed, text);
      await stranger.flush();
      await eventually('they are counted', 5_000, async () => {
        const metrics = await (await fetch(`${node.url}/metrics`)).text();
        expect(metrics).toContain('plugga_bus_ignored_total{why="malformed"} 5');
        expect(metrics).toContain('plugga_bus_connected 1');
      });
      expect(errorsOf(node)).toEqual([]);
      await stranger.close();
    } finally {
      await site.end();
    }
  });
});
