import { describe, expect, it } from 'vitest';
import { aStation, ended, metered, started, status, type Story } from './story.test-station.ts';

/** A station of which a backup was restored at 13:00; what it said after the backup is lost. */
const restoredAt = (story: Story, clock: string): Story => {
  story.at(clock).restart();
  story.put({ kind: 'restored', restore: 'restore-1' });
  return story;
};
const last = (story: Story) => story.closed().at(-1)!.billable;

describe('a session that was not closed in the backup', () => {
  it('is billed when its own stop comes: that was never acknowledged', () => {
    const story = aStation();
    const transaction = story.hear(started('12:00')).outcome.transaction!.id;
    restoredAt(story, '13:00');
    story.at('13:05').hear(ended('12:30', transaction));
    story.at('13:10');
    expect(story.row()).toMatchObject({ status: 'closed', energyWh: 5000, flags: [] });
    expect(last(story).held).toBe(false);
  });
  it('is held when it is ended from its last register: its stop may have come, and been billed, before', () => {
    const story = aStation();
    const transaction = story.hear(started('12:00')).outcome.transaction!.id;
    story.hear(metered('12:00', '1500', { transaction }));
    restoredAt(story, '13:00');
    story.online(true).hear(status('available', '13:01'));
    story.later(1, '13:00');
    expect(story.row()).toMatchObject({ status: 'closed', flags: ['estimatedEnd', 'restored'] });
    expect(last(story).held).toBe(true);
  });
  it('is held when another transaction that nobody knows is found to be its stop', () => {
    const story = aStation();
    story.hear(started('12:00'));
    restoredAt(story, '13:00');
    story.at('13:05').hear(ended('13:04', '4711'));
    story.later(1, '13:00');
    expect(story.row().flags).toEqual(['restored', 'linkedStop']);
    expect(last(story).held).toBe(true);
  });
  it('is held when it had ended already: it was about to be billed', () => {
    const story = aStation().settle('unplug');
    const transaction = story.hear(started('12:00')).outcome.transaction!.id;
    story.at('12:30').hear(ended('12:30', transaction));
    restoredAt(story, '13:00');
    expect(story.row()).toMatchObject({ status: 'ended', flags: ['restored'] });
    story.later(1, '13:00');
    expect(last(story).held).toBe(true);
  });
});

it('a closed session is left as it is', () => {
  const story = aStation();
  const transaction = story.hear(started('12:00')).outcome.transaction!.id;
  story.at('12:30').hear(ended('12:30', transaction));
  story.at('12:40');
  const before = story.log.length;
  restoredAt(story, '13:00');
  expect(story.log).toHaveLength(before);
});

it('a start that is told again gets the id that it had, another start another one', () => {
  const lost = aStation();
  const known = lost.hear(started('12:00')).outcome.transaction!.id;
  const afterwards = lost.at('12:40').hear(started('12:40')).outcome.transaction!.id;
  const story = aStation();
  expect(story.hear(started('12:00')).outcome.transaction!.id).toBe(known);
  restoredAt(story, '13:00');
  const other = story.hear(started('12:59')).outcome.transaction!.id;
  expect(story.hear(started('12:40')).outcome.transaction!.id).toBe(afterwards);
  expect(new Set([known, afterwards, other]).size).toBe(3);
});
