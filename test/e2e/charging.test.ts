import { energyWh, type StationOptions, virtualStation, type VirtualStation } from '@plugga/simulator';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFailed, test } from 'vitest';
import { WebSocket } from 'ws';
import { api, type Api, type CdrView, type InvoiceView, type SessionView } from './api.ts';
import { child, dataFolder, eventually, type Platform, startPlatform } from './process.ts';

const token = 'E2ETOKEN00000001';
let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: Platform;
let operator: Api;
let stations: VirtualStation[] = [];
/** Stands in every identity: a test that is tried again meets stations that nobody has heard of. */
let attempt = 0;

beforeAll(async () => {
  folder = await dataFolder();
  platform = await startPlatform({ dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open' } });
  operator = api(platform.url);
  await operator.post('tokens', { type: 'RFID', value: token });
}, 90_000);
beforeEach(() => {
  attempt += 1;
  const from = platform.log().length;
  onTestFailed(() => console.error(platform.log().slice(from).slice(-4_000)));
});
afterEach(() => {
  for (const station of stations) station.close();
  stations = [];
});
afterAll(async () => {
  await platform.stop();
  await folder.remove();
});

const aStation = (identity: string, o: Partial<StationOptions> = {}): VirtualStation => {
  const station = virtualStation({
    url: platform.ocpp,
    identity,
    meterStartWh: 12_345,
    speed: 600,
    behindMs: 24 * 3_600_000,
    backOff: { firstMs: 20, maxMs: 200 },
    configuration: { TransactionMessageRetryInterval: '0' },
    ...o,
  });
  stations.push(station);
  return station;
};
const sessionsOf = (station: string): Promise<SessionView[]> => operator.all(`sessions?station=${station}`);
const billed = (station: string, count: number): Promise<{ session: SessionView; bill: InvoiceView; cdr: CdrView }[]> =>
  eventually(`${count} bills of ${station}`, 30_000, async () => {
    const sessions = (await sessionsOf(station)).filter((one) => one.status !== 'void');
    expect(sessions.map((one) => one.status)).toEqual(Array.from({ length: count }, () => 'closed'));
    // Read before its bill, a session may still show the price of its last reading.
    expect(sessions.map((one) => one.cost?.final)).toEqual(Array.from({ length: count }, () => true));
    const [bills, cdrs] = [await operator.all<InvoiceView>('invoices'), await operator.all<CdrView>('cdrs')];
    return sessions.map((session) => {
      const bill = bills.filter((one) => one.session === session.id);
      const cdr = cdrs.filter((one) => one.session === session.id);
      expect(bill, `one bill of ${session.id}`).toHaveLength(1);
      expect(cdr, `one CDR of ${session.id}`).toHaveLength(1);
      return { session, bill: bill[0]!, cdr: cdr[0]! };
    });
  });

test(
  "a visit becomes a session, a CDR and a bill with the energy of the station's own meter",
  { timeout: 60_000 },
  async () => {
    const station = aStation(`E2E${attempt}-VISIT`);
    await station.start();
    const entry = await station.charge({ idTag: token, stopAfterWh: 5_000 });
    await station.settled();
    const [one] = await billed(`E2E${attempt}-VISIT`, 1);
    expect(one?.session).toMatchObject({
      transactionId: String(entry.transactionId),
      energyWh: energyWh(entry),
      meterStartWh: entry.meterStartWh,
      meterStopWh: entry.meterStopWh,
      startedAt: new Date(entry.startedAt).toISOString(),
      endedAt: new Date(entry.stoppedAt!).toISOString(),
      stopReason: 'Local',
      flags: [],
    });
    expect(one?.cdr.energyWh).toBe(energyWh(entry));
    expect(one?.bill).toMatchObject({ energyWh: energyWh(entry), kind: 'invoice', currency: 'SEK' });
    expect(one?.session.cost).toMatchObject({ final: true, inclVat: one?.bill.inclVat });
  },
);

test('a token that nobody knows charges nothing', { timeout: 60_000 }, async () => {
  const station = aStation(`E2E${attempt}-STRANGER`);
  await station.start();
  station.plugIn(1);
  expect(await station.present(1, 'NOBODYKNOWSME')).toBe('Invalid');
  expect(station.ledger).toEqual([]);
});

test('a start and a stop whose answers were lost are one session and one bill', { timeout: 60_000 }, async () => {
  const station = aStation(`E2E${attempt}-LOST`);
  await station.start();
  station.faults.loseAnswer('StartTransaction');
  station.faults.loseAnswer('StopTransaction');
  const entry = await station.charge({ idTag: token, stopAfterWh: 2_000 });
  await station.settled();
  const [one] = await billed(`E2E${attempt}-LOST`, 1);
  expect(one?.bill.energyWh).toBe(energyWh(entry));
});

test('the same start under another message id is the same transaction', { timeout: 60_000 }, async () => {
  const station = aStation(`E2E${attempt}-NEWID`, { resendWith: 'new-id' });
  await station.start();
  station.faults.loseAnswer('StartTransaction');
  const entry = await station.charge({ idTag: token, stopAfterWh: 2_000 });
  await station.settled();
  const [one] = await billed(`E2E${attempt}-NEWID`, 1);
  expect(one?.session.transactionId).toBe(String(entry.transactionId));
  expect(one?.bill.energyWh).toBe(energyWh(entry));
});

test('a visit that was wholly offline is billed when the line is back', { timeout: 60_000 }, async () => {
  const station = aStation(`E2E${attempt}-OFFLINE`);
  await station.start();
  station.faults.offline();
  const entry = await station.charge({ idTag: token, stopAfterWh: 3_000 });
  station.faults.online();
  await station.settled();
  const [one] = await billed(`E2E${attempt}-OFFLINE`, 1);
  expect(one?.bill.energyWh).toBe(energyWh(entry));
});

test(
  'a stop that claims transaction -1 is billed to the only session that it can mean',
  { timeout: 60_000 },
  async () => {
    const station = aStation(`E2E${attempt}-MINUS`);
    await station.start();
    station.plugIn(1);
    await station.present(1, token);
    for (let count = 0; count < 3; count += 1) await station.next('metered', { withinMs: 20_000 });
    const entry = station.end(1, { claimedId: -1 });
    await station.settled();
    const [one] = await billed(`E2E${attempt}-MINUS`, 1);
    expect(one?.bill.energyWh).toBe(energyWh(entry));
  },
);

test('two pipelined stops keep their order', { timeout: 60_000 }, async () => {
  const station = aStation(`E2E${attempt}-PIPE`, { connectors: 2, pipelines: true });
  await station.start();
  for (const connector of [1, 2]) {
    station.plugIn(connector);
    await station.present(connector, token);
  }
  await station.settled();
  await station.next('metered', { withinMs: 20_000 });
  station.faults.offline();
  const [first, second] = [station.end(1), station.end(2)];
  const answers: number[] = [];
  station.watch((event) => {
    if (event.kind === 'stopAnswered') answers.push(event.entry.connector);
  });
  station.faults.online();
  await station.settled();
  expect(answers).toEqual([1, 2]);
  const both = await billed(`E2E${attempt}-PIPE`, 2);
  const wh = both.map((one) => [one.session.evse, one.bill.energyWh]).sort();
  expect(wh).toEqual([
    [1, energyWh(first)],
    [2, energyWh(second)],
  ]);
});

/** Any client that speaks OCPP 1.6, for messages that the virtual station would not send. */
const bareClient = async (identity: string) => {
  const socket = new WebSocket(`${platform.ocpp}/${identity}`, ['ocpp1.6'], { perMessageDeflate: false });
  const waiting = new Map<string, (frame: unknown[]) => void>();
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as unknown[];
    waiting.get(String(frame[1]))?.(frame);
  });
  await new Promise((done, failed) => void socket.once('open', done).once('error', failed));
  let serial = 0;
  const call = (action: string, payload: unknown): Promise<unknown[]> =>
    new Promise((done, failed) => {
      const id = String((serial += 1));
      const late = setTimeout(() => failed(new Error(`stalled: ${identity} ${action} not answered in 20 s`)), 20_000);
      waiting.set(id, (frame) => {
        clearTimeout(late);
        done(frame);
      });
      socket.send(JSON.stringify([2, id, action, payload]));
    });
  const boot = await call('BootNotification', { chargePointVendor: 'E2E', chargePointModel: 'Bare' });
  expect(boot[2]).toMatchObject({ status: 'Accepted' });
  return { call, close: () => socket.terminate() };
};

