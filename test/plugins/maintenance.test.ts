import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ocpp16 } from '@plugga/ocpp16';
import { maintenance } from '@plugga/plugin-maintenance';
import { virtualStation, type StationOptions, type VirtualStation } from '@plugga/simulator';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';

let platform: PlatformTest;
let operator: Api;
let images: Server;
let imagesUrl: string;
/** Which downloads are answered 404, by their number. */
let failing: ReadonlySet<number> = new Set();
let downloads = 0;
const stations: VirtualStation[] = [];

beforeAll(async () => {
  platform = await startPlatform({ adapters: [ocpp16], plugins: [maintenance], env: { PLUGGA_ONBOARDING: 'open' } });
  operator = api(platform.url, platform.adminKey);
  images = createServer((_, response) => {
    downloads += 1;
    if (failing.has(downloads)) response.writeHead(404).end();
    else response.writeHead(200).end('image 2.0.0');
  });
  await new Promise<void>((resolve) => images.listen(0, '127.0.0.1', resolve));
  imagesUrl = `http://127.0.0.1:${(images.address() as AddressInfo).port}/2.0.0.bin`;
}, 60_000);
afterAll(async () => {
  for (const station of stations) station.close();
  images.close();
  await platform.stop();
});

const connect = async (identity: string, o: Partial<StationOptions> = {}): Promise<VirtualStation> => {
  const station = virtualStation({ url: platform.wsUrl, identity, ...o });
  stations.push(station);
  await station.start();
  return station;
};
interface Campaign {
  readonly id: string;
  readonly status: string;
  readonly reason: string | null;
  readonly wave: number;
  readonly waves: number;
  readonly stations: Readonly<Record<string, number>>;
}
interface Target {
  readonly station: string;
  readonly wave: number;
  readonly status: string;
  readonly detail: string | null;
}
const begin = (campaign: object): Promise<Campaign> =>
  operator.post('firmware-campaigns', { name: 'two', firmware: { url: imagesUrl }, ...campaign });
const over = (id: string): Promise<Campaign> =>
  eventually('the end of the campaign', 90_000, async () => {
    const now = await operator.get<Campaign>(`firmware-campaigns/${id}`);
    expect(now.status).not.toBe('running');
    return now;
  });
const targetsOf = async (id: string): Promise<readonly Target[]> =>
  (await operator.get<{ items: readonly Target[] }>(`firmware-campaigns/${id}/stations`)).items;

