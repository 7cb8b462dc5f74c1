import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig, startPlatform, type Platform } from '@plugga/core';
import { startEmbedded, type Embedded } from '@plugga/core/database';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import deployment from '../../plugga.config.ts';
import { api, type Api, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { adminKey, dataFolder, eventually, startPlatform as startProcess } from '../e2e/process.ts';
import { freeze } from './database.ts';

// A PostgreSQL of our own stands for the operator's: it is stopped, frozen and started again while stations go on.

let server: Awaited<ReturnType<typeof dataFolder>>;
let folder: Awaited<ReturnType<typeof dataFolder>>;
let database: Embedded | undefined;
let url: string;
let platform: Platform | undefined;
let operator: Api;
let sockets: WebSocket[] = [];
let databases = 0;

const come = async (): Promise<void> => {
  database = await startEmbedded({ dataDir: server.path, fsync: false, maxConnections: 100 });
};
const go = async (): Promise<void> => {
  await database?.stop();
  database = undefined;
};
const another = async (): Promise<string> => {
  databases += 1;
  const name = `away${databases}`;
  await administer(database!.url, (client) => client.query(`create database ${name}`));
  const made = new URL(database!.url);
  made.pathname = `/${name}`;
  return made.href;
};
const administer = async <T>(at: string, run: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: at });
  await client.connect();
  try {
    return await run(client);
  } finally {
    await client.end();
  }
};
const settings = (more: Record<string, string> = {}) => ({
  ...{ PLUGGA_DATA: folder.path, DATABASE_URL: url, PLUGGA_ADMIN_KEY: adminKey },
  ...{ PLUGGA_DRAIN_SECONDS: '0', ...more },
});
const start = async (more: Record<string, string> = {}): Promise<Platform> => {
  const config = readConfig({ ...settings(more), PLUGGA_PORT: '0', PLUGGA_LOG_LEVEL: 'silent' });
  platform = await startPlatform({ config, deployment });
  operator = api(platform.url);
  return platform;
};
const stop = async (): Promise<void> => {
  for (const socket of sockets) socket.terminate();
  sockets = [];
  await platform?.stop();
  platform = undefined;
};

beforeAll(async () => {
  server = await dataFolder();
}, 60_000);
beforeEach(async () => {
  folder = await dataFolder();
  if (database === undefined) await come();
  url = await another();
}, 60_000);
afterEach(async () => {
  await stop();
  await folder.remove();
}, 60_000);
afterAll(async () => {
  await go();
  await server.remove();
}, 60_000);

/** A station with a socket; `refused` holds the status where it got none. */
const dial = async (identity: string, at = platform!.url) => {
  const socket = new WebSocket(`${at.replace(/^http/, 'ws')}/ocpp/${identity}`, ['ocpp1.6']);
  sockets.push(socket);
  const answers = new Map<string, (payload: never) => void>();
  socket.on('message', (data: Buffer) => {
    const [, id, payload] = JSON.parse(data.toString()) as [number, string, never];
    answers.get(id)?.(payload);
  });
  let closed: number | undefined;
  socket.on('close', (code) => (closed = code));
  const refused = await new Promise<number | undefined>((done, failed) => {
    socket.once('open', () => done(undefined));
    socket.once('unexpected-response', (_, response) => done(response.statusCode));
    socket.once('error', failed);
  });
  let calls = 0;
  const call = <T>(action: string, payload: object, withinMs = 15_000): Promise<T> =>
    new Promise((done, failed) => {
      const id = `${action}-${(calls += 1)}`;
      const timer = setTimeout(() => failed(new Error(`stalled: ${action} not answered in ${withinMs} ms`)), withinMs);
      answers.set(id, (answer) => {
        clearTimeout(timer);
        done(answer);
      });
      socket.once('close', (code) => {
        clearTimeout(timer);
        failed(new Error(`closed with ${code} before ${action} was answered`));
      });
      socket.send(JSON.stringify([2, id, action, payload]));
    });
  return { call, refused, closed: () => closed, close: () => socket.terminate() };
};
type Station = Awaited<ReturnType<typeof dial>>;

const BASE = Date.now() - 3_600_000;
const at = (minute: number): string => new Date(BASE + minute * 60_000).toISOString();
const boot = (station: Station) =>
  station.call('BootNotification', { chargePointVendor: 'Test', chargePointModel: 'T1' });
const begin = async (station: Station, idTag: string, minute: number, meterStart: number) => {
  const answer = await station.call<{ transactionId: number; idTagInfo: { status: string } }>('StartTransaction', {
    ...{ connectorId: 1, idTag, meterStart, timestamp: at(minute) },
  });
  return { id: answer.transactionId, status: answer.idTagInfo.status };
};
const end = (station: Station, transactionId: number, minute: number, meterStop: number) =>
  station.call('StopTransaction', { transactionId, meterStop, timestamp: at(minute), reason: 'Local' });