test('a StopTransaction of 0.9 MB, twelve hours of transactionData, is billed', { timeout: 60_000 }, async () => {
  const client = await bareClient(`E2E${attempt}-BIG`);
  const began = Date.now() - 13 * 3_600_000;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const start = await client.call('StartTransaction', {
    connectorId: 1,
    idTag: token,
    meterStart: 100,
    timestamp: iso(began),
  });
  const { transactionId } = start[2] as { transactionId: number };
  const transactionData = Array.from({ length: 4_320 }, (_, index) => ({
    timestamp: iso(began + (index + 1) * 10_000),
    sampledValue: [
      {
        value: String(100 + (index + 1) * 10),
        measurand: 'Energy.Active.Import.Register',
        unit: 'Wh',
        context: 'Sample.Periodic',
      },
      { value: '3600', measurand: 'Power.Active.Import', unit: 'W' },
    ],
  }));
  const stop = {
    transactionId,
    meterStop: 43_300,
    timestamp: iso(began + 12 * 3_600_000),
    reason: 'Local',
    transactionData,
  };
  expect(JSON.stringify(stop).length).toBeGreaterThan(900_000);
  expect((await client.call('StopTransaction', stop))[0]).toBe(3);
  client.close();
  const [one] = await billed(`E2E${attempt}-BIG`, 1);
  expect(one?.bill.energyWh).toBe(43_200);
});

