import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ocpp16 } from '@plugga/ocpp16';
import { quirks } from '@plugga/quirks';
import { type PlatformTest, startPlatform, testDatabase } from '@plugga/testing';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { child } from '../../e2e/process.ts';

/** A platform over real sockets: what it learns of a station's dialect, shows of it, and keeps. */

const database = await testDatabase('dialect-live');
const running: PlatformTest[] = [];
const start = async (): Promise<PlatformTest> => {
  const platform = await startPlatform({
    adapters: [ocpp16],
    quirks,
    env: { PLUGGA_ONBOARDING: 'open', DATABASE_URL: database.url },
  });
  running.push(platform);
  return platform;
};
const stop = async (platform: PlatformTest): Promise<void> => {
  running.splice(running.indexOf(platform), 1);
  await platform.stop();
};
afterAll(async () => {
  for (const platform of running) await platform.stop();
  await database.drop();
});

type Frame = [number, string, ...unknown[]];
interface Answering {
  (action: string, payload: unknown): unknown;
}

/** A station by hand: answers our CALLs as told; 'drop' ends the socket instead, 'NotImplemented' is a CALLERROR. */
const station = async (
  platform: PlatformTest,
  identity: string,
  answer: Answering = () => ({ status: 'Accepted' }),
) => {
  const ws = new WebSocket(`${platform.wsUrl}/${identity}`, ['ocpp1.6']);
  const asked: { action: string; payload: unknown }[] = [];
  const waiting = new Map<string, (frame: Frame) => void>();
  ws.on('message', (data) => {
    const [type, id, ...rest] = JSON.parse(String(data)) as Frame;
    if (type !== 2) return waiting.get(id)?.([type, id, ...rest]);
    const [action, payload] = rest as [string, unknown];
    asked.push({ action, payload });
    const said = answer(action, payload);
    if (said === 'drop') ws.terminate();
    else if (said === 'NotImplemented') ws.send(JSON.stringify([4, id, 'NotImplemented', '', {}]));
    else ws.send(JSON.stringify([3, id, said]));
  });
  await new Promise<void>((open, fail) => {
    ws.once('open', () => open());
    ws.once('error', fail);
  });
  let ids = 0;
  const say = (text: (id: string) => string): Promise<Frame> => {
    const id = `${identity}-${Date.now()}-${(ids += 1)}`;
    return new Promise((done) => {
      waiting.set(id, done);
      ws.send(text(id));
    });
  };
  return {
    asked,
    say: (action: string, payload: unknown) => say((id) => JSON.stringify([2, id, action, payload])),
    sayText: say,
    boot: (vendor: string, model: string, firmwareVersion: string) =>
      say((id) =>
        JSON.stringify([
          2,
          id,
          'BootNotification',
          { chargePointVendor: vendor, chargePointModel: model, firmwareVersion },
        ]),
      ),
    close: () =>
      new Promise<void>((done) => {
        if (ws.readyState === WebSocket.CLOSED) return done();
        ws.once('close', () => done());
        ws.terminate();
      }),
  };
};

const request = async (platform: PlatformTest, method: string, path: string, body?: unknown) => {
  const response = await fetch(`${platform.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${platform.adminKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // oxlint-disable-next-line typescript/no-explicit-any
  return { status: response.status, body: (await response.json()) as any };
};
const until = async <T>(step: string, look: () => Promise<T | undefined>, withinMs = 20_000): Promise<T> => {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${step}: not within ${withinMs} ms`);
    await new Promise((done) => setTimeout(done, 50));
  }
};
const dialect = async (platform: PlatformTest, identity: string) =>
  (await request(platform, 'GET', `stations/${identity}/dialect`)).body;
/** The end of a command of that type. */
const command = async (platform: PlatformTest, identity: string, wanted: unknown) => {
  const { body } = await request(platform, 'POST', `stations/${identity}/commands`, wanted);
  return until(`the end of ${JSON.stringify(wanted)}`, async () => {
    const now = (await request(platform, 'GET', `stations/${identity}/commands/${body.id}`)).body;
    return ['queued', 'sent'].includes(now.status) ? undefined : now;
  });
};
const action = async (platform: PlatformTest, identity: string, name: string) =>
  (await dialect(platform, identity)).actions.find((it: { action: string }) => it.action === name);

