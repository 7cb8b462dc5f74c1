import type { Fact } from '@plugga/kit';
import { describe, expect, it } from 'vitest';
import { aStation, ended, metered, started, status, type Story } from '../session/story.test-station.ts';
import type { Env, Input } from './input.ts';
import { absorb, needs, replay } from './restore.ts';

const env = (story: Story): Env =>
  ({ now: story.now(), station: 'station-1', hmac: () => new Uint8Array(32) }) as unknown as Env;
const message = (...facts: Extract<Input, { kind: 'message' }>['facts']): Input => ({
  kind: 'message',
  action: 'any',
  messageId: 'm',
  facts,
  deviations: [],
});
const wants = (story: Story, ...facts: Extract<Input, { kind: 'message' }>['facts']) =>
  needs(story.state, message(...facts), env(story));

/** As TransactionEvent (2.x) tells it: a start with a reading. */
const begun = (clock: string, id: string): Extract<Input, { kind: 'message' }>['facts'] => {
  const transaction = { id, seqNo: 0 };
  const start = { ...started(clock), transaction, content: id } as Extract<Fact, { kind: 'started' }>;
  return [start, { ...metered(clock, '1000', { transaction: id }), transaction } as Fact];
};

/** A station whose only session closed before its process came up again: of it only the row is at hand. */
function shelved(): { readonly story: Story; readonly transaction: string } {
  const story = aStation();
  const transaction = story.hear(started('12:00')).outcome.transaction!.id;
  story.at('12:30').hear(ended('12:30', transaction));
  story.at('12:40').restart();
  expect([story.state.sessions.length, story.state.shelf.length]).toEqual([0, 1]);
  return { story, transaction };
}

describe('before a fact is handled nothing is looked up', () => {
  it('for what is at hand', () => {
    const story = aStation();
    const transaction = story.hear(started('12:00')).outcome.transaction!.id;
    expect(
      wants(story, metered('12:10', '2000', { transaction }), status('charging', '12:00'), ended('12:10', transaction)),
    ).toEqual([]);
  });
  it('for a start later than every other', () => {
    const story = aStation();
    story.hear(started('12:00'));
    story.at('12:10');
    expect(wants(story, started('12:10'))).toEqual([]);
  });
  it('for a transaction of 2.x that starts later than every other', () => {
    const story = aStation();
    expect(wants(story, ...begun('12:00', 'tx-1'))).toEqual([]);
    story.hear(...begun('12:00', 'tx-1'));
    story.at('12:10');
    expect(wants(story, ...begun('12:10', 'tx-2'))).toEqual([]);
  });
  it.each(['-1', '0', '9223372036854775807'])('for the id %s, which is nobody’s', (id) => {
    expect(wants(aStation(), ended('12:00', id))).toEqual([]);
  });
  it('for an id that is known to be nobody’s', () => {
    const story = aStation();
    story.hear(ended('12:00', '77'));
    expect(wants(story, ended('12:00', '77'))).toEqual([]);
  });
});

describe('before a fact is handled its session is looked up', () => {
  it('by an id that is not at hand', () => {
    const { story, transaction } = shelved();
    expect(wants(story, metered('12:10', '2000', { transaction }))).toEqual([{ transaction }]);
  });
  it('by the content of a start that was not believed when it came first, when it is told again', () => {
    const story = aStation({ clock: '10:19' });
    story.hear(started('12:19'));
    story.state = { ...story.state, sessions: [] };
    story.at('12:40');
    expect(wants(story, started('12:19'))).toMatchObject([{ startKey: expect.any(String) }]);
  });
  it('by the content of a start that may be a repeat', () => {
    const { story } = shelved();
    expect(wants(story, started('12:00'))).toMatchObject([{ startKey: expect.any(String) }]);
  });
  it('by the id of a transaction of 2.x that did not start later than every other, or whose row says that it is known', () => {
    const { story, transaction } = shelved();
    expect(wants(story, ...begun('11:50', 'tx-1'))).toEqual([{ transaction: 'tx-1' }]);
    expect(wants(story, ...begun('12:00', 'tx-1'))).toEqual([{ transaction: 'tx-1' }]);
    expect(wants(story, ...begun('12:35', transaction))).toEqual([{ transaction }]);
    const [start] = begun('12:35', 'tx-1');
    const ahead = { ...start, time: '2030-01-01T00:00:00Z' } as Fact;
    expect(wants(story, ahead), 'its clock is not believed').toEqual([{ transaction: 'tx-1' }]);
  });
  it('by its connector and time, for a state or reading of then', () => {
    const { story } = shelved();
    const session = story.row().id;
    expect(wants(story, status('suspendedEV', '12:20'), metered('12:10', '2000'))).toEqual([{ session }]);
    expect(wants(story, status('available', '12:35'), metered('12:10', '2000', { evse: 2 }))).toEqual([]);
  });
  it('by our own id, for a stop that is asked for', () => {
    const { story } = shelved();
    const session = story.row().id;
    expect(needs(story.state, { kind: 'stopRequest', session, by: 'key:1' }, env(story))).toEqual([{ session }]);
  });
});

it('a session that was looked up leaves the shelf, and is taken once', () => {
  const { story } = shelved();
  const found = [{ row: story.row(), events: story.log }];
  const once = absorb(story.state, found);
  expect([once.sessions.length, once.shelf.length]).toEqual([1, 0]);
  expect(absorb(once, found)).toBe(once);
});

it('the whole log gives the whole state', () => {
  const { story } = shelved();
  expect(replay(story.log)).toMatchObject({ nextSeq: story.state.nextSeq, sessions: [{ id: story.row().id }] });
});
