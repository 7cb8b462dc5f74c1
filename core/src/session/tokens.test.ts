import { iso } from '@plugga/kit';
import { describe, expect, it } from 'vitest';
import { aStation, ended, metered, started, status, t } from './story.test-station.ts';

const attempt = (value: string) => ({ kind: 'attempted', token: { value } }) as const;

describe('tokens', () => {
  it('an Authorize opens no session: it is an attempt on the station’s stream', () => {
    const story = aStation().decide('WXYZ', 'invalid');
    expect(story.hear(attempt('ABCD')).outcome.authorization).toEqual({ status: 'accepted' });
    expect(story.hear(attempt('WXYZ')).outcome.authorization).toEqual({ status: 'invalid' });
    expect(story.rows()).toHaveLength(0);
    expect(story.log.map((it) => it.data)).toMatchObject([{ status: 'accepted' }, { status: 'invalid' }]);
  });

  it('a start with a refused token is stored too, with its real id', () => {
    const story = aStation().decide('ABCD', 'blocked');
    const { outcome } = story.hear(started('12:00'));
    expect(Number(outcome.transaction!.id)).toBeGreaterThan(0);
    expect(outcome.authorization).toEqual({ status: 'blocked' });
    expect(story.row()).toMatchObject({ status: 'active', transactionId: outcome.transaction!.id });
  });

  it('a refused session with no energy closes without CDR', () => {
    const story = aStation().decide('ABCD', 'invalid');
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.at('12:01').hear(ended('12:01', id, { meterStop: '1000' }));
    expect(story.closed()).toMatchObject([{ cdr: false, billable: { energyWh: 0 } }]);
  });

  it('a session with no energy and no token that was accepted closes without CDR', () => {
    const story = aStation();
    const { id } = story.hear({ ...started('12:00'), token: undefined } as never).outcome.transaction!;
    story.at('12:01').hear(ended('12:01', id, { meterStop: '1000', token: undefined }));
    expect(story.closed()).toMatchObject([{ cdr: false, billable: { energyWh: 0 } }]);
    expect(story.closed()[0]!.billable.token).toBeUndefined();
  });

  it('an accepted session with no energy has a CDR: a fee for the start may be due', () => {
    const story = aStation();
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.at('12:01').hear(ended('12:01', id, { meterStop: '1000' }));
    expect(story.closed()).toMatchObject([{ cdr: true, billable: { energyWh: 0 } }]);
  });

  it('a refused session with energy has a CDR and is held: who pays is for the operator to say', () => {
    const story = aStation().decide('ABCD', 'invalid');
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.at('12:30').hear(ended('12:30', id));
    expect(story.closed()).toMatchObject([{ cdr: true, billable: { energyWh: 5000, held: true, flags: ['refused'] } }]);
  });

  it('accepted by the offline rules it says so for good, is billed, and an accepted stranger changes nothing', () => {
    const story = aStation()
      .decide('ABCD', 'accepted', undefined, 'offline')
      .decide('WXYZ', 'accepted', undefined, 'offline');
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    const other = story.hear(started('12:00', { evse: 2, token: 'OTHER' })).outcome.transaction!.id;
    expect(story.row(0).flags).toEqual(['offlineAuthorized']);
    story.decide('ABCD', 'accepted').at('12:30').hear(ended('12:30', id));
    story.hear(ended('12:30', other));
    expect(story.closed()).toMatchObject([
      { cdr: true, billable: { energyWh: 5000, held: false, flags: ['offlineAuthorized'] } },
      { cdr: true, billable: { flags: [] } },
    ]);
  });

  it('a stranger’s refused card has no effect', () => {
    const story = aStation().decide('WXYZ', 'invalid');
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.hear(attempt('WXYZ'));
    story.at('12:05').hear(metered('12:05', '2000', { transaction: id, watts: '9000' }));
    expect(story.row()).toMatchObject({ status: 'active', flags: [] });
    expect(story.effects).toEqual([]);
  });

  it('a stop is never refused: the same token, or one of its group, is accepted whatever became of it', () => {
    const story = aStation().decide('ABCD', 'accepted', 'family');
    const one = story.hear(started('12:00')).outcome.transaction!.id;
    const two = story.hear(started('12:00', { evse: 2 })).outcome.transaction!.id;
    story.decide('ABCD', 'expired', 'family').decide('SON', 'blocked', 'family').at('12:10');
    expect(story.hear(ended('12:10', one, { token: 'ABCD' })).outcome.authorization).toEqual({ status: 'accepted' });
    expect(story.hear(ended('12:10', two, { token: 'SON' })).outcome.authorization).toEqual({ status: 'accepted' });
  });

  it('a stranger’s stop ends the session and is told what its token is worth', () => {
    const story = aStation().decide('WXYZ', 'invalid');
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.at('12:10');
    expect(story.hear(ended('12:10', id, { token: 'WXYZ' })).outcome.authorization).toEqual({ status: 'invalid' });
    expect(story.row()).toMatchObject({ status: 'closed', token: 'token-ABCD' });
  });
});

