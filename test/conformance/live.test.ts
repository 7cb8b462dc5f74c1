import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminKey, child } from '../e2e/process.ts';
import { cases as cases201 } from './ocpp201/cases/index.ts';
import { cases as cases21 } from './ocpp21/cases/index.ts';
import type { Case } from './script/case.ts';
import type { Csms } from './script/csms.ts';
import { hooked } from './script/hooked.ts';
import { type Live, startLive } from './script/live.ts';
import { type Outcome, runCase } from './script/run-case.ts';

const here = import.meta.dirname;
const operator = `'${process.execPath}' '${join(here, 'operator-step.ts')}'`;

/** A few of each version, so that every step of the operator is done, and TLS is spoken. */
const FEW = {
  '2.0.1': { cases: cases201, ids: ['A_04', 'B_30', 'C_52', 'M_26'] },
  '2.1': { cases: cases21, ids: ['C_39', 'I_02', 'RequestBatterySwap'] },
} as const;

describe.runIf(process.env['PLUGGA_TEST'] === 'full')('cases against a process that runs', () => {
  let live: Live;
  /** By the step's own settings, as `pnpm conformance` hands them on. */
  const env = () => ({ PLUGGA_URL: live.platform.url, PLUGGA_KEY: adminKey });
  beforeAll(async () => {
    live = await startLive();
  }, 90_000);
  afterAll(() => live.stop());

  /** pnpm conformance: its exit code, its last line, and every other line that is not of a case that passes. */
  async function conformance(...args: readonly string[]) {
    const { platform, ca } = live;
    const run = child([join(here, 'run.ts'), '--tls', platform.ocppTls!, '--ca', ca, ...args], env());
    const [count] = await run.line(`conformance ${args.join(' ')}`, /\d+ pass, .*/, 60_000);
    const lines = run.log().split('\n');
    const others = lines.filter((line) => line !== '' && line !== count && !line.endsWith(': passes'));
    return { code: await run.exited, count, others };
  }
  const allOf = (few: { readonly ids: readonly string[] }) => ({
    ...{ code: 0, count: `${few.ids.length} pass, 0 fail, 0 not run, 0 have no script`, others: [] },
  });
  const against = (hook: string | undefined): Csms =>
    hooked({ url: live.platform.ocpp, tls: live.csms.tls, patienceMs: 10_000, hook });
  const hook = () =>
    `${Object.entries(env())
      .map(([name, value]) => `${name}='${value}'`)
      .join(' ')} ${operator}`;
  async function notPassing(
    few: (typeof FEW)[keyof typeof FEW],
    at: Csms,
  ): Promise<readonly (Outcome & { id: string })[]> {
    const found: (Outcome & { id: string })[] = [];
    for (const id of few.ids) {
      const outcome = await runCase(caseOf(few.cases, id), at);
      if (outcome.kind !== 'passes') found.push({ id, ...outcome });
    }
    return found;
  }

  test('2.0.1 by pnpm conformance --api, looked at whole', { timeout: 90_000 }, async () => {
    const at = ['--ocpp', '2.0.1', '--api', live.platform.url, '--key', adminKey];
    expect(await conformance(...at, ...FEW['2.0.1'].ids)).toEqual(allOf(FEW['2.0.1']));
  });
  test('2.1 in the same way', { timeout: 90_000 }, async () => {
    expect(await notPassing(FEW['2.1'], live.csms)).toEqual([]);
  });

  test('2.1 by pnpm conformance --against, with the operator of a Plugga', { timeout: 90_000 }, async () => {
    const at = ['--ocpp', '2.1', '--against', live.platform.ocpp, '--operator', operator];
    expect(await conformance(...at, ...FEW['2.1'].ids)).toEqual(allOf(FEW['2.1']));
  });
  test('2.0.1 in the same way', { timeout: 90_000 }, async () => {
    expect(await notPassing(FEW['2.0.1'], against(hook()))).toEqual([]);
  });

  test('an operator who cannot do a step fails the case at that step', async () => {
    expect(await runCase(caseOf(cases201, 'C_39'), against('exit 3'))).toMatchObject({
      ...{ kind: 'fails', why: "the operator's token: the hook ended with 3" },
    });
  });

  test('without an operator, what needs one is not run', async () => {
    expect(await runCase(caseOf(cases201, 'C_39'), against(undefined))).toEqual({
      kind: 'notRun',
      needs: 'an operator',
    });
  });
});

const caseOf = (cases: readonly Case[], wanted: string): Case => cases.find(({ id }) => id === wanted)!;
