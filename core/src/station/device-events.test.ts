import type { DeviceEvent, Monitor } from '@plugga/kit';
import { describe, expect, it } from 'vitest';
import { aStation, stamp, type Story } from '../session/story.test-station.ts';

const HOT = 'EVSE/Temperature@1';
const monitor = (id: number, severity: number): Monitor => ({
  ...{ id, variable: HOT, kind: 'upper', value: 80, severity, transaction: false },
});
const taken = (story: Story, ...monitors: readonly Monitor[]) =>
  story.put({
    ...{ kind: 'command', command: 'set', name: 'setMonitors', status: 'accepted' },
    result: { status: 'accepted', monitors },
  });
const event = (clock: string, said: Partial<DeviceEvent>) =>
  ({ kind: 'deviceEvent', time: stamp(clock), variable: HOT, trigger: 'alerting', ...said }) as const;
const tells = (story: Story, clock: string, ...said: readonly Partial<DeviceEvent>[]) =>
  story.hear(...(said.length === 0 ? [{}] : said).map((it) => event(clock, it)));
const many = (times: number, one: (n: number) => readonly Partial<DeviceEvent>[]) =>
  Array.from({ length: times }, (_, n) => one(n + 1)).flat();
type Told = Partial<DeviceEvent> & { readonly alert?: boolean; readonly count?: number; readonly time?: string };
const told = (story: Story): readonly Told[] =>
  story.log.flatMap(({ type, data }) => (type === 'device.noted' ? [data as Told] : []));
const alerts = (story: Story) => (story.state.alerts ?? []).filter(({ over }) => over !== true);

describe('an event of a variable', () => {
  it('is as grave as its monitor, where it does not say so itself', () => {
    const story = aStation();
    taken(story, monitor(4, 3), monitor(5, 6));
    tells(story, '12:00', { monitor: 4 });
    tells(story, '12:00', { monitor: 5 });
    tells(story, '12:00', { monitor: 5, severity: 0, value: 'x' });
    tells(story, '12:00', { monitor: 6 });
    expect(told(story).map(({ severity, alert }) => [severity, alert])).toEqual([
      [3, true],
      [6, undefined],
      [0, true],
      [undefined, undefined],
    ]);
  });

  it('is known as grave by a monitor that a report has told of, also after a restart', () => {
    const story = aStation();
    story.hear({ kind: 'monitorsReported', report: { request: 7, part: 0, last: true }, monitors: [monitor(9, 1)] });
    story.restart();
    tells(story, '12:00', { monitor: 9, value: '81' });
    expect(alerts(story)).toMatchObject([{ variable: HOT, severity: 1, value: '81', since: stamp('12:00') }]);
    expect(story.effects).toContainEqual({ kind: 'alert', variable: HOT, severity: 1, detail: '81' });
  });

  it('that comes late is kept by its own time, and raises no alert that was over by then', () => {
    const story = aStation({ clock: '14:00' });
    tells(story, '13:05', { severity: 2, cleared: true });
    tells(story, '13:00', { severity: 2 });
    expect(alerts(story)).toEqual([]);
    expect(story.log.map(({ at }) => new Date(at).toISOString())).toEqual([stamp('13:05'), stamp('13:00')]);
    tells(story, '13:30', { severity: 2 });
    expect(alerts(story)).toMatchObject([{ since: stamp('13:30') }]);
  });

  it('that is told again with the same number is one', () => {
    const story = aStation();
    for (let n = 0; n < 3; n += 1) tells(story, '12:00', { id: 7, value: '81' });
    tells(story, '12:00', { id: 8, value: '81' });
    expect(told(story).map(({ id }) => id)).toEqual([7, 8]);
  });
});

describe('an alert', () => {
  it('lasts from its first event until it is cleared, for each monitor', () => {
    const story = aStation();
    taken(story, monitor(4, 3), monitor(5, 2));
    tells(story, '12:00', { monitor: 4 });
    tells(story, '12:00', { monitor: 5 });
    story.at('12:10');
    tells(story, '12:10', { monitor: 4, value: '90' });
    expect(alerts(story)).toMatchObject([{ monitor: 5 }, { monitor: 4, since: stamp('12:00'), value: '90' }]);
    tells(story, '12:10', { monitor: 5, cleared: true });
    expect(alerts(story)).toMatchObject([{ monitor: 4 }]);
  });

  it('goes with its monitor', () => {
    const story = aStation();
    taken(story, monitor(4, 3));
    tells(story, '12:00', { monitor: 4 });
    story.put({ kind: 'monitorsGone', monitors: [4] });
    expect(alerts(story)).toEqual([]);
  });

  it('is none where it is only a value that was asked for', () => {
    const story = aStation();
    tells(story, '12:00', { severity: 0, trigger: 'periodic' });
    expect(alerts(story)).toEqual([]);
  });

  it('is one of 64 at most, and what is over makes room first', () => {
    const story = aStation();
    tells(story, '12:00', { severity: 0, monitor: 1 });
    const over = many(100, (n) => [
      { severity: 3, monitor: n + 100 },
      { severity: 3, monitor: n + 100, cleared: true },
    ]);
    tells(story, '12:00', ...over);
    expect(story.state.alerts).toHaveLength(64);
    expect(alerts(story)).toMatchObject([{ monitor: 1 }]);
  });
});

describe('a flood of events', () => {
  it('is told one by one at first, then at each doubling with how many it stands for, and none is lost', () => {
    const story = aStation();
    tells(story, '12:00', ...many(1000, (n) => [{ trigger: 'delta', value: String(n) }]));
    expect(
      told(story)
        .slice(60)
        .map(({ value, count }) => [value, count]),
    ).toEqual([['64', 4], ...[128, 256, 512].map((it) => [String(it), it / 2])]);
    story.at('12:11');
    expect(told(story).at(-1)).toMatchObject({ value: '1000', count: 488 });
    expect(story.state.timers.size).toBe(0);
  });

  it('of variables that a station makes up is bounded, and hides no alert', () => {
    const story = aStation();
    tells(story, '12:00', ...many(1500, (n) => [{ variable: `Made/Up${n}`, trigger: 'delta' }]));
    tells(story, '12:00', { severity: 1 });
    expect(told(story).length).toBeLessThan(600);
    expect(told(story).at(-1)).toMatchObject({ variable: HOT, alert: true });
    story.at('12:11');
    expect(told(story).reduce((sum, { count = 1 }) => sum + count, 0)).toBe(1501);
  });

  it('of an alert that comes and goes ends as the station has told last', () => {
    const story = aStation();
    const flaps = many(150, (n) => [
      { severity: 1, value: `up ${n}` },
      { severity: 1, value: `down ${n}`, cleared: true },
    ]);
    tells(story, '12:00', ...flaps);
    story.at('12:11');
    expect(alerts(story)).toEqual([]);
    expect(told(story).length).toBeLessThan(140);
  });
});
