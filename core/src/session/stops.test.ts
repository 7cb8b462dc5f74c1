import type { Fact } from '@plugga/kit';
import { describe, expect, it } from 'vitest';
import { aStation, ended, metered, started, status, type Story, t } from './story.test-station.ts';

const id = (handled: ReturnType<Story['hear']>): string => handled.outcome.transaction!.id;
const orphans = (story: Story) => story.log.filter((it) => it.type === 'transaction.orphaned');

describe('a second stop', () => {
  it('of the same content changes nothing', () => {
    const story = aStation();
    const transaction = id(story.hear(started('12:00')));
    story.at('12:30').hear(metered('12:20', '2000', { transaction }), ended('12:30', transaction));
    const before = story.log.length;
    const again = story.hear(metered('12:20', '2000', { transaction }), ended('12:30', transaction));
    expect(again.outcome.transaction).toEqual({ id: transaction });
    expect(story.log).toHaveLength(before);
  });
  it('of the same content is the same one when its token could not be looked up at first', () => {
    const story = aStation();
    const transaction = id(story.hear(started('12:00')));
    story.decide('ABCD', 'accepted', undefined, 'offline');
    story.at('12:30').hear(ended('12:30', transaction, { token: 'ABCD' }));
    story.decide('ABCD', 'accepted');
    story.hear(ended('12:30', transaction, { token: 'ABCD' }));
    expect(story.types().filter((it) => it === 'session.ended')).toHaveLength(1);
    expect(story.row().flags).toEqual([]);
  });
  it('may fill what the first left empty', () => {
    const story = aStation();
    const transaction = id(story.hear(started('12:00')));
    story.at('12:30').hear(ended('12:30', transaction));
    story.hear(ended('12:30', transaction, { reason: 'PowerLoss' }));
    expect(story.row()).toMatchObject({ stopReason: 'PowerLoss', energyWh: 5000, flags: [] });
    expect(story.closed()).toHaveLength(1);
    expect(story.corrected()).toHaveLength(0);
  });
  it('changes nothing the first said, and what differs is kept as conflicting evidence', () => {
    const story = aStation();
    const transaction = id(story.hear(started('12:00')));
    story.at('12:30').hear(ended('12:30', transaction, { meterStop: '6000' }));
    story.at('12:40').hear(ended('12:40', transaction, { meterStop: '9000' }));
    expect(story.row()).toMatchObject({ endedAt: t('12:30'), energyWh: 5000, flags: ['conflictingStop'] });
    expect(story.types().filter((it) => it === 'session.ended')).toHaveLength(2);
    expect(story.corrected()).toHaveLength(0);
  });
  it('replaces an estimated end', () => {
    const story = aStation();
    const first = id(story.hear(started('12:00')));
    story.at('12:20').hear(started('12:20', { token: 'WXYZ', meterStart: '4000' }));
    expect(story.row(0).flags).toContain('estimatedEnd');
    story.at('12:21').hear(ended('12:19', first, { meterStop: '4000' }));
    expect(story.row(0)).toMatchObject({ endedAt: t('12:19'), energyWh: 3000, status: 'closed' });
    expect(story.row(0).flags).not.toContain('estimatedEnd');
  });
});

