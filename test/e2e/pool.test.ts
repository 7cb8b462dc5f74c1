import { startPlatform, readConfig, type Platform } from '@plugga/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import deployment from '../../plugga.config.ts';
import { api, type SessionView } from './api.ts';
import { adminKey, dataFolder, eventually } from './process.ts';

const STATIONS = 1_000;
const token = 'POOLTEST00000001';
let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: Platform;

beforeAll(async () => {
  folder = await dataFolder();
  platform = await startPlatform({
    config: readConfig({
      PLUGGA_DATA: folder.path,
      PLUGGA_PORT: '0',
      PLUGGA_ADMIN_KEY: adminKey,
      PLUGGA_ONBOARDING: 'open',
      PLUGGA_LOG_LEVEL: 'error',
    }),
    deployment,
    poolSize: 2,
  });
}, 90_000);
afterAll(async () => {
  await platform.stop();
  await folder.remove();
}, 30_000);

/** One socket that asks and waits. */
const dial = async (identity: string) => {
  const socket = new WebSocket(`${platform.url.replace(/^http/, 'ws')}/ocpp/${identity}`, ['ocpp1.6'], {
    perMessageDeflate: false,
  });
  let heard: (frame: unknown[]) => void = () => undefined;
  socket.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as unknown[];
    // A station that takes long to boot is asked to.
    if (frame[0] !== 2) heard(frame);
  });
  await new Promise((done, failed) => void socket.once('open', done).once('error', failed));
  const call = (action: string, payload: unknown): Promise<unknown[]> =>
    new Promise((done) => {
      heard = done;
      socket.send(JSON.stringify([2, action, action, payload]));
    });
  return { identity, call, close: () => socket.terminate() };
};

const late = (step: string, ms: number): Promise<never> =>
  new Promise((_, failed) => {
    setTimeout(() => failed(new Error(`stalled: ${step} not within ${ms} ms`)), ms).unref();
  });

test(
  '1,000 stations that start at once are all answered and stored with a pool of two connections',
  { timeout: 240_000 },
  async () => {
    const operator = api(platform.url);
    await operator.post('tokens', { type: 'ISO14443', value: token });
    const stations: Awaited<ReturnType<typeof dial>>[] = [];
    for (let index = 0; index < STATIONS; index += 100) {
      stations.push(...(await Promise.all(Array.from({ length: 100 }, (_, at) => dial(`POOL-${index + at}`)))));
    }
    const boots = stations.map((one) =>
      one.call('BootNotification', { chargePointVendor: 'E2E', chargePointModel: 'Pool' }),
    );
    const booted = await Promise.race([Promise.all(boots), late('1,000 boots', 60_000)]);
    expect(booted.filter((frame) => frame[0] !== 3)).toEqual([]);

    const timestamp = new Date(Date.now() - 60_000).toISOString();
    const starts = stations.map((one) =>
      one.call('StartTransaction', { connectorId: 1, idTag: token, meterStart: 0, timestamp }),
    );
    const started = await Promise.race([Promise.all(starts), late('1,000 starts', 60_000)]);
    const refused = started.filter(
      (frame) => (frame[2] as { idTagInfo?: { status?: string } }).idTagInfo?.status !== 'Accepted',
    );
    expect(refused).toEqual([]);

    await eventually('1,000 active sessions', 60_000, async () => {
      const active = await operator.all<SessionView>('sessions?status=active');
      expect(new Set(active.map((one) => one.station)).size).toBe(STATIONS);
    });
    for (const station of stations) station.close();
  },
);
