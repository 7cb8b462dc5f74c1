import { ocpp16 } from '@plugga/ocpp16';
import { certificates } from '@plugga/plugin-certificates';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api } from '../../e2e/api.ts';
import { type TlsPlatform, tlsPlatform } from '../../tls/tls-platform.ts';
import { cases } from './cases/index.ts';
import type { Csms } from '../script/csms.ts';
import { list, STUB_PASSES } from './list.ts';
import { ours } from '../script/ours.ts';
import { setAuthority } from '../script/authority.ts';
import { runCase, runTwin } from '../script/run-case.ts';
import { startStub } from '../script/stub.ts';

const full = process.env['PLUGGA_TEST'] === 'full';
const about = new Map(list.map((it) => [it.id, it]));
let platform: TlsPlatform;
let csms: Csms;

beforeAll(async () => {
  platform = await tlsPlatform({ adapters: [ocpp16], plugins: [certificates] });
  const { url, adminKey: key } = platform.platform;
  await setAuthority(api(url, key));
  csms = ours({ url, key, tls: { url: platform.wssUrl, ca: platform.servers.cert } });
}, 60_000);
afterAll(() => platform.stop());

describe.each(cases.map((it) => [`TC_${it.id}`, about.get(it.id)?.about ?? 'not on the list', it] as const))(
  '%s: %s',
  (_, __, it) => {
    test('passes', async () => {
      expect(await runCase(it, csms)).toEqual({ kind: 'passes' });
    });
    // Those of one group always, so that what makes them fail is itself looked at; the others in the full run.
    const twins = full || about.get(it.id)?.group === 'Boot and session' ? it.twins : [];
    for (const twin of twins)
      test(`fails where ${twin.breaks}`, async () => {
        expect(await runTwin(it, twin, csms)).toBeUndefined();
      });
  },
);

test('there are 77 cases, each with a script', () => {
  expect(list).toHaveLength(77);
  expect(new Set(list.map(({ id }) => id)).size).toBe(77);
  expect(cases.map(({ id }) => id).toSorted()).toEqual(list.map(({ id }) => id).toSorted());
});

test.runIf(full)('constants alone pass no more cases than the page says', { timeout: 60_000 }, async () => {
  const stub = await startStub();
  const outcomes = await Promise.all(cases.map(async (it) => ({ id: it.id, outcome: await runCase(it, stub.csms) })));
  await stub.stop();
  expect(outcomes.filter(({ outcome }) => outcome.kind === 'passes').map(({ id }) => id)).toEqual(STUB_PASSES);
  expect(STUB_PASSES.length / list.length).toBeLessThanOrEqual(0.05);
});
