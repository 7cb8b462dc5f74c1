import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { stand } from '../../test/stand.ts';
import { run } from '../cli/run.ts';
import { readFrames } from '../recording/frames.ts';
import { actions } from './actions.ts';
import { readScenario } from './read.ts';
import { formatOf, stepNames } from './schema.ts';

const at = stand();
const folder = join(import.meta.dirname, '../../scenarios');
/** Those of 1.6; the others are told in scenario2x.test.ts. */
const examples = readdirSync(folder).filter(
  (name) =>
    name.endsWith('.json') && !name.includes('schema') && !readFileSync(join(folder, name), 'utf8').includes('"ocpp2.'),
);
let own: string;
beforeEach(() => {
  own = mkdtempSync(join(tmpdir(), 'scenario-'));
});
afterEach(() => rmSync(own, { recursive: true }));

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
const aScenario = (o: { stations?: unknown[]; steps?: unknown[] } & Record<string, unknown> = {}) => ({
  name: 'a story',
  speed: 600,
  behindSeconds: 864_000,
  within: 5,
  stations: [{ identity: 'S1' }],
  steps: [{ do: 'start' }],
  ...o,
});
const fileOf = (scenario: unknown): string => {
  const path = join(own, 'a.json');
  writeFileSync(path, typeof scenario === 'string' ? scenario : JSON.stringify(scenario));
  return path;
};
const tell = (...steps: unknown[]) =>
  sim('scenario', fileOf(aScenario({ steps: [{ do: 'start' }, ...steps] })), '--url', at.csms.url);

describe('the examples', () => {
  test('are three at least, and each runs to its end', async () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
    for (const name of examples) {
      const { code, out } = await sim('scenario', join(folder, name), '--url', at.csms.url);
      expect([name, code, out.includes('FAILED')]).toEqual([name, 0, false]);
    }
  });

  test('the schema beside them is the one of the format: pnpm sim scenario --schema', async () => {
    const { out } = await sim('scenario', '--schema');
    expect(JSON.parse(out)).toEqual(formatOf());
    expect(JSON.parse(readFileSync(join(folder, 'scenario.schema.json'), 'utf8'))).toEqual(formatOf());
  });
});

test('the scenario of the README is one', () => {
  const readme = readFileSync(join(folder, '../README.md'), 'utf8');
  const [, block = ''] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
  expect(readScenario(block)).toMatchObject({ ok: true, scenario: { stations: [{ make: 'keba-group' }] } });
});

describe('a step', () => {
  test('each one of the format does something', () => {
    expect(Object.keys(actions).sort()).toEqual([...stepNames].sort());
  });

  test('that does not come true ends the story, and is named with what was there', async () => {
    const { code, out } = await tell({ do: 'expect', transactions: 2, note: 'two visits' }, { do: 'offline' });
    expect(code).toBe(1);
    expect(out).toBe(
      'ok       1 start\nFAILED   2 expect  two visits\n           the number of transactions is 0, not 2\n',
    );
  });

  test.each([
    [{ do: 'present', token: 'T', gives: 'Blocked' }, 'the token was answered Accepted, not Blocked'],
    [
      { do: 'send', action: 'Heartbeat', payload: {}, gives: { currentTime: 'never' } },
      /Heartbeat was answered .* not \{"currentTime":"never"\}/,
    ],
    [{ do: 'wait', for: 'metered', count: 2, within: 0.2 }, 'stalled: metered came 0 of 2 times in 0.2 s'],
    [{ do: 'stop' }, 'connector 1 of S1 is not charging'],
    [{ do: 'expect', energyWh: { least: 5 } }, 'the energy is 0 Wh, not from 5 to Infinity'],
  ])('%j fails with %s', async (step, why) => {
    const { code, out } = await tell(step);
    expect([code, out]).toEqual([1, expect.stringMatching(why)]);
  });

  test('faults and claims reach the wire', async () => {
    const { code } = await tell(
      { do: 'begin', token: 'T' },
      { do: 'wait', for: 'startAnswered' },
      { do: 'clockLost' },
      { do: 'stop', transactionId: null, reason: 'Other' },
      { do: 'settle' },
      { do: 'securityEvent', type: 'MemoryExhaustion' },
      { do: 'wait', for: 'told', where: { action: 'SecurityEventNotification' } },
      { do: 'sendText', text: '[2,"raw","Heartbeat",{}]' },
      { do: 'send', action: 'Heartbeat', payload: {} },
    );
    expect(code).toBe(0);
    expect(at.heard('StopTransaction')[0]).toMatchObject({
      transactionId: null,
      timestamp: expect.stringMatching(/^1970/),
    });
    expect(at.csms.heard.some((call) => call.id === 'raw')).toBe(true);
  });
});

