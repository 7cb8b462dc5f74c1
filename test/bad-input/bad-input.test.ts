import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { adminKey, dataFolder, startPlatform, type Platform } from '../e2e/process.ts';
import { cases } from './cases.ts';
import { api, play, type Target, type Tokens } from './play.ts';

const full = process.env.PLUGGA_TEST === 'full';
const SIDE_BY_SIDE = 8;

let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: Platform;
let target: Target;
let tokens: Tokens;

beforeAll(async () => {
  folder = await dataFolder();
  platform = await startPlatform({ dataDir: folder.path });
  target = {
    wsUrl: platform.ocpp,
    apiUrl: platform.url,
    adminKey,
    restart: async () => {
      await platform.kill();
      platform = await startPlatform({ dataDir: folder.path, port: platform.port });
    },
  };
  const token = async (value: string, o: object = {}): Promise<string> => {
    await api(target, 'POST', 'tokens', { value, ...o });
    return value;
  };
  tokens = {
    tag: await token('BADINPUTTAG0001'),
    blocked: await token('BADINPUTTAG0002', { status: 'blocked' }),
    expired: await token('BADINPUTTAG0003', { status: 'expired' }),
  };
}, 90_000);

afterAll(async () => {
  await platform.stop();
  await folder.remove();
});

describe('bad input', () => {
  test(
    'every case of the table gets its answer and leaves its state, and nobody else is harmed',
    { timeout: 400_000 },
    async () => {
      const played = cases.filter((it) => full || it.slow !== true);
      const bystander = await standBy();
      const failures: string[] = [];
      let next = 0;
      const queue = played.filter((it) => it.alone !== true);
      const one = async (it: (typeof cases)[number]): Promise<void> => {
        await play(it, target, tokens, `${it.id}-${cases.indexOf(it)}`).catch((error: unknown) =>
          failures.push(error instanceof Error ? error.message : String(error)),
        );
      };
      // The long ones first, so that the others run beside them.
      queue.sort((a, b) => Number(b.slow ?? false) - Number(a.slow ?? false));
      const lane = async (): Promise<void> => {
        for (let it = queue[next++]; it !== undefined; it = queue[next++]) await one(it);
      };
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, lane));
      expect(bystander.end(), 'the station beside them was answered all the time').toBeLessThan(2000);
      for (const it of played.filter((it) => it.alone === true)) await one(it);
      const waiting = cases.length - played.length;
      console.log(
        `bad input: ${played.length - failures.length} of ${played.length} cases as expected, of ${new Set(played.map((it) => it.id)).size} kinds` +
          (waiting === 0 ? '' : `, ${waiting} only in the full run`),
      );
      expect(failures.join('\n\n')).toBe('');
    },
  );
});

/** A station that only beats its heart; `end` gives its longest wait for an answer in ms. */
async function standBy() {
  await api(target, 'POST', 'stations', { identity: 'bystander', securityProfile: 0 });
  const ws = new WebSocket(`${target.wsUrl}/bystander`, ['ocpp1.6']);
  await new Promise((done) => ws.once('open', done));
  let longest = 0;
  let asked = 0;
  const ask = (): void => {
    asked = performance.now();
    ws.send('[2,"beat","Heartbeat",{}]');
  };
  ws.on('message', () => {
    longest = Math.max(longest, performance.now() - asked);
    timer = setTimeout(ask, 100);
  });
  let timer = setTimeout(ask, 0);
  return {
    end: (): number => {
      clearTimeout(timer);
      if (ws.readyState !== WebSocket.OPEN) return Infinity;
      ws.terminate();
      return longest;
    },
  };
}