const unplug = (station: Station, minute: number) =>
  station.call('StatusNotification', {
    ...{ connectorId: 1, status: 'Available', errorCode: 'NoError', timestamp: at(minute) },
  });
const authorize = async (station: Station, idTag: string): Promise<string> =>
  (await station.call<{ idTagInfo: { status: string } }>('Authorize', { idTag })).idTagInfo.status;

const GOOD = 'AWAYGOOD00000001';
const tokenOf = (value: string, status?: string) =>
  operator.post<{ id: string }>('tokens', { type: 'ISO14443', value, ...(status === undefined ? {} : { status }) });
const readyz = async () => {
  const response = await fetch(`${platform!.url}/readyz`);
  return { status: response.status, checks: ((await response.json()) as { checks: Record<string, string> }).checks };
};
/** Until the standing file has met every station and token. */
const inStep = () =>
  eventually('the standing file is filled', 30_000, async () => {
    expect((await readyz()).checks.standing).toBe('ok');
  });
const isAway = () =>
  eventually('the outage is known', 20_000, async () => expect((await readyz()).checks.database).toMatch(/^away/));
const isBack = (withinMs = 60_000) =>
  eventually('the database is back', withinMs, async () => expect((await readyz()).checks.database).toBe('ok'));
const bytesOfFile = (): string =>
  readdirSync(folder.path)
    .filter((name) => name.startsWith('standing.db'))
    .map((name) => readFileSync(join(folder.path, name)).toString('latin1'))
    .join('');
const bill = (session: string) =>
  eventually('the bill', 30_000, async () => {
    const found = (await operator.all<InvoiceView>('invoices')).filter((it) => it.session === session);
    expect(found).toHaveLength(1);
    return found[0]!;
  });
/** The price of a kilowatt-hour, so that a closed installation bills. */
const ready = async (stations: readonly string[]): Promise<void> => {
  await tokenOf(GOOD);
  for (const identity of stations) await operator.post('stations', { identity, securityProfile: 0 });
};
const tariff = async (): Promise<void> => {
  await operator.post('tariffs', {
    ...{ id: 'away', country_code: 'SE', party_id: 'PLG', currency: 'SEK', last_updated: new Date().toISOString() },
    elements: [{ price_components: [{ type: 'ENERGY', price: 4, vat: 25, step_size: 1 }] }],
    assign: [{ to: 'tenant' }],
  });
};

test('stations reconnect while the database is away, and a process that is started then serves those that were charging', async () => {
  await start();
  await ready(['A1', 'A2', 'A3']);
  await tariff();
  await tokenOf('AWAYBLOCKED00001', 'blocked');
  const erased = await tokenOf('AWAYERASED000001');
  const stations = await Promise.all(['A1', 'A2'].map((identity) => dial(identity)));
  for (const station of stations) await boot(station);
  const [one, two] = stations as [Station, Station];
  const first = await begin(one, GOOD, 0, 1_000);
  const second = await begin(two, GOOD, 0, 50_000);
  await inStep();
  expect((await operator.raw('DELETE', `tokens/${erased.id}`)).status).toBe(204);
  await eventually('the erased token is gone from the file', 10_000, () =>
    expect(bytesOfFile()).not.toContain(erased.id),
  );

  await go();
  await isAway();
  expect(await readyz()).toMatchObject({ status: 200, checks: { ocpp: 'ok', standing: 'ok' } });
  const refusal = await operator.raw('GET', 'stations');
  expect(refusal.status).toBe(503);
  expect(await refusal.json()).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('away') });

  one.close();
  const again = await dial('A1');
  expect(again.refused).toBeUndefined();
  await boot(again);
  expect(await end(again, first.id, 30, 6_000)).toMatchObject({});
  await unplug(again, 31);
  expect((await dial('NEVERSEEN')).refused).toBe(404);
  expect(await authorize(again, GOOD)).toBe('Accepted');
  expect(await authorize(again, 'AWAYBLOCKED00001')).toBe('Blocked');
  expect(await authorize(again, 'AWAYERASED000001')).toBe('Invalid');
  const offline = await begin(again, GOOD, 32, 6_000);
  expect(offline.status).toBe('Accepted');

  // Known and never connected: what its hardware is called is for the database to say.
  const stranger = await dial('A3');
  await eventually('A3 is sent away', 10_000, () => expect(stranger.closed()).toBe(1013));

  await stop();
  await start();
  expect(platform!.database).toBe('away');
  expect(await readyz()).toMatchObject({ status: 200, checks: { database: expect.stringMatching(/^away/) } });
  expect((await fetch(`${platform!.url}/livez`)).status).toBe(200);
  const page = await fetch(`${platform!.url}/console`, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(503);
  expect(await page.text()).toContain('Back soon');
  expect((await operator.raw('POST', 'stations/A1/calls', { action: 'ClearCache', payload: {} })).status).toBe(503);
  const twoAgain = await dial('A2');
  await end(twoAgain, second.id, 40, 57_000);
  await unplug(twoAgain, 41);
  const oneAgain = await dial('A1');
  await end(oneAgain, offline.id, 50, 7_500);
  await unplug(oneAgain, 51);

  await come();
  await isBack();
  const sessions = await eventually('every session closed', 30_000, async () => {
    const all = await operator.all<SessionView>('sessions');
    expect(all.filter((it) => it.status === 'closed')).toHaveLength(3);
    return all;
  });
  const of = (id: number) => sessions.filter((it) => it.transactionId === String(id));
  for (const [id, wh, flags] of [
    [first.id, 5_000, []],
    [second.id, 7_000, []],
    [offline.id, 1_500, ['offlineAuthorized']],
  ] as const) {
    expect(of(id)).toMatchObject([{ energyWh: wh, status: 'closed', flags }]);
    expect((await bill(of(id)[0]!.id)).energyWh).toBe(wh);
  }
  const flagged = await operator.all<SessionView>('sessions?flag=offlineAuthorized');
  expect(flagged.map((it) => it.transactionId)).toEqual([String(offline.id)]);
  const shown = await operator.get<{ online: boolean }>('stations/A1');
  expect(shown.online).toBe(true);
}, 180_000);