describe.each(['-1', '0', '9223372036854775807', '123456789'])('a stop that names %s', (junk) => {
  const unanswered = (story: Story) => id(story.hear(started('12:00')));

  it('is acknowledged and linked to the one session that fits', () => {
    const story = aStation();
    unanswered(story);
    story.at('12:30');
    expect(story.hear(ended('12:30', junk, { token: 'ABCD' })).outcome.authorization?.status).toBe('accepted');
    expect(story.row()).toMatchObject({ status: 'closed', energyWh: 5000, flags: ['linkedStop'] });
    expect(orphans(story)).toHaveLength(0);
  });
  it('brings its readings with it', () => {
    const story = aStation();
    unanswered(story);
    story.at('12:30').hear(metered('12:15', '2000', { transaction: junk }), ended('12:30', junk));
    expect(story.closed()[0]!.billable.curve.map((it) => it.wh)).toEqual([0, 1000, 5000]);
  });
  it('that is told again after our restart ends nobody else, and is no orphan', () => {
    const story = aStation();
    unanswered(story);
    const other = id(story.at('12:05').hear(started('12:05', { evse: 2, meterStart: '903000' })));
    story.hear(metered('12:05', '903000', { transaction: other, evse: 2 }));
    story.at('12:30').hear(ended('12:30', junk));
    expect(story.at('12:31').row(0).status).toBe('closed');
    story.hear(metered('12:31', '904000', { transaction: other, evse: 2 }));
    story.hear(ended('12:30:30', other, { meterStop: '904000' }));
    story.at('12:40').restart();
    story.hear(started('12:10', { evse: 2, token: 'WXYZ', meterStart: '904000' }));
    story.hear(ended('12:30', junk));
    expect(story.rows().map((it) => it.status)).toEqual(['closed', 'closed', 'active']);
    expect(orphans(story)).toEqual([]);
  });
  it('gives way to a stop that names the session', () => {
    const story = aStation();
    unanswered(story);
    const [{ transactionId }] = [story.row()];
    story.at('12:30').hear(ended('12:30', junk, { meterStop: '3000' }));
    story.at('12:40').hear(ended('12:40', transactionId!, { meterStop: '6000' }));
    story.at('12:41');
    expect(story.row()).toMatchObject({ energyWh: 5000, status: 'closed' });
    expect(story.row().flags).toContain('conflictingStop');
    expect(story.corrected()).toMatchObject([{ before: { energyWh: 2000 }, after: { energyWh: 5000 } }]);
  });
  it('is not told twice', () => {
    const story = aStation();
    unanswered(story);
    story.at('12:30').hear(ended('12:30', junk));
    const before = story.log.length;
    story.hear(ended('12:30', junk));
    expect(story.log).toHaveLength(before);
  });
  it('is an orphan when several fit: not a session, not billed, for the operator', () => {
    const story = aStation();
    unanswered(story);
    story.hear(started('12:00', { evse: 2 }));
    story.at('12:30').hear(ended('12:30', junk));
    expect(story.rows().map((it) => it.status)).toEqual(['active', 'active']);
    expect(orphans(story).map((it) => it.data)).toMatchObject([
      { kind: 'ended', transaction: junk, candidates: story.rows().map((it) => it.id) },
    ]);
    const before = story.log.length;
    story.hear(ended('12:30', junk));
    expect(story.log).toHaveLength(before);
  });
  it('shows no token and may be of another connector is an orphan: some makes never name what they stop', () => {
    const two = (token?: string) => {
      const story = aStation({ clock: '12:10' });
      const other = id(story.hear(started('12:00', { evse: 2, token: 'WXYZ', meterStart: '3000' })));
      story.hear(metered('12:10', '5900', { transaction: other, evse: 2 }));
      unanswered(story);
      story.at('12:30').hear(ended('12:30', junk, token === undefined ? {} : { token }));
      return story;
    };
    expect(
      two()
        .rows()
        .map((it) => it.status),
    ).toEqual(['active', 'active']);
    expect(orphans(two()).map((it) => it.data)).toMatchObject([
      {
        candidates: two()
          .rows()
          .map((it) => it.id),
      },
    ]);
    expect(two('ABCD').row(1)).toMatchObject({ status: 'closed', flags: ['linkedStop'] });
  });
  it('is an orphan when none fits, with its readings', () => {
    const story = aStation();
    const { outcome } = story.hear(metered('11:50', '2000', { transaction: junk }), ended('12:00', junk));
    expect(outcome.transaction).toBeUndefined();
    expect(story.rows()).toHaveLength(0);
    expect(orphans(story).map((it) => it.data)).toMatchObject([
      { kind: 'ended', readings: [{ samples: [{ value: '2000' }] }] },
    ]);
  });
});

