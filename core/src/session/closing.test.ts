import { describe, expect, it } from 'vitest';
import { aStation, ended, metered, stamp, started, status, type Story, t } from './story.test-station.ts';

const charged = (story: Story): string => {
  const { id } = story.hear(started('12:00')).outcome.transaction!;
  story.hear(status('charging', '12:00'));
  story.at('12:30').hear(ended('12:30', id));
  story.hear(status('finishing', '12:30'));
  return id;
};

describe('closing', () => {
  it('tells how full the battery was at each moment that the station said it, in order of time', () => {
    const story = aStation().settle('unplug');
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    const soc = (clock: string, value: string) => ({
      ...metered(clock, '2000', { transaction: id }),
      readings: [{ time: stamp(clock), samples: [{ measurand: 'SoC', value, unit: 'Percent' }] }],
    });
    story.at('12:20').hear(soc('12:20', '62.5') as never);
    story.hear(soc('12:10', '55') as never);
    story.hear(soc('12:15', 'full') as never);
    story.at('12:30').hear(ended('12:30', id));
    story.at('12:40').hear(status('available', '12:40'));
    expect(story.closed()[0]!.billable.soc).toEqual([
      { at: stamp('12:10'), percent: 55 },
      { at: stamp('12:20'), percent: 62.5 },
    ]);
  });
  it('follows the end at once when no plugin asks to wait', () => {
    const story = aStation();
    charged(story);
    expect(story.row()).toMatchObject({ status: 'closed', closedAt: t('12:30') });
  });
  it('follows within 2 s when nobody answers', () => {
    const story = aStation().settle('silent');
    charged(story);
    expect(story.row().status).toBe('ended');
    story.at('12:30:02');
    expect(story.row()).toMatchObject({ status: 'closed', closedAt: t('12:30:02') });
  });
  it('waits for the unplug where a tariff prices the time after the end, and bills it', () => {
    const story = aStation().settle('unplug');
    charged(story);
    story.at('13:00');
    expect(story.row().status).toBe('ended');
    story.hear(status('available', '13:00'));
    expect(story.row()).toMatchObject({ status: 'closed', closedAt: t('13:00') });
    expect(story.closed()[0]!.billable).toMatchObject({ unpluggedAt: '2026-01-05T13:00:00.000Z' });
    expect(
      story.closed()[0]!.billable.states.map((it) => [it.state, it.from.slice(11, 16), it.to.slice(11, 16)]),
    ).toEqual([
      ['charging', '12:00', '12:30'],
      ['plugged', '12:30', '13:00'],
    ]);
  });
  it('waits for an unplug at the latest 12 h after the end, online or not', () => {
    const story = aStation().settle('unplug');
    charged(story);
    story.online(false).later(1, '00:29');
    expect(story.row().status).toBe('ended');
    story.later(1, '00:30');
    expect(story.row().status).toBe('closed');
  });
  it('waits no longer than 12 h after the end, whatever time a plugin asks for', () => {
    const story = aStation().settle((t('12:00') + 3 * 86_400_000) as never);
    charged(story);
    story.later(1, '00:29');
    expect(story.row().status).toBe('ended');
    story.later(1, '00:31');
    expect(story.row().status).toBe('closed');
  });
  it('waits until the time that a plugin asks for', () => {
    const story = aStation().settle(t('12:45'));
    charged(story);
    story.at('12:44');
    expect(story.row().status).toBe('ended');
    expect(story.restart().at('12:45').row()).toMatchObject({ status: 'closed', closedAt: t('12:45') });
  });
  it('does not wait for a time that is past', () => {
    const story = aStation().settle(t('12:10'));
    charged(story);
    expect(story.row()).toMatchObject({ status: 'closed', closedAt: t('12:30') });
  });
  it('does not wait for a later one when the bay is taken by the next', () => {
    const story = aStation().settle('unplug');
    charged(story);
    story.at('12:50').hear(started('12:50', { token: 'WXYZ', meterStart: '6000' }));
    expect(story.row(0).status).toBe('closed');
    expect(story.closed()[0]!.billable.unpluggedAt).toBe('2026-01-05T12:50:00.000Z');
  });
  it('asks again after a restart that lost the answer', () => {
    const story = aStation().settle('silent');
    charged(story);
    story.restart().settle('unplug').at('12:30:02');
    expect(story.row().status).toBe('ended');
    story.at('12:31').hear(status('available', '12:31'));
    expect(story.row().status).toBe('closed');
  });
  it('of a cable that was out before the stop came counts the end as the unplug', () => {
    const story = aStation().settle('unplug');
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.at('12:30').hear(status('available', '12:29:59'));
    story.hear(ended('12:30', id));
    expect(story.row()).toMatchObject({ status: 'closed', flags: [] });
  });
  it('does not take an Available that passed while it charged for the unplug', () => {
    const story = aStation().settle('unplug');
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.at('12:10').hear(status('available', '12:10'), status('charging', '12:11'));
    story.at('12:30').hear(ended('12:30', id));
    expect(story.row().status).toBe('ended');
    story.at('12:40').hear(status('available', '12:40'));
    expect(story.row()).toMatchObject({ status: 'closed', closedAt: t('12:40') });
  });
  it('never happens to an offline station’s running session', () => {
    const story = aStation();
    story.hear(started('12:00'));
    story.online(false).later(30, '12:00');
    expect(story.row().status).toBe('active');
  });
  it('that is done already takes no answer', () => {
    const story = aStation();
    charged(story);
    expect(story.put({ kind: 'settled', session: story.row().id, waitUntil: 'unplug' }).events).toEqual([]);
  });
  it('tells the command that asked for the stop that its effect was seen', () => {
    const story = aStation();
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.put({ kind: 'stopRequest', session: story.row().id, by: 'key:1', command: 'command-2' });
    story.at('12:10').hear(ended('12:10', id, { reason: 'Remote' }));
    expect(story.effects).toContainEqual({ kind: 'effect', command: 'command-2', effect: story.row().id });
  });
});

