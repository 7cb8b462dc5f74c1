import { aVehicle, personalityOf, type VirtualStation } from '@plugga/simulator';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { SessionView } from '../e2e/api.ts';
import { checkBooks } from '../e2e/books.ts';
import { eventually } from '../e2e/process.ts';
import { cluster, type Cluster, type Node, token } from './cluster.ts';

interface CommandView {
  readonly id: string;
  readonly status: string;
  readonly detail: string | null;
  readonly effect: string | null;
}
interface DialectView {
  readonly actions: readonly { readonly action: string; readonly state: string }[];
}
interface NodeView {
  readonly id: string;
  readonly state: string;
  readonly bus: string;
  readonly stations: number;
}

/** What takes long is left to the full run. */
const isFull = process.env['PLUGGA_TEST'] === 'full';

const commanded = async (at: Node, identity: string, body: object, status: string): Promise<CommandView> => {
  const { id } = await at.operator.post<CommandView>(`stations/${identity}/commands`, body);
  return eventually(`the command ${JSON.stringify(body)} is ${status}`, 10_000, async () => {
    const command = await at.operator.get<CommandView>(`stations/${identity}/commands/${id}`);
    expect(command).toMatchObject({ status });
    return command;
  });
};

describe('two nodes on one database and one bus', () => {
  let both: Cluster;
  let a: Node;
  let b: Node;
  const charged: VirtualStation[] = [];
  beforeAll(async () => {
    both = await cluster({ names: ['node-a', 'node-b'], bus: true });
    [a, b] = both.nodes as [Node, Node];
  }, 60_000);
  afterAll(async () => void (await both?.[Symbol.asyncDispose]()));

  const stationRow = async (identity: string) =>
    (
      await both.database.query<{ online: boolean; node: string; generation: number }>(
        'select online, node, generation from core.station_row where identity = $1',
        [identity],
      )
    ).rows[0];

  test('a call is answered the same whichever node is asked', async () => {
    await both.station('CALL1', a);
    const answers = [];
    for (const node of [a, b])
      answers.push(
        await node.operator.post<{ result: unknown }>('stations/CALL1/calls', {
          action: 'GetConfiguration',
          payload: { key: ['HeartbeatInterval'] },
        }),
      );
    expect(answers[1]!.result).toEqual(answers[0]!.result);
    expect(answers[0]!.result).toMatchObject({ configurationKey: [{ key: 'HeartbeatInterval' }] });
    const refused = await b.operator.post('stations/CALL1/calls', { action: 'NoSuchThing', payload: {} });
    expect(refused).toMatchObject({ error: { code: 'NotImplemented' } });
  });

  test('a station that nobody holds is offline at once, whichever node is asked', async () => {
    const station = await both.station('CALL2', a);
    station.close();
    await eventually('it is offline', 5_000, async () => expect((await stationRow('CALL2'))?.online).toBe(false));
    for (const node of [a, b]) {
      const response = await node.operator.raw('POST', 'stations/CALL2/calls', { action: 'Reset', payload: {} });
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ code: 'station-offline' });
      await commanded(node, 'CALL2', { type: 'reset', kind: 'soft' }, 'failed');
    }
  });

  test('a command is run once, by the node that holds the station: start, effect seen, stop', async () => {
    const station = await both.station('CMD1', a, { carOnRemoteStart: aVehicle() });
    const started = await commanded(b, 'CMD1', { type: 'start', connector: 1, token }, 'done');
    const session = await b.operator.get<SessionView>(`sessions/${started.effect}`);
    expect(session).toMatchObject({ station: 'CMD1', status: 'active' });
    await commanded(b, 'CMD1', { type: 'stop', session: session.id }, 'done');
    await station.settled();
    expect(station.ledger).toHaveLength(1);
    const { rows } = await both.database.query<{ status: string }>(
      `select data->>'status' as status from core.event_log where type = 'command.changed' and data->>'command' = $1 order by id`,
      [started.id],
    );
    expect(rows.map((row) => row.status).toSorted()).toEqual(['accepted', 'done', 'sent']);
    const { rows: runners } = await both.database.query('select node from core.command_row where id = $1', [
      started.id,
    ]);
    expect(runners).toEqual([{ node: 'node-a' }]);
    charged.push(station);
  }, 60_000);

  test.runIf(isFull)(
    'what the operator overrides at one node holds at the one that has the station, at once and without a word to it',
    async () => {
      const station = await both.station('TEACH1', a, { personality: personalityOf('amperfied-connect') });
      const sent = () =>
        station.next('command', { withinMs: 20_000, where: ({ action }) => action === 'SetChargingProfile' });
      const limit = { type: 'limit', amperes: 10 };
      const dialectAt = (node: Node) => node.operator.get<DialectView>('stations/TEACH1/dialect');
      const override = (node: Node, use: 'always' | 'learn') =>
        node.operator.raw('PUT', 'stations/TEACH1/dialect/actions/SetChargingProfile', { use });
      const asked = sent();
      await commanded(a, 'TEACH1', limit, 'rejected');
      await asked;
      await eventually('both show what was learnt', 20_000, async () => {
        for (const node of [a, b])
          expect((await dialectAt(node)).actions).toMatchObject([
            { action: 'SetChargingProfile', state: 'unsupported' },
          ]);
      });
      const refused = await commanded(b, 'TEACH1', limit, 'rejected');
      expect(refused.detail).toContain('is not supported by this station');

      expect((await override(b, 'always')).status).toBe(200);
      expect((await dialectAt(b)).actions).toMatchObject([{ action: 'SetChargingProfile', state: 'allowed' }]);
      const again = sent();
      await commanded(b, 'TEACH1', limit, 'rejected');
      await again;
      expect((await override(b, 'learn')).status).toBe(200);
      const once = sent();
      await commanded(a, 'TEACH1', limit, 'rejected');
      await once;

      // Whoever said it, the node with the socket wrote it down, in its order, and let nobody go for it.
      const { rows } = await both.database.query<{ seq: string; said: string }>(
        `select l.seq, concat(l.data->>'state', ' by ', l.data->>'by') as said
       from core.event_log l join core.station_row s on s.id = l.stream
       where s.identity = 'TEACH1' and l.type = 'station.learned' order by l.seq`,
      );
      expect(rows.map(({ said }) => said)).toEqual([
        ...['unsupported by answer', 'allowed by operator', 'supported by operator', 'unsupported by answer'],
      ]);
      expect(await stationRow('TEACH1')).toMatchObject({ online: true, node: 'node-a', generation: 1 });
    },
    60_000,
  );

  test.runIf(isFull)(
    'what is overridden at one node for a station that nobody holds is known where it comes to',
    async () => {
      const station = await both.station('TEACH2', a, { personality: personalityOf('amperfied-connect') });
      await commanded(a, 'TEACH2', { type: 'limit', amperes: 10 }, 'rejected');
      station.faults.offline();
      await eventually('it is offline', 20_000, async () => expect((await stationRow('TEACH2'))?.online).toBe(false));
      const response = await b.operator.raw('PUT', 'stations/TEACH2/dialect/actions/SetChargingProfile', {
        use: 'always',
      });
      expect(response.status).toBe(200);
      station.faults.online();
      const sent = station.next('command', {
        withinMs: 20_000,
        where: ({ action }) => action === 'SetChargingProfile',
      });
      await eventually('it is back', 20_000, async () => expect((await stationRow('TEACH2'))?.online).toBe(true));
      await commanded(a, 'TEACH2', { type: 'limit', amperes: 10 }, 'rejected');
      await sent;
    },
    60_000,
  );

  test('a station that comes to another node is let go of by the one before, half open or not, and charges on', async () => {
    const station = await both.station('MOVE1', a);
    station.plugIn(1);
    await station.present(1, token);
    await station.next('startAnswered', { withinMs: 5_000 });
    station.faults.moveTo(b.platform.wsUrl, 'halfOpen');
    await station.next('connected', { withinMs: 5_000 });
    await eventually('the old node has closed its socket', 5_000, () => expect(station.faults.leftOpen).toBe(0));
    expect(await stationRow('MOVE1')).toMatchObject({ online: true, node: 'node-b', generation: 2 });
    await station.next('metered', { withinMs: 10_000 });
    // Commands of the node before find it where it is now.
    const { result } = await a.operator.post<{ result: unknown }>('stations/MOVE1/calls', {
      action: 'GetConfiguration',
      payload: { key: ['HeartbeatInterval'] },
    });
    expect(result).toMatchObject({ configurationKey: [{ key: 'HeartbeatInterval' }] });
    station.end(1);
    await station.settled();
    expect(await stationRow('MOVE1')).toMatchObject({ online: true });
    charged.push(station);
    await checkBooks({ operator: a.operator, ledger: charged.flatMap(({ ledger }) => ledger), withinMs: 30_000 });
  }, 60_000);

  test('what the old connection still says, and its late close, change nothing', async () => {
    const identity = 'LATE1';
    const dial = (node: Node): Promise<WebSocket> =>
      new Promise((resolve, reject) => {
        const ws = new WebSocket(`${node.platform.wsUrl}/${identity}`, ['ocpp1.6']);
        ws.once('open', () => resolve(ws)).once('error', reject);
      });
    const events = async (): Promise<string[]> =>
      (
        await both.database.query<{ type: string }>(
          `select type from core.event_log l join core.station_row s on s.id = l.station where s.identity = $1 order by seq`,
          [identity],
        )
      ).rows.map((row) => row.type);
    const old = await dial(a);
    await eventually('connected', 5_000, async () => expect(await events()).toEqual(['station.connected']));
    const closed = new Promise<number>((done) => void old.once('close', (code) => done(code)));
    const fresh = await dial(b);
    old.send(
      JSON.stringify([2, 'late', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Faulted' }]),
    );
    expect(await closed).toBe(1000);
    const boot = { chargePointVendor: 'V', chargePointModel: 'M' };
    const answered = new Promise((done) => void fresh.once('message', done));
    fresh.send(JSON.stringify([2, 'b1', 'BootNotification', boot]));
    await answered;
    expect(fresh.readyState).toBe(WebSocket.OPEN);
    const told = await events();
    expect(told.filter((type) => type === 'station.connected')).toHaveLength(2);
    expect(told.at(-1)).toBe('station.booted');
    // Unless it came before the new one was counted, it is no fact; its end never is.
    expect(told).not.toContain('station.disconnected');
    expect(await stationRow(identity)).toMatchObject({ online: true, node: 'node-b' });
    fresh.close();
  });

  test('a station that goes back and forth is never thrown out by the last word of the node that it left', async () => {
    const station = await both.station('PINGPONG', a);
    const thrownOut: number[] = [];
    station.watch((event) => {
      if (event.kind === 'disconnected' && event.reason !== 'moved') thrownOut.push(event.code);
    });
    for (let round = 0; round < 30; round += 1) {
      station.faults.moveTo((round % 2 === 0 ? b : a).platform.wsUrl);
      await station.next('connected', { withinMs: 10_000 });
      await station.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
    }
    expect(thrownOut).toEqual([]);
    expect(await stationRow('PINGPONG')).toMatchObject({ online: true, generation: 31 });
  }, 60_000);

  test('a token that is blocked at one node is refused at the other within a second', async () => {
    const blocked = await a.operator.post<{ id: string }>('tokens', { type: 'RFID', value: 'BLOCKME000000001' });
    const station = await both.station('TOKEN1', b);
    expect(await station.present(1, 'BLOCKME000000001')).toBe('Accepted');
    await a.operator.patch(`tokens/${blocked.id}`, { status: 'blocked' });
    await eventually('refused', 1_000, async () =>
      expect(await station.present(1, 'BLOCKME000000001')).toBe('Blocked'),
    );
  });

  test('a station that is disabled at one node is closed at the other', async () => {
    const station = await both.station('CLOSED1', b);
    const closed = station.next('disconnected', { withinMs: 5_000 });
    await a.operator.patch('stations/CLOSED1', { disabled: true });
    expect(await closed).toMatchObject({ code: 1008 });
  });

  test('what one node appends is streamed by the other at once', async () => {
    const stream = await fetch(`${b.platform.url}/api/v1/events?types=station.connected`, {
      headers: { authorization: `Bearer ${b.platform.adminKey}` },
      // A stream that is not woken looks again after 15 s only.
      signal: AbortSignal.timeout(10_000),
    });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    await reader.read();
    await both.station('STREAM1', a);
    let text = '';
    while (!text.includes('STREAM1')) text += (await reader.read()).value ?? '';
    await reader.cancel();
  });

  test('the nodes are listed with what they hold; one that stops leaves nothing online', async () => {
    const c = await both.join('node-c');
    await both.station('LIST1', c);
    const listed = async (): Promise<NodeView[]> => (await a.operator.get<{ items: NodeView[] }>('nodes')).items;
    expect(await listed()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: 'node-a', state: 'running', bus: 'connected' }),
        expect.objectContaining({ id: 'node-c', state: 'running', bus: 'connected', stations: 1 }),
      ]),
    );
    await c.platform.stop();
    expect(await listed()).toContainEqual(expect.objectContaining({ id: 'node-c', state: 'stopped', stations: 0 }));
    expect(await stationRow('LIST1')).toMatchObject({ online: false });
  }, 30_000);
});

