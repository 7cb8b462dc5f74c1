import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { startPlatform } from '@plugga/testing';
import { expect, test } from 'vitest';
import { lockDataFolder } from './data-lock.ts';

// What other systems do works here too, except for the pipes of Windows.
test.each(['linux', 'darwin'] as const)('one process a data folder, as on %s', async (platform) => {
  const folder = `/data/of/${platform}-${process.pid}`;
  const lock = await lockDataFolder(folder, platform);
  await expect(lockDataFolder(folder, platform)).rejects.toMatchObject({
    code: 'data-in-use',
    details: { pid: process.pid },
  });
  await lock.release();
  await (await lockDataFolder(folder, platform)).release();
});

test('where the name of a holder that was killed stays behind, it is taken over', async () => {
  const folder = `/data/of/killed-${process.pid}`;
  const name = `plugga-data-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}.sock`;
  const path = join(tmpdir(), name);
  const listenAndDie = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
  spawnSync(process.execPath, ['-e', listenAndDie]);
  expect(existsSync(path)).toBe(true);
  await (await lockDataFolder(folder, 'darwin')).release();
});

test('with a database of its own too, a second live start on the data folder is refused: its journal has one writer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plugga-lock-'));
  const first = await startPlatform({ env: { PLUGGA_DATA: folder } });
  await expect(startPlatform({ env: { PLUGGA_DATA: folder } })).rejects.toMatchObject({ code: 'data-in-use' });
  await first.stop();
  await (await startPlatform({ env: { PLUGGA_DATA: folder } })).stop();
  await rm(folder, { recursive: true });
});
