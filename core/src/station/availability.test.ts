import { describe, expect, test } from 'vitest';
import { aStation, booted, status, type Story } from '../session/story.test-station.ts';

/** A station that has booted and said that both its connectors are free. */
const there = (): Story => {
  const story = aStation();
  story.online(true).hear(booted());
  return free(story);
};
const free = (story: Story): Story => {
  for (const evse of [1, 2]) story.hear(status('available', undefined, evse));
  return story;
};
const ask = (
  story: Story,
  asked: { evse?: number; operative: boolean },
  answer: 'accepted' | 'rejected' = 'accepted',
) => story.put({ kind: 'command', command: 'c1', name: 'availability', status: answer, asked });
const told = (story: Story) => story.effects.filter((it) => it.kind === 'availability');
const out = { evse: 1, operative: false };

describe('what was taken out of service', () => {
  test('is told once more to a station that has forgotten it, 40 s after its boot, once a boot', () => {
    const story = there();
    ask(story, out);
    story.hear(status('unavailable', undefined, 1));
    free(story.at('12:10').online(false).at('12:11').online(true)).hear(booted());
    story.at('12:11:39');
    expect(told(story)).toEqual([]);
    story.at('12:11:40');
    expect(told(story)).toEqual([{ kind: 'availability', evse: 1, operative: false }]);
    // It may not obey: it is not told every 40 s, nor after each lost line.
    story.online(false).at('12:20').online(true).at('13:00');
    expect(told(story)).toHaveLength(1);
    story.hear(booted());
    story.at('13:01');
    expect(told(story)).toHaveLength(2);
  });

  test('is not told to one that has kept it', () => {
    const story = there();
    ask(story, { operative: false });
    story.at('12:10').hear(booted());
    for (const evse of [1, 2]) story.hear(status('unavailable', undefined, evse));
    story.at('12:20');
    expect(told(story)).toEqual([]);
  });

  test('is not told when it was put back, or was refused', () => {
    const story = there();
    ask(story, out);
    ask(story, { evse: 1, operative: true });
    ask(story, { evse: 2, operative: false }, 'rejected');
    story.at('12:10').hear(booted());
    free(story).at('12:20');
    expect(told(story)).toEqual([]);
  });

  test('is told with what was put back in spite of it', () => {
    const story = there();
    ask(story, { operative: false });
    ask(story, { evse: 2, operative: true });
    story.at('12:10').hear(booted());
    story.hear(status('available', undefined, 1), status('unavailable', undefined, 2));
    story.at('12:20');
    expect(told(story)).toEqual([
      { kind: 'availability', evse: 0, operative: false },
      { kind: 'availability', evse: 2, operative: true },
    ]);
  });

  test('is told when the line is back, where the boot came on one that was lost; never to a quiet station', () => {
    const story = there();
    ask(story, out);
    free(story.at('12:10')).hear(booted());
    story.at('12:10:20').online(false).at('12:15');
    expect(told(story)).toEqual([]);
    story.quiet(true).online(true).at('12:20');
    expect(told(story)).toEqual([]);
    story.quiet(false).online(false).online(true).at('12:25');
    expect(told(story)).toHaveLength(1);
  });
});