describe('a refused token', () => {
  const refused = () => aStation().decide('ABCD', 'invalid');

  it('is asked to stop when energy still flows 30 s later', () => {
    const story = refused();
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.hear(status('charging', '12:00'));
    story.at('12:00:29');
    expect(story.effects).toEqual([]);
    story.at('12:00:31');
    expect(story.effects).toEqual([{ kind: 'stop', session: story.row().id, transaction: id, reason: 'refused' }]);
    story.at('12:05').hear(metered('12:05', '2000', { transaction: id, watts: '9000' }));
    expect(story.effects).toHaveLength(1);
  });
  it('is asked to stop when energy begins to flow later', () => {
    const story = refused();
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.at('12:05').hear(metered('12:05', '1000', { transaction: id, watts: '0' }));
    expect(story.effects).toEqual([]);
    story.at('12:06').hear(metered('12:06', '1100', { transaction: id, watts: '9000' }));
    expect(story.effects).toHaveLength(1);
  });
  it('is asked to stop by a register that tells no unit, too', () => {
    const story = refused();
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    for (const [at, value] of [
      ['12:05', '1.000'],
      ['12:06', '1.000'],
      ['12:07', '1.001'],
    ] as const) {
      expect(story.effects).toEqual([]);
      const time = iso(t(at));
      const samples = [{ value, measurand: 'Energy.Active.Import.Register' }];
      story.at(at).hear({ kind: 'metered', transaction: { id }, evse: 1, readings: [{ time, samples }] });
    }
    expect(story.effects.map((it) => it.kind)).toEqual(['stop']);
  });
  it('is left alone when it ended in the meantime, or nothing flows', () => {
    const story = refused();
    const { id } = story.hear(started('12:00')).outcome.transaction!;
    story.hear(status('suspendedEVSE', '12:00'));
    story.at('12:01').hear(ended('12:01', id, { meterStop: '1000' }));
    story.at('12:10');
    expect(story.effects.map((it) => it.kind)).toEqual(['settle']);
  });
  it('on a quiet station is never asked to stop, until it is quiet no more', () => {
    const story = refused().quiet(true);
    story.hear(started('12:00'), status('charging', '12:00'));
    story.at('12:10').hear(metered('12:10', '2000', { watts: '9000' }));
    expect(story.effects).toEqual([]);
    expect(story.types()).not.toContain('session.stopRequested');
    story
      .quiet(false)
      .at('12:11')
      .hear(metered('12:11', '2100', { watts: '9000' }));
    expect(story.effects.map((it) => it.kind)).toEqual(['stop']);
  });
  it('on an offline station waits until it is back', () => {
    const story = refused();
    story.hear(started('12:00'), status('charging', '12:00'));
    story.online(false).at('12:10');
    expect(story.effects).toEqual([]);
    story.online(true);
    expect(story.effects.map((it) => it.kind)).toEqual(['stop']);
  });
});