describe('a stop that names nobody fits only', () => {
  const orphaned = (facts: (story: Story) => void, stop: Fact): number => {
    const story = aStation();
    facts(story);
    story.at('12:30').hear(stop);
    return orphans(story).length;
  };
  it('a session that started not after it', () => {
    expect(orphaned((story) => story.at('12:20').hear(started('12:20')), ended('12:10', '-1'))).toBe(1);
  });
  it('a session whose last register is not above meterStop', () => {
    const facts = (story: Story) => {
      const transaction = id(story.hear(started('12:00')));
      story.at('12:20').hear(metered('12:20', '7000', { transaction }));
    };
    expect(orphaned(facts, ended('12:30', '-1', { meterStop: '6000' }))).toBe(1);
    expect(orphaned(facts, ended('12:30', '-1', { meterStop: '7000' }))).toBe(0);
  });
  it('a session of the same token or group', () => {
    const facts = (story: Story) =>
      story.decide('ABCD', 'accepted', 'family').decide('SON', 'accepted', 'family').hear(started('12:00'));
    expect(orphaned(facts, ended('12:30', '-1', { token: 'WXYZ' }))).toBe(1);
    expect(orphaned(facts, ended('12:30', '-1', { token: 'SON' }))).toBe(0);
  });
  it('a session whose token could not be read when it began, and is this one', () => {
    const story = aStation();
    for (const token of ['ABCD', 'WXYZ']) story.decide(token, 'accepted', undefined, 'offline');
    story.hear(started('12:00'));
    story.hear(started('12:00', { evse: 2, token: 'WXYZ' }));
    for (const token of ['ABCD', 'WXYZ', 'OTHER']) story.decide(token, 'accepted');
    story.at('12:30').hear(ended('12:30', '-1', { token: 'OTHER' }));
    expect(orphans(story)).toHaveLength(1);
    story.hear(ended('12:31', '-1', { token: 'ABCD', meterStop: '5000' }));
    expect(orphans(story)).toHaveLength(1);
    expect(story.rows().map(({ evse, status, energyWh }) => [evse, status, energyWh])).toEqual([
      [1, 'closed', 4000],
      [2, 'active', 0],
    ]);
  });
  it('not a session that cannot have been given so much in the time', () => {
    const story = aStation();
    story.hear(started('12:00'));
    story.at('12:30').hear(ended('12:30', '-1', { meterStop: '700000' }));
    expect(story.row().status).toBe('active');
    expect(orphans(story)).toHaveLength(1);
  });
  it('first one whose start’s answer was not seen to arrive', () => {
    const story = aStation();
    const first = id(story.hear(started('12:00')));
    story.put({ kind: 'answerSeen', messageId: 'message-1' });
    story.hear(started('12:00', { evse: 2 }));
    story.at('12:30').hear(ended('12:30', '-1', { token: 'ABCD' }));
    expect(story.rows().map((it) => it.status)).toEqual(['active', 'closed']);
    expect(story.row(0).transactionId).toBe(first);
  });
  it('and the answer to a start that was told again has arrived when that one has', () => {
    const story = aStation();
    story.hear(started('12:00'));
    story.hear(started('12:00'));
    story.put({ kind: 'answerSeen', messageId: 'message-2' });
    story.hear(started('12:00', { evse: 2 }));
    story.at('12:30').hear(ended('12:30', '-1', { token: 'ABCD' }));
    expect(story.rows().map((it) => it.status)).toEqual(['active', 'closed']);
  });
  it('else one whose answer arrived, where exactly one session is open on the whole station', () => {
    const story = aStation();
    const transaction = id(story.hear(started('12:00')));
    story.at('12:10').hear(metered('12:10', '2000', { transaction }));
    story.at('12:30').hear(ended('12:30', '-1'));
    expect(story.row().status).toBe('closed');
  });
  it('none of several whose answers arrived', () => {
    const story = aStation();
    const [one, two] = [
      id(story.hear(started('12:00'))),
      id(story.hear(started('12:00', { evse: 2, meterStart: '50000' }))),
    ];
    story.hear(metered('12:00', '1000', { transaction: one }));
    story.hear(metered('12:00', '50000', { transaction: two, evse: 2 }));
    story.at('12:30').hear(ended('12:30', '-1', { meterStop: '6000' }));
    expect(orphans(story)).toHaveLength(1);
  });
});