test('two stops for one transaction, the second without a reason, are one bill', { timeout: 60_000 }, async () => {
  const client = await bareClient(`E2E${attempt}-TWICE`);
  const began = Date.now() - 3_600_000;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const start = await client.call('StartTransaction', {
    connectorId: 1,
    idTag: token,
    meterStart: 0,
    timestamp: iso(began),
  });
  const { transactionId } = start[2] as { transactionId: number };
  const stop = { transactionId, meterStop: 7_000, timestamp: iso(began + 1_800_000) };
  const answers = await Promise.all([
    client.call('StopTransaction', { ...stop, reason: 'Remote' }),
    client.call('StopTransaction', stop),
  ]);
  expect(answers.map((answer) => answer[0])).toEqual([3, 3]);
  client.close();
  const [one] = await billed(`E2E${attempt}-TWICE`, 1);
  expect(one?.session.stopReason).toBe('Remote');
  expect(one?.bill.energyWh).toBe(7_000);
});

test(
  'a reading that arrives after the bill is credited and billed anew, and the net is one bill',
  { timeout: 60_000 },
  async () => {
    const client = await bareClient(`E2E${attempt}-LATE`);
    const began = Date.now() - 3_600_000;
    const iso = (ms: number): string => new Date(ms).toISOString();
    const start = await client.call('StartTransaction', {
      connectorId: 1,
      idTag: token,
      meterStart: 0,
      timestamp: iso(began),
    });
    const { transactionId } = start[2] as { transactionId: number };
    await client.call('StopTransaction', { transactionId, meterStop: 6_000, timestamp: iso(began + 1_800_000) });
    const [before] = await billed(`E2E${attempt}-LATE`, 1);

    const sampledValue = [{ value: '2000', measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
    await client.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [{ timestamp: iso(began + 600_000), sampledValue }],
    });
    client.close();
    const papers = await eventually('the bill, its credit and the new bill', 20_000, async () => {
      const found = await operator.all<InvoiceView>(`invoices?session=${before?.session.id}`);
      expect(found).toHaveLength(3);
      return found;
    });
    expect(papers.map((paper) => paper.kind).sort()).toEqual(['credit', 'invoice', 'invoice']);
    expect(papers.reduce((sum, paper) => sum + paper.energyWh, 0)).toBe(6_000);
    const net = papers.reduce((sum, paper) => sum + Number(paper.inclVat), 0);
    expect(net).toBeCloseTo(Number(before?.bill.inclVat), 2);
  },
);

