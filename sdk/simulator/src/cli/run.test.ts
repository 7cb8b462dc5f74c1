import { afterEach, beforeEach, expect, test } from 'vitest';
import { testCsms, type TestCsms } from '../../test/csms.ts';
import { run } from './run.ts';

let csms: TestCsms;
beforeEach(async () => {
  csms = await testCsms();
});
afterEach(() => csms.close());

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

test('each visit of each station is one line of JSON, with what its meter measured', async () => {
  const fast = ['--url', csms.url, '--speed', '3600', '--within', '20'];
  const { code, out } = await sim(...fast, '--count', '3', '--sessions', '2', '--json');
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(code).toBe(0);
  expect(lines).toHaveLength(6);
  for (const line of lines) {
    expect(line.acknowledged).toBe(true);
    expect(line.energyWh).toBe(line.meterStopWh - line.meterStartWh);
    expect(line.energyWh).toBeGreaterThan(1_000);
  }
  const stops = csms.heard.filter((call) => call.action === 'StopTransaction');
  expect(stops.map((call) => call.payload['meterStop']).sort()).toEqual(lines.map((line) => line.meterStopWh).sort());
});

test('a run that cannot finish ends at its time, says so and exits 1', async () => {
  csms.answers['StopTransaction'] = () => undefined;
  const { code, err } = await sim('--url', csms.url, '--speed', '3600', '--within', '2', '--minutes', '5');
  expect(code).toBe(1);
  expect(err).toMatch(/not finished after 2 s|undelivered messages/);
});

test('a mixed fleet charges as stations of every kind do, the same for the same seed', async () => {
  const mixed = [
    '--url',
    csms.url,
    '--speed',
    '3600',
    '--within',
    '60',
    '--count',
    '120',
    '--profile',
    'mixed',
    '--json',
  ];
  const { code, out, err } = await sim(...mixed, '--minutes', '10');
  expect(err).toMatch(/120\/120 online .* 120 finished .* \d+ frames\n$/);
  const lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect([code, lines.length, lines.every((line) => line.acknowledged)]).toEqual([0, 120, true]);
  const makes = lines.map((line) => line.make);
  expect(new Set(makes).size).toBeGreaterThan(20);
  const again = await sim(...mixed, '--sessions', '0', '--within', '1');
  expect(again.code).toBe(0);
  const boots = (identity: string) =>
    csms.heard.filter((call) => call.identity === identity && call.action === 'BootNotification');
  for (const { station } of lines.slice(0, 10)) {
    const models = boots(station).map((call) => call.payload['chargePointModel']);
    expect(new Set(models).size).toBeLessThanOrEqual(1);
  }
}, 90_000);

test('the makes are listed; one that there is not is named with those that there are', async () => {
  expect((await sim('--profile', 'list')).out).toMatch(/^keba-group {11}A group/m);
  expect(await sim('--profile', 'tesla')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/no personality "tesla"; .*keba-group/),
  });
});

test('a wrong option is named and exits 2', async () => {
  expect(await sim('--count', 'many')).toMatchObject({
    code: 2,
    err: expect.stringContaining('--count wants a number'),
  });
  expect((await sim('--colour', 'red')).code).toBe(2);
});