describe('the answer to a start', () => {
  it('that was seen to arrive is told to the log with the next unit, at no commit of its own', () => {
    const story = aStation();
    story.hear(started('12:00'));
    expect(story.put({ kind: 'answerSeen', messageId: 'message-1' }).events).toHaveLength(0);
    expect(story.hear({ kind: 'seen' }).events.map((it) => it.type)).toEqual(['session.answered']);
    expect(story.put({ kind: 'answerSeen', messageId: 'message-1' }).events).toHaveLength(0);
    expect(story.hear({ kind: 'seen' }).events).toHaveLength(0);
  });
  it('has arrived when the station names the transaction, which needs no telling', () => {
    const story = aStation();
    const transaction = id(story.hear(started('12:00')));
    story.put({ kind: 'answerSeen', messageId: 'message-1' });
    story.hear(metered('12:00', '1000', { transaction }));
    expect(story.types()).not.toContain('session.answered');
    expect(story.state.sessions[0]!.answered).toBe(true);
  });
  it('has arrived before the message that proves it is handled', () => {
    const story = aStation();
    story.hear(started('12:00'));
    story.put({ kind: 'answerSeen', messageId: 'message-1' });
    story.hear(started('12:00', { evse: 2 }));
    story.at('12:30').hear(ended('12:30', '-1', { token: 'ABCD' }));
    expect(story.rows().map((it) => it.status)).toEqual(['active', 'closed']);
  });
});

it('an orphan is reconciled when the late start of its session arrives', () => {
  const story = aStation({ clock: '12:30' });
  story.hear(ended('12:20', '77', { token: 'ABCD' }));
  expect(story.state.orphans).toHaveLength(1);
  story.hear(started('12:00'));
  expect(story.row()).toMatchObject({ status: 'closed', energyWh: 5000, flags: ['linkedStop'] });
  expect(story.state.orphans).toHaveLength(0);
});

it('of two orphans that fit a late start none is taken', () => {
  const story = aStation({ clock: '12:30' });
  story.hear(ended('12:20', '77'));
  story.hear(ended('12:25', '78'));
  story.hear(started('12:00'));
  expect(story.row().status).toBe('active');
  expect(story.state.orphans).toHaveLength(2);
});

it('meter values that are told again because our answer was lost are stored once', () => {
  const story = aStation();
  const transaction = id(story.hear(started('12:00')));
  story.at('12:10').hear(metered('12:10', '2000', { transaction }));
  expect(story.hear(metered('12:10', '2000', { transaction })).events).toEqual([]);
  expect(story.hear(metered('12:10', '2001', { transaction })).events).toHaveLength(1);
});

it('meter values that name nothing go to the session of their connector and time, else they are an orphan’s', () => {
  const story = aStation();
  story.hear(started('12:00'));
  story.at('12:10').hear(metered('12:10', '2000', { transaction: '55' }));
  expect(story.row().energyWh).toBe(1000);
  story.hear(metered('12:10', '2000', { transaction: '55', evse: 2 }));
  expect(orphans(story).map((it) => it.data)).toMatchObject([{ kind: 'metered', transaction: '55', evse: 2 }]);
});