test(
  'a make has its quirks from its first boot, and keeps them over reconnections and a restart',
  { timeout: 60_000 },
  async () => {
    const platform = await start();
    const availability = { type: 'availability', operative: false };
    const first = await station(platform, 'EN-1');
    // Who has said nothing has no quirks.
    expect(await command(platform, 'EN-1', availability)).toMatchObject({ status: 'accepted' });
    await first.boot('EN+', 'AC7000-AE-45', 'V43.0.552');
    expect(await command(platform, 'EN-1', availability)).toMatchObject({ status: 'rejected' });
    await first.close();
    // Before the next boot.
    const second = await station(platform, 'EN-1');
    expect(await command(platform, 'EN-1', availability)).toMatchObject({ status: 'rejected', detail: /harm/ });
    expect((await dialect(platform, 'EN-1')).quirks).toMatchObject([{ id: 'enplus-change-availability' }]);
    await second.close();
    await stop(platform);
    const again = await start();
    const third = await station(again, 'EN-1');
    expect(await command(again, 'EN-1', availability)).toMatchObject({ status: 'rejected' });
    expect(await action(again, 'EN-1', 'ChangeAvailability')).toMatchObject({
      state: 'denied',
      by: 'enplus-change-availability',
    });
    // A raw call is sent all the same.
    const raw = { action: 'ChangeAvailability', payload: { connectorId: 0, type: 'Operative' } };
    expect(await request(again, 'POST', 'stations/EN-1/calls', raw)).toMatchObject({
      status: 200,
      body: { result: { status: 'Accepted' } },
    });
    expect(third.asked).toEqual([raw]);
    await third.close();
    await stop(again);
  },
);

test(
  'deviations are counted for the station that shows them, with the quirk that fired',
  { timeout: 60_000 },
  async () => {
    const platform = await start();
    const halo = await station(platform, 'HALO-1');
    await halo.boot('Charge Amps', 'HALO', '146.1');
    const frequency = { value: '50.0', measurand: 'Frequency', unit: 'Hz' };
    for (const minute of [10, 11, 12])
      await halo.say('MeterValues', {
        connectorId: 1,
        meterValue: [{ timestamp: `2026-01-05T12:${minute}:00Z`, sampledValue: [frequency] }],
      });
    await halo.say('StatusNotification', { connectorId: 1, errorCode: 'Error', status: 'Available' });
    const beny = await station(platform, 'BENY-1');
    await beny.boot('ZJBENY', 'BCP-A2N-L', '1.0.31');
    const [type] = await beny.sayText(
      (id) =>
        `[2,"${id}","MeterValues",{"connectorId":1,"meterValue":[{"timestamp":"2026-01-05T12:00:00Z","sampledValue":[,{"value":"1"}]}]}]`,
    );
    expect(type).toBe(3);
    const shown = await until('the counts', async () => {
      const { deviations, quirks: own } = await dialect(platform, 'HALO-1');
      return deviations.length >= 2 ? { deviations, own } : undefined;
    });
    expect(shown.own).toMatchObject([{ id: 'charge-amps-hz', fired: 3 }]);
    expect(shown.deviations).toContainEqual({
      action: 'MeterValues',
      code: 'quirk-applied',
      path: null,
      detail: null,
      quirk: 'charge-amps-hz',
      count: 3,
      firstAt: expect.any(String),
      lastAt: expect.any(String),
    });
    expect(shown.deviations).toContainEqual(
      expect.objectContaining({ action: 'StatusNotification', code: 'unknown-value', path: '/errorCode', count: 1 }),
    );
    await until('the repair', async () =>
      (await dialect(platform, 'BENY-1')).deviations.find(
        (it: { code: string; quirk: string }) => it.code === 'text-repaired' && it.quirk === 'beny-leading-comma',
      ),
    );
    await halo.close();
    await beny.close();
    await stop(platform);
  },
);

test(
  'an action that is not supported is learnt, shown, kept over a restart, overridden, and forgotten with the firmware',
  { timeout: 90_000 },
  async () => {
    const platform = await start();
    const unlock = { type: 'unlock', evse: 1 };
    const refusing: Answering = (name) => (name === 'UnlockConnector' ? 'NotImplemented' : { status: 'Accepted' });
    const first = await station(platform, 'LEARN-1', refusing);
    await first.boot('Acme', 'One', '1.0');
    expect(await command(platform, 'LEARN-1', unlock)).toMatchObject({ status: 'rejected', detail: 'NotImplemented' });
    await until('the lesson', () => action(platform, 'LEARN-1', 'UnlockConnector'));
    expect(await command(platform, 'LEARN-1', unlock)).toMatchObject({
      status: 'rejected',
      detail: expect.stringContaining('UnlockConnector is not supported by this station: NotImplemented'),
    });
    expect(first.asked).toHaveLength(1);
    await first.close();
    await stop(platform);

    const again = await start();
    const second = await station(again, 'LEARN-1', refusing);
    expect(await action(again, 'LEARN-1', 'UnlockConnector')).toMatchObject({ state: 'unsupported', by: 'answer' });
    await command(again, 'LEARN-1', unlock);
    expect(second.asked).toEqual([]);
    // The operator knows better: it is sent, and no more taught.
    const overridden = await request(again, 'PUT', 'stations/LEARN-1/dialect/actions/UnlockConnector', {
      use: 'always',
    });
    expect(overridden.body.actions).toMatchObject([{ action: 'UnlockConnector', state: 'allowed', by: 'operator' }]);
    expect(await command(again, 'LEARN-1', unlock)).toMatchObject({ status: 'rejected', detail: 'NotImplemented' });
    expect(await command(again, 'LEARN-1', unlock)).toMatchObject({ status: 'rejected', detail: 'NotImplemented' });
    expect(second.asked).toHaveLength(2);
    const { body: audit } = await request(again, 'GET', 'audit?limit=50');
    expect(audit.items.map((it: { action: string }) => it.action)).toContain('station.actionOverridden');
    // Learnt anew, and forgotten when the firmware is another.
    await request(again, 'PUT', 'stations/LEARN-1/dialect/actions/UnlockConnector', { use: 'learn' });
    await command(again, 'LEARN-1', unlock);
    await until('the second lesson', () => action(again, 'LEARN-1', 'UnlockConnector'));
    await second.boot('Acme', 'One', '1.1');
    expect(await action(again, 'LEARN-1', 'UnlockConnector')).toBeUndefined();
    await second.close();
    await stop(again);
  },
);

