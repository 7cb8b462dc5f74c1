import { ocpp201 } from '@plugga/ocpp201';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TlsPlatform, tlsPlatform } from '../../tls/tls-platform.ts';
import type { Csms } from '../script/csms.ts';
import { ours } from '../script/ours.ts';
import { runCase, runTwin } from '../script/run-case.ts';
import { startStub } from '../script/stub.ts';
import { cases } from './cases/index.ts';
import { list, STUB_PASSES } from './list.ts';

const full = process.env['PLUGGA_TEST'] === 'full';
/** Of each kind one always, with its twins; the others in the full run. */
const ALWAYS = new Set(['A_09', 'B_01', 'C_02', 'E_03', 'E_21', 'J_09', 'L_01', 'M_18']);
const about = new Map(list.map((it) => [it.id, it.about]));
let platform: TlsPlatform;
let csms: Csms;

beforeAll(async () => {
  platform = await tlsPlatform({ adapters: [ocpp201], plugins: [] });
  const { url, adminKey: key } = platform.platform;
  csms = ours({ url, key, tls: { url: platform.wssUrl, ca: platform.servers.cert } });
}, 60_000);
afterAll(() => platform.stop());

describe.each(
  cases.filter(({ id }) => full || ALWAYS.has(id)).map((it) => [`TC_${it.id}`, about.get(it.id) ?? '', it] as const),
)('%s: %s', (_, __, it) => {
  test('passes', async () => {
    expect(await runCase(it, csms)).toEqual({ kind: 'passes' });
  });
  for (const twin of it.twins)
    test(`fails where ${twin.breaks}`, async () => {
      expect(await runTwin(it, twin, csms)).toBeUndefined();
    });
});

test('each script is of the list, and none is there twice', () => {
  expect(cases.map(({ id }) => id).filter((id) => !about.has(id))).toEqual([]);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
});

test.runIf(full)('constants alone pass no more cases than the page says', { timeout: 60_000 }, async () => {
  const stub = await startStub();
  const outcomes = await Promise.all(cases.map(async (it) => ({ id: it.id, outcome: await runCase(it, stub.csms) })));
  await stub.stop();
  expect(outcomes.filter(({ outcome }) => outcome.kind === 'passes').map(({ id }) => id)).toEqual(STUB_PASSES);
});