describe('a timer', () => {
  it('that was set for what is no longer so is a no-op', () => {
    const story = aStation().settle('silent');
    charged(story);
    const [timer] = [...story.state.timers.values()];
    const before = story.log.length;
    expect(story.put({ kind: 'timer', key: timer!.key, seq: timer!.seq - 1 })).toMatchObject({
      events: [],
      due: [],
      dueGone: [],
    });
    expect(story.log).toHaveLength(before);
  });
  it('is written only when it changes', () => {
    const story = aStation().decide('ABCD', 'invalid');
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    expect([...story.state.timers.keys()]).toEqual([`refused:${story.row().id}`]);
    expect(story.hear(metered('12:00', '1000', { transaction: id }))).toMatchObject({ due: [], dueGone: [] });
  });
});

it('what a make does not measure exactly is held, with the reason in the log', () => {
  const story = aStation({ inexact: 'it counts whole kWh only' });
  const transaction = story.hear(started('12:00')).outcome.transaction!.id;
  story.at('12:30').hear(ended('12:30', transaction));
  story.at('12:31');
  expect(story.row()).toMatchObject({ energyWh: 5000, flags: ['inexactMeter'], status: 'closed' });
  expect(story.closed()[0]!.billable.held).toBe(true);
  expect(story.log).toContainEqual(
    expect.objectContaining({ data: { flag: 'inexactMeter', detail: 'it counts whole kWh only' } }),
  );
});

it('what was read in no unit, from another zero than the start, is held where no stop says more', () => {
  const heard = (unit: string) => {
    const story = aStation();
    const transaction = story.hear(started('12:00', { meterStart: '700000' })).outcome.transaction!.id;
    story.at('12:10').hear(metered('12:10', '701', { transaction, unit }));
    story.at('12:20').hear(metered('12:20', '705', { transaction, unit }));
    story.at('12:40').hear(started('12:40', { token: 'WXYZ', meterStart: '705000' }));
    return story.row(0).flags;
  };
  expect(heard('')).toContain('unitUnknown');
  expect(heard('Wh')).not.toContain('unitUnknown');
});

describe('a correction', () => {
  it('is made once when a closed session turns out to have charged otherwise', () => {
    const story = aStation();
    const id = charged(story);
    story
      .at('12:40')
      .hear(metered('12:10', '2500', { transaction: id }), metered('12:20', '4000', { transaction: id }));
    expect(story.corrected()).toHaveLength(1);
    const { before, after } = story.corrected()[0]!;
    expect([before.curve.length, after.curve.length, after.energyWh]).toEqual([2, 4, 5000]);
  });
  it('follows a state of before the end that comes late', () => {
    const story = aStation();
    charged(story);
    story.at('12:40').hear(status('suspendedEV', '12:20'));
    expect(story.corrected()[0]!.after.states.map((it) => it.state)).toEqual(['charging', 'suspendedEV']);
  });
  it('does not follow the unplug when nobody asked to wait for it', () => {
    const story = aStation();
    charged(story);
    story.at('12:40').hear(status('available', '12:40'));
    expect(story.corrected()).toEqual([]);
  });
  it('does not follow what changes nothing', () => {
    const story = aStation();
    const id = charged(story);
    story.at('12:40').hear(metered('12:35', '6000', { transaction: id }), ended('12:30', id, { reason: 'Local' }));
    expect(story.corrected()).toEqual([]);
  });
  it('follows for a session that is long out of memory', () => {
    const story = aStation();
    const id = charged(story);
    story.at('12:40').hear(status('available', '12:40'));
    for (let minute = 41; minute < 59; minute += 1) {
      const clock = `12:${minute}`;
      story.at(clock);
      const next = story.hear(started(clock, { meterStart: '0' })).outcome.transaction!.id;
      story.hear(ended(clock, next, { meterStop: '0' }));
    }
    expect(story.state.sessions.some((it) => it.transaction?.id === id)).toBe(false);
    story.hear(metered('12:10', '2500', { transaction: id }));
    expect(story.corrected()).toHaveLength(1);
    story.hear(metered('12:15', '3000'));
    expect(story.log.at(-1)).toMatchObject({ type: 'session.metered', session: story.row(0).id });
  });
  it('follows a real stop after an estimated one', () => {
    const story = aStation();
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.at('12:10').hear(metered('12:10', '2000', { transaction: id }));
    story.at('12:11').hear(status('available', '12:11'));
    story.at('12:40');
    expect(story.row()).toMatchObject({ status: 'closed', energyWh: 1000, flags: ['estimatedEnd'] });
    story.hear(ended('12:11', id, { meterStop: '2100' }));
    expect(story.row()).toMatchObject({ status: 'closed', energyWh: 1100, flags: [] });
    expect(story.corrected()).toMatchObject([{ before: { energyWh: 1000 }, after: { energyWh: 1100 }, cdr: true }]);
  });
});