test('a frozen database holds up no handshake and no message', async () => {
  await start();
  await ready(['F1']);
  const before = await dial('F1');
  await boot(before);
  const { id } = await begin(before, GOOD, 0, 0);
  await inStep();
  const { thaw } = await freeze(server.path);
  try {
    before.close();
    const again = await dial('F1');
    expect(again.refused).toBeUndefined();
    await end(again, id, 20, 4_000);
    expect(await authorize(again, GOOD)).toBe('Accepted');
  } finally {
    thaw();
  }
  await isBack();
  await eventually('the stop is stored', 20_000, async () =>
    expect(await operator.all<SessionView>('sessions')).toMatchObject([{ energyWh: 4_000 }]),
  );
}, 120_000);

test('a platform whose database is frozen ends by itself when it is told to, and loses nothing', async () => {
  const running = await startProcess({ dataDir: folder.path, env: settings({ PLUGGA_LOG_LEVEL: 'warn' }) });
  platform = { url: running.url, stop: () => Promise.resolve() } as Platform;
  let thaw = (): void => undefined;
  try {
    operator = api(running.url);
    await ready(['E1', 'E2']);
    const [one, two] = [await dial('E1'), await dial('E2')];
    await boot(one);
    await boot(two);
    const { id } = await begin(one, GOOD, 0, 0);
    await inStep();
    ({ thaw } = await freeze(server.path));
    await end(one, id, 20, 4_000);
    await isAway();
    process.kill(running.pid, 'SIGTERM');
    expect(await running.exited, running.log().slice(-2_000)).toBe(0);
    expect(running.log()).toContain('stopping without the database');
    expect(running.log()).not.toContain('cut off');
    thaw();
    const again = await startProcess({ dataDir: folder.path, env: settings({ PLUGGA_LOG_LEVEL: 'warn' }) });
    operator = api(again.url);
    await eventually('the stop is stored', 20_000, async () =>
      expect(await operator.all<SessionView>('sessions')).toMatchObject([{ energyWh: 4_000 }]),
    );
    await again.kill();
  } finally {
    thaw();
    platform = undefined;
    for (const socket of sockets) socket.terminate();
    await running.kill();
  }
}, 120_000);