test('two nodes that cannot hear each other: each serves its own, and says that the other’s cannot be reached', async () => {
  await using both = await cluster({ names: ['node-a', 'node-b'], bus: false });
  const [a, b] = both.nodes as [Node, Node];
  const station = await both.station('ALONE1', a);
  const dropped: number[] = [];
  station.watch((event) => event.kind === 'disconnected' && dropped.push(event.code));
  const response = await b.operator.raw('POST', 'stations/ALONE1/calls', { action: 'Reset', payload: {} });
  expect(response.status).toBe(409);
  expect(((await response.json()) as { detail: string }).detail).toContain('node-a, which cannot be reached');
  const failed = await commanded(b, 'ALONE1', { type: 'reset', kind: 'soft' }, 'failed');
  expect(failed.detail).toContain('node-a');
  // A token that the other blocks is known here once its time is over; until then the station charges on.
  expect(await station.present(1, token)).toBe('Accepted');
  expect(dropped).toEqual([]);
}, 60_000);

test('a half-open station is let go of by the fence where the nodes do not hear each other', async () => {
  await using both = await cluster({ names: ['node-a', 'node-b'], bus: false });
  const [, b] = both.nodes as [Node, Node];
  const station = await both.station('FENCE1', both.nodes[0]!);
  station.plugIn(1);
  await station.present(1, token);
  await station.next('startAnswered', { withinMs: 5_000 });
  station.faults.moveTo(b.platform.wsUrl, 'halfOpen');
  await station.next('metered', { withinMs: 10_000 });
  station.end(1);
  await station.settled();
  await checkBooks({ operator: b.operator, ledger: station.ledger, withinMs: 30_000 });
}, 60_000);