it('meter values without an id are the session’s whose interval holds them, else plain readings of the connector', () => {
  const story = aStation({ clock: '12:00' });
  const transaction = id(story.hear(started('12:00')));
  story.at('12:40').hear(metered('11:59', '1000'), metered('12:10', '2000'), metered('12:20', '3000', { evse: 2 }));
  expect(story.row().energyWh).toBe(1000);
  story.hear(ended('12:30', transaction));
  story.hear(metered('12:35', '6000'), metered('12:30', '6000'));
  const types = story.types().filter((it) => it.endsWith('metered'));
  expect(types).toEqual([
    'station.metered',
    'session.metered',
    'station.metered',
    'station.metered',
    'session.metered',
  ]);
});

describe('when our own clock was set', () => {
  it('a reading without an id is of what is open there, not of what ended too late', () => {
    const story = aStation({ clock: '12:00' });
    story.hear(started('12:00', { meterStart: '500' }));
    // Two hours ahead, and the station with us: the next start ends it at 14:20. Then two hours behind.
    const next = id(story.at('14:20').hear(started('14:20', { meterStart: '600' })));
    story.at('14:21').hear(ended('14:21', next, { meterStop: '700' }));
    story.at('10:40').hear(started('10:40', { meterStart: '700' }));
    story.at('12:45').hear(metered('12:45', '900'));
    expect(story.rows().map((it) => it.energyWh)).toEqual([0, 100, 200]);
  });

  it('a reading whose time nobody believes is of what is open there now', () => {
    const story = aStation({ clock: '13:00' });
    story.hear(started('13:00', { meterStart: '500' }));
    story.at('15:12').hear(started('15:12', { meterStart: '600' }));
    story.at('13:15').hear(metered('15:14', '690'));
    expect(story.rows().map((it) => it.energyWh)).toEqual([0, 90]);
  });
});

it('readings and states of connector 0 belong to the station', () => {
  const story = aStation();
  story.hear(started('12:00'));
  const before = story.row();
  story.at('12:10').hear(metered('12:10', '99000', { evse: 0 }), status('unavailable', '12:10', 0));
  expect(story.row()).toEqual(before);
  expect(story.types().slice(-2)).toEqual(['station.metered', 'connector.changed']);
});

it('readings of connector 0 belong to the station even where they name a transaction', () => {
  const story = aStation();
  const { id } = story.hear(started('12:00')).outcome.transaction!;
  const before = story.row();
  story.at('12:10').hear(metered('12:10', '99000', { evse: 0, transaction: id }));
  expect(story.row()).toEqual(before);
  expect(story.types().at(-1)).toBe('station.metered');
});

describe('a stop that names nobody and ends above where the next charge there began', () => {
  const stop = ended('12:05', '-1', { meterStop: '3000' });
  const next = started('12:10', { token: 'WXYZ', meterStart: '1200' });

  it('is not of the charge before it: an orphan', () => {
    const story = aStation();
    story.hear(started('12:00'));
    story.at('12:10').hear(next);
    story.at('12:30').hear(stop);
    expect(orphans(story)).toHaveLength(1);
    expect(story.row(0)).toMatchObject({ energyWh: 0 });
    expect(story.row(0).flags).toContain('estimatedEnd');
  });
  it('is doubted where it was linked before the next start came: held', () => {
    const story = aStation();
    story.hear(started('12:00'));
    story.at('12:30').hear(stop);
    expect(story.row(0)).toMatchObject({ energyWh: 2000, flags: ['linkedStop'] });
    story.at('12:31').hear(next);
    expect(story.row(0).flags).toEqual(['stopDoubted', 'linkedStop']);
    expect(story.corrected().at(-1)?.after).toMatchObject({ energyWh: 2000, held: true });
  });
  it('is its own where the register began anew, or the next charge began where it ended', () => {
    for (const meterStart of ['0', '1000', '3000']) {
      const story = aStation();
      story.hear(started('12:00'));
      story.at('12:30').hear(stop);
      story.at('12:31').hear(started('12:10', { token: 'WXYZ', meterStart }));
      expect(story.row(0)).toMatchObject({ energyWh: 2000, flags: ['linkedStop'] });
    }
  });
});
