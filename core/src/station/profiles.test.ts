import type { ChargingProfile, Fact } from '@plugga/kit';
import { describe, expect, it } from 'vitest';
import { aStation, type Story } from '../session/story.test-station.ts';

const profile = (id: number, stackLevel = 0): ChargingProfile => ({
  ...{ id, stackLevel, purpose: 'txDefault', kind: 'relative' },
  schedule: { unit: 'A', periods: [{ start: 0, limit: 16 }] },
});
const report = (profiles: readonly ChargingProfile[], o: Partial<Extract<Fact, { kind: 'profilesReported' }>> = {}) =>
  ({ kind: 'profilesReported', request: 7, evse: 1, source: 'CSO', more: false, profiles, ...o }) as const;
const asked = (story: Story, filter: object = {}, result: object = {}) =>
  story.put({
    ...{ kind: 'command', command: 'c', name: 'readProfiles', status: 'accepted' },
    asked: { request: 7, ...filter },
    result: { status: 'accepted', ...result },
  });
const believing = (...ids: readonly number[]): Story => {
  const story = aStation();
  for (const id of ids)
    story.put({
      ...{ kind: 'command', command: `set ${id}`, name: 'setProfile', status: 'accepted', asked: {} },
      result: {
        status: 'accepted',
        profiles: [{ set: { id, evse: 1, purpose: 'txDefault', stackLevel: id } }],
      },
    });
  return story;
};
const ids = (story: Story) => (story.state.profiles ?? []).map(({ id }) => id).toSorted();
const seen = (story: Story) => story.effects.flatMap((it) => (it.kind === 'effect' ? [it.effect] : []));

describe('what we believe of a station’s profiles is put right by what it reports', () => {
  it('after the last part only: what is not there is gone, what we did not know of is there', () => {
    const story = believing(1, 2);
    asked(story);
    story.hear(report([profile(2, 2)], { more: true }));
    expect(ids(story)).toEqual([1, 2]);
    story.hear(report([profile(3, 3)], { evse: 2 }));
    expect(ids(story)).toEqual([2, 3]);
    expect(story.state.profiles).toContainEqual({ id: 3, evse: 2, purpose: 'txDefault', stackLevel: 3 });
    expect(seen(story)).toEqual(['2 profiles of ours']);
  });

  it('only as far as was asked', () => {
    const story = believing(1, 2);
    asked(story, { id: 1 });
    story.hear(report([]));
    expect(ids(story)).toEqual([2]);
  });

  it('not by what somebody else has set there', () => {
    const story = believing(1);
    asked(story);
    story.hear(report([profile(9)], { source: 'EMS', more: true }));
    story.hear(report([profile(1, 1)]));
    expect(ids(story)).toEqual([1]);
  });

  it('also where the report comes before the answer', () => {
    const story = believing(1);
    story.hear(report([]));
    expect(ids(story)).toEqual([1]);
    asked(story);
    expect(ids(story)).toEqual([]);
    expect(seen(story)).toEqual(['0 profiles of ours']);
  });

  it('by an answer that there are none', () => {
    const story = believing(1, 2);
    asked(story, {}, { profiles: [{ cleared: {} }] });
    expect(ids(story)).toEqual([]);
  });

  it('and left as it is where the report never ends', () => {
    const story = believing(1);
    asked(story);
    story.hear(report([], { more: true }));
    story.at('12:10');
    expect(ids(story)).toEqual([1]);
    expect(story.effects).toContainEqual(expect.objectContaining({ kind: 'unseen' }));
  });
});