describe('a firmware campaign', () => {
  test(
    'over 50 stations in waves stops by its rule at the sixth failure, says why, and goes no further',
    { timeout: 180_000 },
    async () => {
      const identities = Array.from({ length: 50 }, (_, n) => `FW-${String(n + 1).padStart(2, '0')}`);
      await Promise.all(identities.map((it) => connect(it, { firmware: '1.0.0' })));
      // None of the first wave of five; six of the second, of twenty.
      downloads = 0;
      failing = new Set([7, 9, 11, 13, 15, 17]);
      const { id } = await begin({ stations: identities, waves: [10, 50, 100], stop: { failures: 5 } });
      const end = await over(id);
      expect(end).toMatchObject({ status: 'stopped', wave: 2, waves: 3 });
      expect(end.reason).toMatch(/^6 of 50 stations failed, 5 may/);
      // Whoever was asked already comes to its end; nobody of the third wave hears of it.
      const settled = await eventually('the end of the second wave', 60_000, async () => {
        const targets = await targetsOf(id);
        expect(targets.filter(({ status }) => status === 'asked' || status === 'accepted')).toEqual([]);
        return targets;
      });
      const count = (wave: number, status: string) =>
        settled.filter((it) => it.wave === wave && it.status === status).length;
      expect([count(1, 'installed'), count(1, 'failed')]).toEqual([5, 0]);
      expect([count(2, 'installed'), count(2, 'failed')]).toEqual([14, 6]);
      expect(count(3, 'waiting')).toBe(25);
      expect(new Set(settled.filter(({ status }) => status === 'failed').map(({ detail }) => detail))).toEqual(
        new Set(['downloadFailed']),
      );
      expect(downloads).toBe(25);
      const updated = await operator.all<{ firmware: string }>('stations?identity=FW-');
      expect(updated.filter(({ firmware }) => firmware === '2.0.0')).toHaveLength(19);

      // The image is mended: those that failed are one more wave, after the one that never began.
      failing = new Set();
      await operator.post(`firmware-campaigns/${id}/retry`);
      expect(await over(id)).toMatchObject({ status: 'done', reason: null, stations: { installed: 50, failed: 0 } });
    },
  );

  test(
    'counts out who is not there, can be paused and gone on with, and is refused what makes no sense',
    { timeout: 60_000 },
    async () => {
      const gone = await connect('GONE-1');
      gone.close();
      await connect('THERE-1');
      await connect('THERE-2');
      await eventually('GONE-1 to be offline', 20_000, async () =>
        expect(await operator.get('stations/GONE-1')).toMatchObject({ online: false }),
      );
      const { id } = await begin({
        stations: ['GONE-1', 'THERE-1', 'THERE-2'],
        waves: [50, 100],
        stop: { percent: 0 },
      });
      expect(await over(id)).toMatchObject({ status: 'done', stations: { absent: 1, installed: 2 } });
      expect(await operator.raw('POST', `firmware-campaigns/${id}/pause`, {})).toMatchObject({ status: 409 });

      const { id: paused } = await begin({ stations: ['THERE-1', 'THERE-2'], waves: [50, 100] });
      await operator.post(`firmware-campaigns/${paused}/pause`);
      await eventually('the first wave to end while paused', 30_000, async () =>
        expect((await targetsOf(paused)).map(({ status }) => status)).toEqual(['installed', 'waiting']),
      );
      await operator.post(`firmware-campaigns/${paused}/resume`);
      expect(await over(paused)).toMatchObject({ status: 'done', stations: { installed: 2 } });

      const { items } = await operator.get<{ items: Campaign[] }>('firmware-campaigns');
      expect(items.slice(0, 2)).toMatchObject([
        { id: paused, stations: { installed: 2, absent: 0 } },
        { id, waves: 2, stations: { installed: 2, absent: 1 } },
      ]);

      const refused = async (campaign: object) => {
        const answer = await operator.raw('POST', 'firmware-campaigns', {
          name: 'x',
          firmware: { url: imagesUrl },
          ...campaign,
        });
        return [answer.status, await answer.text()] as const;
      };
      expect(await refused({ stations: ['NOBODY'] })).toEqual([404, expect.stringContaining('NOBODY')]);
      expect(await refused({ stations: ['THERE-1'], waves: [50, 20, 100] })).toEqual([
        400,
        expect.stringContaining('rising'),
      ]);
      expect(await refused({ stations: ['THERE-1'], waves: [50] })).toEqual([
        400,
        expect.stringContaining('the last 100'),
      ]);
      expect(await refused({ stations: ['THERE-1'], firmware: { url: 'gopher://x/' } })).toEqual([
        400,
        expect.anything(),
      ]);
      expect(await refused({ stations: ['THERE-1'], firmware: { url: imagesUrl, signature: 'AAAA' } })).toEqual([
        400,
        expect.stringContaining('signature and certificate'),
      ]);
    },
  );

  test(
    'with a signature that is not the maker’s is refused by the station, and seen',
    { timeout: 60_000 },
    async () => {
      await connect('SIGNED-1');
      const certificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
      const { id } = await begin({
        stations: ['SIGNED-1'],
        firmware: { url: imagesUrl, signature: 'AAAA', certificate },
        stop: { failures: 0 },
      });
      expect(await over(id)).toMatchObject({ status: 'stopped', stations: { failed: 1 } });
      const [target] = await targetsOf(id);
      expect(target?.detail).toMatch(/InvalidCertificate|RevokedCertificate|invalidSignature/i);
    },
  );
});
