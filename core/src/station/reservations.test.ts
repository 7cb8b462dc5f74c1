import { describe, expect, it } from 'vitest';
import { aStation, booted, ended, ref, stamp, started, type Story } from '../session/story.test-station.ts';

const reserve = (story: Story, o: { reservation?: number; evse?: number; token?: string; group?: string } = {}) =>
  story.put({
    kind: 'reserved',
    reservation: o.reservation ?? 7,
    evse: o.evse ?? 1,
    token: ref(o.token ?? 'driver', o.group),
    expiresAt: stamp('13:00'),
    command: 'c-1',
    actor: 'key:1',
  });
const told = (story: Story) =>
  story.log
    .filter((it) => it.type === 'reservation.changed')
    .map((it) => [(it.data as { status: string }).status, it.session]);
const start = (token: string, o: { evse?: number; reservation?: number } = {}) => ({
  ...started('12:30', { token }),
  ...(o.evse === undefined ? {} : { evse: o.evse }),
  ...(o.reservation === undefined ? {} : { reservation: o.reservation }),
});

describe('a reservation', () => {
  it('is used by the session whose start names it, whatever its token', () => {
    const story = aStation();
    reserve(story);
    story.at('12:30').hear(start('other', { reservation: 7 }));
    expect(told(story)).toEqual([
      ['accepted', undefined],
      ['used', story.row().id],
    ]);
    expect(story.state.reservations).toEqual([]);
    expect(story.at('13:30').state.reservations).toEqual([]);
    expect(told(story)).toHaveLength(2);
  });

  it('is used by a start of its token, or of its group, that names none', () => {
    for (const [token, group] of [
      ['driver', undefined],
      ['colleague', 'fleet'],
    ] as const) {
      const story = aStation();
      reserve(story, { token: 'driver', ...(group === undefined ? {} : { group }) });
      story.decide(token, 'accepted', group);
      story.at('12:30').hear(start(token));
      expect(told(story).at(-1)).toEqual(['used', story.row().id]);
    }
  });

  it('of the whole station is used at any of its EVSEs', () => {
    const story = aStation();
    reserve(story, { evse: 0 });
    story.at('12:30').hear(start('driver', { evse: 2 }));
    expect(told(story).at(-1)?.[0]).toBe('used');
  });

  it('is left alone by another token, and by its own at another EVSE', () => {
    const story = aStation();
    reserve(story);
    story.at('12:30').hear(start('stranger'));
    story.hear(start('driver', { evse: 2 }));
    expect(told(story)).toEqual([['accepted', undefined]]);
  });

  it('is over when its time is, also after a restart', () => {
    const story = aStation();
    reserve(story);
    story.at('12:59').restart();
    expect(story.state.reservations).toHaveLength(1);
    story.at('13:00');
    expect(told(story).map(([status]) => status)).toEqual(['accepted', 'expired']);
  });

  it('is not used by a start of before it was made, told after it was over', () => {
    const story = aStation();
    reserve(story);
    story.at('13:10').hear(start('driver'));
    expect(told(story).map(([status]) => status)).toEqual(['accepted', 'expired']);
  });

  it('that is cancelled is gone; one that nobody knows changes nothing', () => {
    const story = aStation();
    reserve(story);
    expect(story.put({ kind: 'unreserved', reservation: 8, actor: 'key:1' }).events).toEqual([]);
    story.put({ kind: 'unreserved', reservation: 7, actor: 'key:1' });
    expect(told(story).map(([status]) => status)).toEqual(['accepted', 'cancelled']);
    story.at('12:30').hear(start('driver'));
    expect(told(story)).toHaveLength(2);
  });

  it('made again with its id takes the place of the first', () => {
    const story = aStation();
    reserve(story);
    reserve(story, { evse: 2 });
    expect(story.state.reservations).toMatchObject([{ reservation: 7, evse: 2 }]);
  });
});

describe('the charging profiles of a station', () => {
  const profile = { id: 1, evse: 1, purpose: 'tx', stackLevel: 0 } as const;
  const told = (story: Story, profiles: readonly unknown[]) =>
    story.put({
      kind: 'command',
      command: 'c',
      name: 'setProfile',
      status: 'accepted',
      result: { status: 'accepted', profiles: profiles as never },
    });

  it('are those that it took and has not let go, by id or by purpose and level', () => {
    const story = aStation();
    told(story, [{ set: profile }, { set: { ...profile, id: 2, purpose: 'txDefault' } }]);
    told(story, [{ set: { ...profile, id: 3 } }]);
    expect(story.restart().state.profiles?.map((it) => it.id)).toEqual([2, 3]);
    told(story, [{ cleared: { evse: 1, purpose: 'txDefault' } }]);
    told(story, [{ cleared: { id: 9, evse: 1 } }]);
    expect(story.state.profiles?.map((it) => it.id)).toEqual([3]);
    told(story, [{ cleared: {} }]);
    expect(story.state.profiles).toEqual([]);
  });

  it('of a transaction go with it', () => {
    const story = aStation();
    story.hear(booted());
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    told(story, [
      { set: profile },
      { set: { ...profile, id: 2, purpose: 'txDefault' } },
      { set: { ...profile, evse: 2 } },
    ]);
    story.at('12:10').hear(ended('12:10', id));
    expect(story.state.profiles?.map((it) => [it.evse, it.purpose])).toEqual([
      [1, 'txDefault'],
      [2, 'tx'],
    ]);
  });
});