describe('a file that is wrong', () => {
  test.each([
    ['{', /^no JSON: /],
    [aScenario({ steps: [{ do: 'dance' }] }), /^steps\[0\]\.do: no such step; there are start, plugIn, /],
    [aScenario({ steps: [{ do: 'present' }] }), /^steps\[0\]\.token: .*string/],
    [aScenario({ steps: [{ do: 'start', colour: 'red' }] }), /^steps\[0\]: .*"colour"/],
    [aScenario({ steps: [{ do: 'start', station: 'S9' }] }), /^steps\[0\]\.station: there is no S9, but S1$/],
    [aScenario({ steps: [{ do: 'plugIn', connector: 4 }] }), /^steps\[0\]\.connector: the station has 1$/],
    [
      aScenario({ stations: [{ identity: 'S1', make: 'tesla' }] }),
      /^stations\[0\]\.make: no personality "tesla"; there are /,
    ],
    [aScenario({ stations: [{ identity: 'A' }, { identity: 'B' }] }), /^steps\[0\]\.station: which of A, B\?$/],
    [
      aScenario({ stations: [{ identity: 'A' }, { identity: 'A' }], steps: [{ do: 'start', station: 'A' }] }),
      /^stations: two have one identity$/,
    ],
    [aScenario({ speed: 'fast' }), /^speed: .*number/],
  ])('%j says where', (given, problem) => {
    const read = readScenario(typeof given === 'string' ? given : JSON.stringify(given));
    expect(read.ok ? [] : read.problems).toContainEqual(expect.stringMatching(problem));
  });

  test('exits 2, runs nothing, and names every problem', async () => {
    const path = fileOf(aScenario({ steps: [{ do: 'dance' }, { do: 'present' }] }));
    const { code, err } = await sim('scenario', path, '--url', at.csms.url);
    expect(code).toBe(2);
    expect(err).toMatch(/a\.json is no scenario\n {2}steps\[0\]\.do: .*\n {2}steps\[1\]\.token: /);
    expect(at.csms.heard).toEqual([]);
    expect((await sim('scenario', join(own, 'none.json'))).code).toBe(2);
  });
});

test('what a scenario records is played again by replay', async () => {
  const tape = join(own, 'tape.jsonl');
  const story = join(
    folder,
    examples.find((name) => name === 'two-makes.json')!,
  );
  expect((await sim('scenario', story, '--url', at.csms.url, '--record', tape)).code).toBe(0);
  expect(new Set(readFrames(readFileSync(tape, 'utf8')).map((one) => one.station))).toEqual(
    new Set(['STORY3A', 'STORY3B']),
  );
  const again = ['replay', tape, '--url', at.csms.url];
  expect(await sim(...again)).toMatchObject({
    code: 2,
    err: expect.stringContaining('--station wants one of STORY3A, STORY3B'),
  });
  expect(await sim(...again, '--station', 'STORY3B', '--identity', 'AGAIN')).toEqual({
    code: 0,
    out: expect.stringMatching(/^\d+ calls sent, \d+ answered, 0 answered otherwise\n$/),
    err: '',
  });
  expect(at.csms.heard.filter((call) => call.identity === 'AGAIN' && call.action === 'StartTransaction')).toHaveLength(
    1,
  );
  at.csms.answers['Authorize'] = () => ({ idTagInfo: { status: 'Blocked' } });
  const other = await sim(...again, '--station', 'STORY3B');
  expect([other.code, other.out]).toEqual([
    1,
    expect.stringMatching(/\nline \d+: Authorize was Accepted, is Blocked\n$/),
  ]);
});

test('a run records every frame of every station', async () => {
  const tape = join(own, 'run.jsonl');
  const { code } = await sim(
    '--url',
    at.csms.url,
    '--count',
    '2',
    '--speed',
    '3600',
    '--minutes',
    '5',
    '--record',
    tape,
  );
  const frames = readFrames(readFileSync(tape, 'utf8'));
  expect(code).toBe(0);
  const stops = frames.filter((one) => one.direction === 'in' && one.text.includes('"StopTransaction"'));
  expect(stops.map((one) => one.station).sort()).toEqual(['SIM1', 'SIM2']);
});
