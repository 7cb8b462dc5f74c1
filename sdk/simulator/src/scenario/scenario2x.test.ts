import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stand2x, type Version } from '../../test/stand2x.ts';
import { run } from '../cli/run.ts';
import type { StepResult } from './run.ts';
import type { Step } from './schema.ts';

const folder = join(import.meta.dirname, '../../scenarios');
const sim = async (...args: string[]) => {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    live: false,
    interrupted: () => undefined,
  });
  return { code, out: out.join(''), err: err.join('') };
};

/** Stories of one version, and those of another that are told in it. */
const told: Readonly<Record<Version, readonly string[]>> = {
  'ocpp2.0.1': ['limited-from-outside.json', 'lost-line.json', 'plug-and-charge.json'],
  'ocpp2.1': ['plug-and-charge.json', 'power-cut.json', 'what-it-costs.json'],
};

describe.each<Version>(['ocpp2.0.1', 'ocpp2.1'])('pnpm sim scenario --ocpp for %s', (version) => {
  const at = stand2x(version);

  test.each(told[version])('%s runs to its end', async (name) => {
    at.csms.answers['TransactionEvent'] = (event) => ({ totalCost: Number(event['seqNo']) });
    const ocpp = version.slice('ocpp'.length);
    const { code, out } = await sim('scenario', join(folder, name), '--ocpp', ocpp, '--url', at.csms.url);
    expect([code, out.includes('FAILED') ? out : '']).toEqual([0, '']);
    expect(at.csms.handshakes.every((one) => one['sec-websocket-protocol'] === version)).toBe(true);
    expect(at.heard('TransactionEvent').at(-1)).toMatchObject({ eventType: 'Ended' });
    expect(at.mistakes()).toEqual([]);
  });
});

test('each example that is of 2.x is told here', () => {
  const of2x = readdirSync(folder).filter((name) => readFileSync(join(folder, name), 'utf8').includes('"ocpp2.'));
  const all = new Set(Object.values(told).flat());
  expect(of2x.filter((name) => name !== 'scenario.schema.json' && !all.has(name))).toEqual([]);
});

describe('what a scenario expects of cost and tariff', () => {
  const at = stand2x('ocpp2.1');

  test('fails with what is there', async () => {
    at.csms.answers['TransactionEvent'] = (event) => (event['eventType'] === 'Ended' ? { totalCost: 3.75 } : {});
    const story = JSON.parse(readFileSync(join(folder, 'what-it-costs.json'), 'utf8'));
    const { runScenario } = await import('./run.ts');
    const failures: (string | undefined)[] = [];
    for (const expected of [{ cost: { most: 3 } }, { tariff: 'NIGHT' }]) {
      const steps = [
        { do: 'start' as const },
        { do: 'charge' as const, token: 'T', wh: 100 },
        { do: 'settle' as const },
        { do: 'expect' as const, ...expected },
      ];
      const scenario = { ...story, steps };
      await runScenario(scenario, { url: at.csms.url, done: ({ failed }) => void failures.push(failed) });
    }
    expect(failures.filter((one) => one !== undefined)).toEqual([
      'the cost is 3.75, not from -Infinity to 3',
      'the tariff is undefined, not NIGHT',
    ]);
  });

  test('the station reckons what it comes to by the tariff that it was given', async () => {
    const story = JSON.parse(readFileSync(join(folder, 'what-it-costs.json'), 'utf8'));
    const { runScenario } = await import('./run.ts');
    const energy = { prices: [{ priceKwh: 4 }], taxRates: [{ type: 'vat', tax: 25 }] };
    const tariff = { tariffId: 'DAY', currency: 'SEK', energy };
    const tell = async (last: Step, given = true) => {
      const steps: Step[] = [
        { do: 'start' },
        ...(given ? [{ do: 'wait', for: 'command', where: { action: 'SetDefaultTariff' } } as const] : []),
        { do: 'charge', token: 'T', wh: 1_000 },
        { do: 'settle' },
        last,
      ];
      let why: string | undefined;
      const done = ({ step, failed }: StepResult): void => {
        if (step.do === 'start' && given) void at.csms.command('SetDefaultTariff', { evseId: 0, tariff });
        if (failed !== undefined) why = `${step.do}: ${failed}`;
      };
      await runScenario({ ...story, steps }, { url: at.csms.url, done });
      return why;
    };
    const reckoned = (wanted: object): Step => ({ do: 'expect', tariff: 'DAY', reckoned: wanted });
    // 1 kWh and what came until it stopped, for 4 and a quarter of VAT.
    expect(await tell(reckoned({ least: 5, most: 6, currency: 'SEK', final: true }))).toBeUndefined();
    expect(await tell(reckoned({ most: 4.99 }))).toMatch(
      /^expect: the reckoned cost is 5[.\d]*, not from -Infinity to 4.99$/,
    );
    expect(await tell(reckoned({ currency: 'EUR' }))).toBe('expect: the currency is SEK, not EUR');
    expect(await tell(reckoned({ final: false }))).toBe('expect: that the reckoned cost is final is true, not false');
    expect(await tell({ do: 'expect', reckoned: {} }, false)).toBe('expect: the station reckons no cost');
  });

  test('a version that there is not is named', async () => {
    const { code, err } = await sim('scenario', join(folder, 'lost-line.json'), '--ocpp', '3');
    expect([code, err]).toEqual([2, expect.stringContaining('--ocpp wants 1.6, 2.0.1 or 2.1, not "3"')]);
  });
});
