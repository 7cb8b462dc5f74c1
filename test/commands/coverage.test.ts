import { readFileSync } from 'node:fs';
import { ocpp16 } from '@plugga/ocpp16';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../e2e/api.ts';
import { dataFolder, type Platform, startPlatform } from '../e2e/process.ts';
import { answeringStation, type AnsweringStation } from './answering-station.ts';
import { coveragePage } from './coverage-page.ts';
import { rows } from './coverage-rows.ts';
import { tlsFiles } from '../tls/tls-platform.ts';
import { createWalk, type Walk } from './walk.ts';

let folder: Awaited<ReturnType<typeof dataFolder>>;
let platform: Platform;
let station: AnsweringStation;
let walk: Walk;
let tls: Awaited<ReturnType<typeof tlsFiles>>;
const others: AnsweringStation[] = [];
const token = 'COVERAGE00000001';
beforeAll(async () => {
  folder = await dataFolder();
  tls = await tlsFiles();
  platform = await startPlatform({ dataDir: folder.path, env: { PLUGGA_ONBOARDING: 'open', ...tls.env } });
  const operator = api(platform.url);
  await operator.post('tokens', { type: 'RFID', value: token });
  station = await answeringStation(`${platform.ocpp}/COVERAGE-1`, { boots: false });
  const overTls = async () => {
    const identity = 'COVERAGE-TLS';
    const ca = tls.servers.cert;
    const own = tls.stations.issue(identity);
    const url = `${platform.ocppTls}/${identity}`;
    const before = await answeringStation(url, { tls: { ca } });
    others.push(before);
    return {
      walk: createWalk({ identity, token, operator, station: before, overTls }),
      certificate: own.cert,
      shows: async () => void others.push(await answeringStation(url, { tls: { ca, ...own } })),
    };
  };
  walk = createWalk({ identity: 'COVERAGE-1', token, operator, station, overTls });
}, 90_000);
afterAll(async () => {
  await Promise.all([station, ...others].map((it) => it.close()));
  await platform.stop();
  await folder.remove();
  await tls.remove();
});

describe('each action does what docs/ocpp-coverage.md says', () => {
  test.each(rows.map((row) => [`${row.action} from ${row.from}`, row] as const))(
    '%s',
    { timeout: 40_000 },
    async (_, row) => row.walk(walk),
  );
});

test('the page has every action of OCPP 1.6 and of its security extension, and says what it says of each', () => {
  const named = new Set(rows.map(({ action }) => action));
  // What the station can say, and what only we say to it.
  expect([...named].toSorted()).toEqual([...new Set([...Object.keys(ocpp16.inbound), ...ocpp16.known])].toSorted());
  expect(named.size).toBe(39);
  const words = (text: string): string => text.replaceAll(/[\s-]+/g, ' ');
  const page = readFileSync(new URL('../../docs/ocpp-coverage.md', import.meta.url), 'utf8');
  expect(words(page)).toBe(words(coveragePage()));
});
