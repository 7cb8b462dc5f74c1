import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  child,
  databaseGone,
  databaseProcesses,
  dataFolder,
  type Platform,
  adminKey,
  startPlatform,
} from './process.ts';

/** One data folder through its whole life; each test goes on from where the one before left it. */
let platform: Platform;
let folder: Awaited<ReturnType<typeof dataFolder>>;

beforeAll(async () => {
  folder = await dataFolder();
  platform = await startPlatform({ dataDir: folder.path });
}, 90_000);
afterAll(async () => {
  await platform.stop().catch(() => undefined);
  await folder.remove();
});

const readyz = async (): Promise<number> => (await fetch(`${platform.url}/readyz`)).status;

test('ready is a line with the address, and /readyz 200', async () => {
  expect(await readyz()).toBe(200);
  expect(databaseProcesses(folder.path).length).toBeGreaterThan(0);
});

test('a second live start on the same data is refused and says who holds it; the first goes on', async () => {
  const second = child(['core/src/bin.ts', 'start'], {
    PLUGGA_DATA: folder.path,
    PLUGGA_PORT: '0',
    PLUGGA_ADMIN_KEY: adminKey,
  });
  expect(await second.exited).not.toBe(0);
  expect(second.log()).toContain(String(platform.pid));
  expect(await readyz()).toBe(200);
}, 30_000);

test('after kill -9 the database ends by itself, and the next start on the data is ready within 20 s', async () => {
  await platform.kill();
  await databaseGone(folder.path, 10_000);
  platform = await startPlatform({ dataDir: folder.path, readyWithinMs: 20_000 });
  expect(await readyz()).toBe(200);
}, 60_000);

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s to the process group ends everything within 10 s, the database too',
  async (signal) => {
    expect(await platform.stop(signal)).toBeLessThan(10_000);
    expect(databaseProcesses(folder.path)).toEqual([]);
    platform = await startPlatform({ dataDir: folder.path, readyWithinMs: 20_000 });
  },
  60_000,
);