test('kill -9 while the database is away, and a start on the same data: what was acknowledged is there', async () => {
  const running = await startProcess({ dataDir: folder.path, env: settings({ PLUGGA_LOG_LEVEL: 'warn' }) });
  let process_ = running;
  try {
    operator = api(running.url);
    await ready(['K1']);
    platform = { url: running.url, stop: () => Promise.resolve() } as Platform;
    const station = await dial('K1');
    await boot(station);
    const { id } = await begin(station, GOOD, 0, 0);
    await inStep();
    await go();
    await isAway();
    await station.call('MeterValues', {
      ...{ connectorId: 1, transactionId: id },
      meterValue: [{ timestamp: at(10), sampledValue: [{ value: '2500' }] }],
    });
    await running.kill();
    process_ = await startProcess({ dataDir: folder.path, env: settings({ PLUGGA_LOG_LEVEL: 'warn' }) });
    expect(process_.log()).toContain('away: stations are served from the standing file');
    platform = { ...platform, url: process_.url };
    operator = api(process_.url);
    const again = await dial('K1');
    await end(again, id, 20, 4_000);
    await come();
    await isBack();
    const [session] = await operator.all<SessionView>('sessions');
    expect(session).toMatchObject({ transactionId: String(id), energyWh: 4_000, flags: [] });
    const readings = await operator.all<{ energyWh?: number }>(`sessions/${session!.id}/readings`);
    expect(JSON.stringify(readings)).toContain('2500');
  } finally {
    platform = undefined;
    for (const socket of sockets) socket.terminate();
    await process_.kill();
  }
}, 180_000);

test.runIf(process.env['PLUGGA_TEST'] === 'full')(
  'a platform that was itself frozen has not lost its database',
  async () => {
    const frozen = await startProcess({ dataDir: folder.path, env: settings({ PLUGGA_LOG_LEVEL: 'warn' }) });
    let over = false;
    try {
      operator = api(frozen.url);
      platform = { url: frozen.url, stop: () => Promise.resolve() } as Platform;
      const identities = Array.from({ length: 12 }, (_, n) => `Z${n}`);
      await ready(identities);
      await inStep();
      // At each moment some are being loaded and some are being stored.
      let messages = 0;
      const visit = async (identity: string): Promise<void> => {
        const station = await dial(identity);
        await boot(station);
        const { id } = await begin(station, GOOD, messages % 60, 0);
        messages += 1;
        for (let reading = 0; reading < 5 && !over; reading += 1)
          await station.call('MeterValues', {
            ...{ connectorId: 1, transactionId: id },
            meterValue: [{ timestamp: at(10), sampledValue: [{ value: String(reading) }] }],
          });
        station.close();
      };
      const crowd = identities.map(async (identity) => {
        while (!over) await visit(identity).catch(() => undefined);
      });
      await eventually('they charge', 30_000, () => expect(messages).toBeGreaterThan(50));
      process.kill(frozen.pid, 'SIGSTOP');
      // Longer than any statement of a station may take.
      await new Promise((done) => setTimeout(done, 11_000));
      process.kill(frozen.pid, 'SIGCONT');
      const before = messages;
      await eventually('they charge on', 30_000, async () => {
        expect((await readyz()).checks).toMatchObject({ database: 'ok', storage: 'well' });
        expect((await operator.raw('GET', 'stations')).status).toBe(200);
        expect(messages).toBeGreaterThan(before + 50);
      });
      over = true;
      await Promise.all(crowd);
      const said = [...frozen.log().matchAll(/"msg":"([^"]*)"/g)].map(([, message]) => message);
      expect(said.filter((message) => /database (?:does not answer|is away)/.test(message ?? ''))).toEqual([]);
    } finally {
      over = true;
      platform = undefined;
      for (const socket of sockets) socket.terminate();
      await frozen.kill();
    }
  },
  180_000,
);

test('a database of another installation is not served, nor written to', async () => {
  await start();
  await ready(['O1']);
  await boot(await dial('O1'));
  await inStep();
  await stop();
  const ours = url;
  const empty = await another();
  await go();
  url = empty;
  await start();
  expect(platform!.database).toBe('away');
  expect((await dial('O1')).refused).toBeUndefined();
  await come();
  await eventually('it is refused', 30_000, async () => {
    expect(await readyz()).toMatchObject({ status: 503, checks: { database: expect.stringContaining('another') } });
  });
  expect((await dial('O1')).refused).toBe(503);
  await administer(empty, async (client) => {
    const { rows } = await client.query(`select 1 from pg_namespace where nspname = 'core'`);
    expect(rows).toEqual([]);
  });
  url = ours;
}, 120_000);

test.each([
  ['deleted', (path: string) => rmSync(path)],
  ['overwritten', (path: string) => writeFileSync(path, 'not a database at all, but long enough to be read as one')],
])(
  'a start without the database needs the standing file: one that was %s gives a plain error',
  async (_, spoil) => {
    await start();
    await ready(['D1']);
    await inStep();
    await stop();
    spoil(join(folder.path, 'standing.db'));
    await go();
    await expect(start()).rejects.toThrow(/ECONNREFUSED|ENOENT|connect/);
    await come();
    await start();
    await inStep();
    expect((await dial('D1')).refused).toBeUndefined();
  },
  120_000,
);
