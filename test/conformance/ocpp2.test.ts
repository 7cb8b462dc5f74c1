import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { certificates } from '@plugga/plugin-certificates';
import { plugAndCharge } from '@plugga/plugin-plug-and-charge';
import { smartCharging } from '@plugga/plugin-smart-charging';
import { tariffs } from '@plugga/plugin-tariffs';
import { leapingClock, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../e2e/api.ts';
import { type TlsPlatform, tlsPlatform } from '../tls/tls-platform.ts';
import { cases as cases201 } from './ocpp201/cases/index.ts';
import { core as core201, list as list201, STUB_PASSES as STUB_PASSES_201 } from './ocpp201/list.ts';
import { added, cases as cases21 } from './ocpp21/cases/index.ts';
import { additions, list as list21, STUB_PASSES as STUB_PASSES_21 } from './ocpp21/list.ts';
import { setAuthority } from './script/authority.ts';
import type { Case } from './script/case.ts';
import type { Csms } from './script/csms.ts';
import { ours } from './script/ours.ts';
import { runCase, runTwin } from './script/run-case.ts';
import { startStub } from './script/stub.ts';

const full = process.env['PLUGGA_TEST'] === 'full';
/** Of each kind one always, with its twins; the others in the full run. */
const ALWAYS = new Set([
  ...['A_09', 'B_01', 'C_02', 'E_03', 'E_21', 'J_09', 'K_53', 'L_01', 'M_18', 'N_30'],
  ...['ReportDERControl', 'RequestBatterySwap', 'NotifyPeriodicEventStream'],
]);
const about = new Map(list21.map((it) => [it.id, it.about]));
/** All twins of these are played, the first of the others. */
const CORE = new Set([...core201, ...additions].map(({ id }) => id));
let platform: TlsPlatform;
let csms: Csms;
/** A case that waits is played at a platform of its own, whose clock leaps: one ahead of the true time would disturb the others. */
async function played<T>(it: Case, play: (at: Csms) => Promise<T>): Promise<T> {
  if (it.unasked !== true) return play(csms);
  const clock = leapingClock();
  await using ahead = await startPlatform({ adapters: [ocpp201, ocpp21], plugins: [tariffs], clock });
  return await play(ours({ url: ahead.url, key: ahead.adminKey, leap: clock.leap }));
}

beforeAll(async () => {
  platform = await tlsPlatform({
    adapters: [ocpp201, ocpp21],
    plugins: [tariffs, certificates, plugAndCharge, smartCharging],
    // Responders and services of a case are on this machine.
    env: { PLUGGA_EGRESS_ALLOW: 'localhost' },
  });
  const { url, adminKey: key } = platform.platform;
  await setAuthority(api(url, key));
  csms = ours({ url, key, tls: { url: platform.wssUrl, ca: platform.servers.cert } });
}, 60_000);
afterAll(() => platform.stop());

describe.each(
  [...cases201, ...added]
    .filter(({ id }) => full || ALWAYS.has(id))
    .map((it) => [it.version, it.id, about.get(it.id) ?? '', it] as const),
)('%s %s: %s', (_, __, ___, it) => {
  const options = it.unasked === true ? { timeout: 90_000 } : {};
  test('passes', options, async () => {
    expect(await played(it, (at) => runCase(it, at))).toEqual({ kind: 'passes' });
  });
  for (const twin of CORE.has(it.id) ? it.twins : it.twins.slice(0, 1))
    test(`fails where ${twin.breaks}`, options, async () => {
      expect(await played(it, (at) => runTwin(it, twin, at))).toBeUndefined();
    });
});

/** Those that do not pass, some at a time: each has stations of its own. */
async function failures(cases: readonly Case[], at: Csms): Promise<readonly string[]> {
  const left = [...cases];
  const found: string[] = [];
  const worker = async (): Promise<void> => {
    for (let it = left.shift(); it !== undefined; it = left.shift()) {
      const outcome = await runCase(it, at);
      if (outcome.kind !== 'passes') found.push(it.id);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return found;
}

test.runIf(full)('the core of 2.0.1 passes in 2.1 as well', { timeout: 120_000 }, async () => {
  const ids = new Set(core201.map(({ id }) => id));
  expect(
    await failures(
      cases21.filter(({ id }) => ids.has(id)),
      csms,
    ),
  ).toEqual([]);
});

test('each script is of the list, and none is there twice', () => {
  for (const [cases, list] of [
    [cases201, list201],
    [cases21, list21],
  ] as const) {
    const ids = list.map(({ id }) => id);
    expect(cases.map(({ id }) => id).filter((id) => !ids.includes(id))).toEqual([]);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    expect(new Set(ids).size).toBe(list.length);
  }
  expect(additions).toHaveLength(27);
});

test.runIf(full).each([
  ['2.0.1', cases201, STUB_PASSES_201],
  ['2.1', added, STUB_PASSES_21],
] as const)(
  'constants alone pass no more cases of %s than the page says',
  { timeout: 60_000 },
  async (_, cases, passes) => {
    const stub = await startStub();
    const failed = await failures(cases, stub.csms);
    await stub.stop();
    expect(cases.map(({ id }) => id).filter((id) => !failed.includes(id))).toEqual(passes);
  },
);
