import { type Log } from '@plugga/kit';
import { natsWanted, startNats, type TestNats } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { realClock } from '../clock.ts';
import { silentLog } from '../log.ts';
import type { BusState, OpenBus } from './bus.ts';
import { busManners } from './manners.test-bus.ts';
import { natsBus, type NatsBusOptions } from './nats-bus.ts';

describe.skipIf(!natsWanted())('the bus on NATS', () => {
  let nats: TestNats;
  beforeAll(async () => {
    nats = await startNats();
  });
  afterAll(() => nats?.stop());

  let installations = 0;
  const node = (name: string, o: Partial<NatsBusOptions> = {}): Promise<OpenBus> =>
    natsBus({
      ...{ url: nats.url, prefix: `plugga.test${installations}`, node: name, clock: realClock, log: silentLog },
      ...o,
    });
  const becomes = (bus: OpenBus, kind: BusState['kind']): Promise<void> =>
    new Promise((resolve, reject) => {
      if (bus.state().kind === kind) return resolve();
      const late = setTimeout(() => reject(new Error(`stalled: the bus is not ${kind} within 15 s`)), 15_000);
      const stop = bus.follow((state) => {
        if (state.kind !== kind) return;
        clearTimeout(late);
        stop();
        resolve();
      });
    });
  const two = async (log: Log = silentLog) => {
    installations += 1;
    const [here, there] = await Promise.all([node('here', { log }), node('there', { log })]);
    // What each has said to the server, and what the other was sent because of it, is ordered around these.
    const nothing = (one: OpenBus) => one.request('nobody', '', 5_000).catch(() => undefined);
    const settled = async () => {
      for (const bus of [here, there, here, there]) await nothing(bus);
      await new Promise((done) => setImmediate(done));
    };
    return { here, there, settled, close: async () => void (await Promise.all([here.close(), there.close()])) };
  };
  busManners(two);

  test('two installations on one NATS do not hear each other', async () => {
    const one = await two();
    const other = await two();
    const heard: unknown[] = [];
    other.here.subscribe('tokens', (message) => heard.push(message));
    other.here.respond('station.1', async () => 'theirs');
    await other.settled();
    one.here.publish('tokens', 1);
    await one.settled();
    await other.settled();
    expect(heard).toEqual([]);
    await expect(one.here.request('station.1', '', 5_000)).rejects.toMatchObject({ code: 'station-offline' });
    await Promise.all([one.close(), other.close()]);
  });

  test('while NATS is away a node hears itself and finds the others offline at once; afterwards they hear each other again', async () => {
    const nodes = await two();
    const heard: unknown[] = [];
    nodes.here.subscribe('tokens', (message) => heard.push(['here', message]));
    nodes.there.subscribe('tokens', (message) => heard.push(['there', message]));
    nodes.there.respond('station.1', async () => 'answered');
    await nodes.settled();
    const waiting = nodes.here.request('station.2', '', 60_000).catch((error: unknown) => error);
    await expect(waiting).resolves.toMatchObject({ code: 'station-offline' });
    nodes.there.respond('slow', () => new Promise(() => undefined));
    await nodes.settled();
    const lost = expect(nodes.here.request('slow', '', 60_000)).rejects.toMatchObject({ code: 'unavailable' });

    await nats.kill();
    await Promise.all([becomes(nodes.here, 'away'), becomes(nodes.there, 'away'), lost]);
    nodes.here.publish('tokens', 'alone');
    await expect(nodes.here.request('station.1', '', 60_000)).rejects.toMatchObject({ code: 'station-offline' });
    expect(heard).toEqual([['here', 'alone']]);

    await nats.start();
    await Promise.all([becomes(nodes.here, 'connected'), becomes(nodes.there, 'connected')]);
    await nodes.settled();
    expect(await nodes.here.request('station.1', '', 5_000)).toBe('answered');
    nodes.here.publish('tokens', 'together');
    await nodes.settled();
    expect(heard).toEqual([
      ['here', 'alone'],
      ['here', 'together'],
      ['there', 'together'],
    ]);
    await nodes.close();
  }, 60_000);

  test('a node that starts while NATS is away starts alone, says so, and joins when NATS comes', async () => {
    await nats.kill();
    installations += 1;
    const lines: string[] = [];
    const log = {
      ...silentLog,
      warn: (line: string) => void lines.push(line),
      info: (line: string) => void lines.push(line),
    };
    const bus = await node('late', { log, firstMs: 100 });
    expect(bus.state()).toMatchObject({ kind: 'away', since: expect.any(Number) });
    await nats.start();
    await becomes(bus, 'connected');
    expect(lines).toEqual([
      'bus cannot be reached: this node goes on alone',
      'bus connected: the nodes hear each other',
    ]);
    await bus.close();
  }, 60_000);

  test('a bus that is away can be closed', async () => {
    await nats.kill();
    installations += 1;
    const bus = await node('away', { firstMs: 50 });
    await bus.close();
    await nats.start();
  }, 30_000);

  test('credentials in the URL are used; wrong ones leave the node alone', async () => {
    const guarded = await startNats(['--user', 'plugga', '--pass', 'p@ss']);
    const right = await node('right', { url: `nats://plugga:p%40ss@127.0.0.1:${guarded.port}` });
    expect(right.state().kind).toBe('connected');
    const wrong = await node('wrong', { url: `nats://plugga:guess@127.0.0.1:${guarded.port}`, firstMs: 500 });
    expect(wrong.state().kind).toBe('away');
    await Promise.all([right.close(), wrong.close()]);
    await guarded.stop();
  });

  test('a message that is too long for the bus is refused where it is said', async () => {
    const nodes = await two();
    nodes.there.respond('station.1', async () => 'x'.repeat(2_000_000));
    await nodes.settled();
    expect(() => nodes.here.publish('tokens', 'x'.repeat(2_000_000))).toThrow(/too long/);
    await expect(nodes.here.request('station.1', '', 5_000)).rejects.toMatchObject({ code: 'invalid-input' });
    await nodes.close();
  });
});