test('a remote start and stop by command charge and bill', { timeout: 60_000 }, async () => {
  const station = aStation(`E2E${attempt}-REMOTE`, {
    carOnRemoteStart: { batteryWh: 60_000, soc: 0.2, maxPowerW: 11_000, phases: 3 },
    speed: 1,
    behindMs: 0,
    configuration: { MeterValueSampleInterval: '1' },
  });
  await station.start();
  const started = station.next('startAnswered', { withinMs: 20_000 });
  await operator.post(`stations/E2E${attempt}-REMOTE/commands`, { type: 'start', connector: 1, evse: 1, token });
  const { entry } = await started;
  await station.next('metered', { withinMs: 20_000 });
  const session = await eventually('an active session', 10_000, async () => {
    const found = (await sessionsOf(`E2E${attempt}-REMOTE`)).find((one) => one.status === 'active');
    if (found === undefined) throw new Error('none');
    return found;
  });
  const stopped = station.next('stopped', { withinMs: 20_000 });
  await operator.post(`stations/E2E${attempt}-REMOTE/commands`, { type: 'stop', session: session.id });
  await stopped;
  await station.settled();
  const [one] = await billed(`E2E${attempt}-REMOTE`, 1);
  expect(one?.session).toMatchObject({ id: session.id, energyWh: energyWh(entry), stopReason: 'Remote' });
});

test('any call reaches the station, and its answer comes back as it was', { timeout: 30_000 }, async () => {
  const station = aStation(`E2E${attempt}-RAW`);
  await station.start();
  const answer = await operator.post<{ messageId: string; result: unknown }>(`stations/E2E${attempt}-RAW/calls`, {
    action: 'GetConfiguration',
    payload: { key: ['MeterValueSampleInterval'] },
  });
  expect(answer.result).toEqual({
    configurationKey: [{ key: 'MeterValueSampleInterval', readonly: false, value: '60' }],
  });
  station.close();
  await eventually('409 for a station that is offline', 10_000, async () => {
    expect(
      (await operator.raw('POST', `stations/E2E${attempt}-RAW/calls`, { action: 'Heartbeat', payload: {} })).status,
    ).toBe(409);
  });
});

test('what pnpm sim says that its meters measured is what is billed', { timeout: 90_000 }, async () => {
  const running = child(
    [
      'sdk/simulator/src/bin.ts',
      ...['--url', platform.ocpp, '--prefix', `E2E${attempt}-SIM-`, '--token', token],
      ...['--count', '5', '--connectors', '2', '--sessions', '2', '--speed', '600', '--within', '60', '--json'],
    ],
    {},
  );
  expect(await running.exited, running.log()).toBe(0);
  const lines = running
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { station: string; transactionId: number; energyWh: number });
  expect(lines).toHaveLength(20);
  await eventually('twenty bills with the energy of the meters', 30_000, async () => {
    const sessions = await operator.all<SessionView>('sessions');
    const bills = await operator.all<InvoiceView>('invoices');
    for (const line of lines) {
      const session = sessions.find(
        (one) => one.station === line.station && one.transactionId === String(line.transactionId),
      );
      expect(bills.find((one) => one.session === session?.id)?.energyWh).toBe(line.energyWh);
    }
  });
});