test('an action at which the station drops the connection is not sent a third time', { timeout: 60_000 }, async () => {
  const platform = await start();
  const dropping: Answering = (name) => (name === 'UnlockConnector' ? 'drop' : { status: 'Accepted' });
  const unlock = { type: 'unlock', evse: 1 };
  for (const state of ['suspected', 'unsupported']) {
    const box = await station(platform, 'DROP-1', dropping);
    expect(await command(platform, 'DROP-1', unlock)).toMatchObject({ status: 'failed' });
    await until(`${state}`, async () => {
      const known = await action(platform, 'DROP-1', 'UnlockConnector');
      return known?.state === state ? known : undefined;
    });
    await box.close();
  }
  const third = await station(platform, 'DROP-1', dropping);
  expect(await command(platform, 'DROP-1', unlock)).toMatchObject({
    status: 'rejected',
    detail: expect.stringContaining('dropped the connection'),
  });
  expect(third.asked).toEqual([]);
  await third.close();
  await stop(platform);
});

test(
  'what a station said is exported without its tokens, and replayed where no platform and no database is',
  { timeout: 60_000 },
  async () => {
    const platform = await start();
    await request(platform, 'POST', 'tokens', { type: 'RFID', value: 'SECRETCARD01' });
    const box = await station(platform, 'REC-1');
    await box.boot('ZJBENY', 'BCP-A2N-L', '1.0.31');
    const [, , begun] = await box.say('StartTransaction', {
      ...{ connectorId: 1, idTag: 'SECRETCARD01', meterStart: 100, timestamp: new Date().toISOString() },
    });
    const { transactionId } = begun as { transactionId: number };
    const at = new Date().toISOString();
    await box.sayText(
      (id) =>
        `[2,"${id}","MeterValues",{"connectorId":1,"transactionId":${transactionId},"meterValue":[{"timestamp":"${at}","sampledValue":[,{"value":"150"}]}]}]`,
    );
    await box.say('StopTransaction', { transactionId, meterStop: 200, timestamp: at, idTag: 'secretcard01' });
    const exported = await until('all frames', async () => {
      const response = await fetch(`${platform.url}/api/v1/frames/export?station=REC-1`, {
        headers: { authorization: `Bearer ${platform.adminKey}` },
      });
      const text = await response.text();
      expect(response.status, text).toBe(200);
      return text.includes('StopTransaction') ? text : undefined;
    });
    expect(exported).not.toMatch(/secretcard01/i);
    expect(exported.match(/TOKEN-1/g)).toHaveLength(2);
    await box.close();
    await stop(platform);

    const folder = await mkdtemp(join(tmpdir(), 'plugga-recording-'));
    try {
      const file = join(folder, 'rec-1.jsonl');
      await writeFile(file, exported);
      const bin = ['core/src/bin.ts', 'frames', 'replay', file];
      const run = child(bin, { DATABASE_URL: 'postgres://127.0.0.1:1/none' });
      expect(await run.exited, run.log()).toBe(0);
      expect(run.log()).toContain('beny-leading-comma (text)');
      expect(run.log()).toMatch(new RegExp(`closed · 100 Wh · transaction ${transactionId}`));
      // Nothing to repair for a core that knows the make: made of the replay as it is.
      const made = child([...bin, '--make-quirk', 'new-box', '--to', folder], {});
      expect(await made.exited).toBe(1);
      expect(made.log()).toContain('nothing in this recording deviates');
      const odd = exported.replaceAll('ZJBENY', 'Unheard');
      await writeFile(file, odd);
      const quirk = child([...bin, '--make-quirk', 'new-box', '--to', folder], {});
      expect(await quirk.exited, quirk.log()).toBe(0);
      expect(await readFile(join(folder, 'src/new-box.ts'), 'utf8')).toContain('vendor: /^Unheard$/i');
      expect(await readFile(join(folder, 'fixtures/new-box-as-recorded.jsonl'), 'utf8')).toContain('[,{');
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
);
