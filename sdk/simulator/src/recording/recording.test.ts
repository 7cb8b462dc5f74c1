import { describe, expect, test } from 'vitest';
import { stand } from '../../test/stand.ts';
import { readFrames, recorder } from './frames.ts';
import { replay } from './replay.ts';

const at = stand();

/** A visit with a lost line in the middle and a command, recorded. */
const recorded = async (): Promise<string> => {
  const station = at.station({ configuration: { MeterValueSampleInterval: '0' } });
  let text = '';
  recorder({ station: 'S1', watch: station.watch, write: (line) => void (text += line) });
  await station.start();
  station.plugIn(1);
  await station.present(1, 'TAG1');
  await station.settled();
  await at.ask('GetConfiguration', { key: ['HeartbeatInterval'] });
  const again = station.next('connected', { withinMs: 5_000 });
  station.faults.cutLine();
  await again;
  station.end(1);
  await station.settled();
  station.unplug(1);
  await station.call('Heartbeat', {});
  station.close();
  return text;
};
const play = (text: string, o: Partial<Parameters<typeof replay>[0]> = {}) =>
  replay({ url: at.csms.url, identity: 'S2', frames: readFrames(text), withinMs: 5_000, ...o });
const callsOf = (identity: string) =>
  at.csms.heard
    .filter((call) => call.identity === identity)
    .map(({ action, payload, id }) => ({ action, payload, id }));

describe('a recording', () => {
  test('holds both directions in the form that the platform exports, and reads back', async () => {
    const text = await recorded();
    const frames = readFrames(text);
    expect(JSON.parse(text.split('\n')[0]!)).toEqual({
      at: expect.stringMatching(/Z$/),
      station: 'S1',
      direction: 'in',
      generation: 1,
      text: expect.stringContaining('BootNotification'),
    });
    expect(frames.at(-1)).toMatchObject({ direction: 'out', generation: 2 });
    expect(frames.filter((one) => one.direction === 'in').length).toBeGreaterThan(6);
  });

  test.each([
    ['{"at":1}', 'line 2: "at" is no time'],
    ['[2,"1","Heartbeat",{}]', 'line 2: wants {"at", "direction", "text"}'],
    ['nonsense', 'line 2: no JSON'],
    [
      '{"at":"2026-01-01T00:00:00Z","direction":"up","text":""}',
      'line 2: "direction" is "in" (from the station) or "out"',
    ],
    ['{"at":"2026-01-01T00:00:00Z","direction":"in"}', 'line 2: "text" is missing'],
  ])('of which a line is %s says so', (line, why) => {
    expect(() => readFrames(`\n${line}\n`)).toThrow(why);
  });
});

describe('a replay', () => {
  test('says what the station said, with the transaction ids that the CSMS gives now', async () => {
    const text = await recorded();
    expect(await play(text)).toMatchObject({ differences: [] });
    const [then, now] = [callsOf('S1'), callsOf('S2')];
    expect(now.map(({ action, id }) => [action, id])).toEqual(then.map(({ action, id }) => [action, id]));
    const stop = (calls: typeof now) => calls.find((call) => call.action === 'StopTransaction')!.payload;
    expect(stop(now)).toEqual({ ...stop(then), transactionId: 2 });
    expect(stop(then)['transactionId']).toBe(1);
    // A lost line of the recording is a new connection of the replay.
    expect(at.csms.handshakes).toHaveLength(4);
  });

  test('names each answer that is another one now', async () => {
    const text = await recorded();
    at.csms.answers['Authorize'] = () => ({ idTagInfo: { status: 'Blocked' } });
    at.csms.answers['StopTransaction'] = () => 'InternalError';
    const { differences } = await play(text);
    expect(differences.map(({ line, ...rest }) => ({ ...rest, named: line > 0 }))).toEqual([
      { action: 'Authorize', recorded: 'Accepted', now: 'Blocked', named: true },
      { action: 'StopTransaction', recorded: 'result', now: 'InternalError', named: true },
    ]);
  });

  test('answers what it is asked as the station did', async () => {
    const text = await recorded();
    at.csms.answers['Heartbeat'] = () => undefined;
    const going = play(text, { withinMs: 1_000 });
    await at.csms.arrives('Heartbeat', 2);
    expect(await at.ask('GetConfiguration', { key: ['Other'] })).toEqual({
      configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }],
    });
    expect(await at.ask('ClearCache')).toMatchObject([4, expect.any(String), 'NotImplemented', expect.any(String), {}]);
    await expect(going).rejects.toThrow(/^stalled: line \d+: no answer to Heartbeat after 1000 ms$/);
  });

  test('of one direction only waits for each answer', async () => {
    const text = await recorded();
    const oneWay = text
      .split('\n')
      .filter((line) => line.includes('"direction":"in"'))
      .join('\n');
    const { sent, answered } = await play(oneWay);
    expect([answered, sent]).toEqual([callsOf('S1').length, callsOf('S1').length]);
  });
});
