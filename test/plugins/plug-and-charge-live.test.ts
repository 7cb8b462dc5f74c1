import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ocpp201 } from '@plugga/ocpp201';
import { billing } from '@plugga/plugin-billing';
import { plugAndCharge } from '@plugga/plugin-plug-and-charge';
import { smartCharging } from '@plugga/plugin-smart-charging';
import { tariffs } from '@plugga/plugin-tariffs';
import { type PlatformTest, startPlatform, testResponder, type TestResponder } from '@plugga/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { api, type Api, type InvoiceView, type SessionView } from '../e2e/api.ts';
import { eventually } from '../e2e/process.ts';

const simulator = join(import.meta.dirname, '../../sdk/simulator');
const emaid = 'SEPLGC000000017';

let platform: PlatformTest;
let operator: Api;
let responder: TestResponder;
let folder: string;
// A platform and a simulator of its own: too long for every run.
describe.runIf(process.env['PLUGGA_TEST'] === 'full')('over its socket', () => {
  beforeAll(async () => {
    responder = await testResponder();
    folder = await mkdtemp(join(tmpdir(), 'plugga-contract-'));
    platform = await startPlatform({
      adapters: [ocpp201],
      // Of a station whose clock is behind ours the car is planned for as well.
      plugins: [tariffs, billing, plugAndCharge, smartCharging],
      env: { PLUGGA_ONBOARDING: 'open', PLUGGA_EGRESS_ALLOW: new URL(responder.url).host },
    });
    operator = api(platform.url, platform.adminKey);
    await operator.post('tokens', { type: 'eMAID', value: emaid });
  }, 90_000);
  afterAll(async () => {
    responder.close();
    await platform.stop();
    await rm(folder, { recursive: true, force: true });
  });

  type Step = { readonly do: string; readonly [more: string]: unknown };
  /** Plays the simulator's own scenario with a car that holds that contract; gives what it prints, and how it ended. */
  const played = async (chain: string, tell: (steps: readonly Step[]) => readonly Step[] = (it) => it) => {
    const story = JSON.parse(await readFile(join(simulator, 'scenarios/plug-and-charge.json'), 'utf8'));
    story.steps.find((step: Step) => step.do === 'plugIn').car.iso15118.contract.chain = chain;
    const file = join(folder, 'story.json');
    await writeFile(file, JSON.stringify({ ...story, $schema: undefined, steps: tell(story.steps) }));
    const program = [join(simulator, 'src/bin.ts'), 'scenario', file, '--url', platform.wsUrl];
    return promisify(execFile)(process.execPath, program, { timeout: 90_000 }).then(
      ({ stdout }) => ({ stdout, code: 0 }),
      ({ stdout, code }: { readonly stdout?: string; readonly code?: number }) => ({ stdout, code }),
    );
  };

  test(
    'a car with a contract is plugged in, charges and is billed; one that is revoked is not',
    { timeout: 200_000 },
    async () => {
      const provider = responder.operator('Provider');
      const { chain } = provider.contract(emaid);
      await operator.post('contract-roots', { use: 'mo', certificate: provider.root });
      expect(await played(chain)).toMatchObject({ code: 0 });
      const session = await eventually('the session is closed', 30_000, async () => {
        const [one] = await operator.all<SessionView>('sessions?station=STORY4&status=closed');
        expect(one).toMatchObject({ token: { type: 'eMAID', last4: '0017' } });
        return one!;
      });
      expect(session.energyWh).toBeGreaterThan(500);
      const bill = await eventually('the bill', 30_000, async () => {
        const [one] = await operator.all<InvoiceView>(`invoices?session=${session.id}`);
        expect(one).toBeDefined();
        return one;
      });
      expect(bill).toMatchObject({ kind: 'invoice', energyWh: session.energyWh });

      // What was said of it holds for an hour: another contract of the same driver.
      const other = provider.contract(emaid);
      responder.revoked.add(other.serial);
      const refused: Step = { do: 'wait', for: 'authorized', where: { idTag: emaid, status: 'Invalid' } };
      expect(await played(other.chain, ([start, plugIn]) => [start!, plugIn!, refused])).toMatchObject({ code: 0 });
      await eventually('the answer of the platform', 30_000, async () => {
        const frames = await operator.raw('GET', 'frames?station=STORY4&limit=20');
        expect(await frames.text()).toContain('CertificateRevoked');
      });
      expect(await operator.all('sessions?station=STORY4&status=active')).toEqual([]);
    },
  );
});
