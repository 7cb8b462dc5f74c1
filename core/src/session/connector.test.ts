import { describe, expect, it } from 'vitest';
import { connectorAt } from '../station/state.ts';
import { aStation, booted, ended, metered, started, status, type Story, t } from './story.test-station.ts';

const open = (story: Story): string => story.hear(started('12:00')).outcome.transaction!.id;
const states = (story: Story, index = 0) =>
  story.closed()[index]!.billable.states.map((it) => `${it.from.slice(11, 16)} ${it.state}`);

describe('a connector’s state', () => {
  it('is the newest by the station’s own time, however late it comes', () => {
    const story = aStation();
    story.hear(status('charging', '11:50'));
    story.hear(status('preparing', '11:40'));
    expect(connectorAt(story.state, 1)!.status).toBe('charging');
    story.hear(status('finishing', '11:55'));
    expect(connectorAt(story.state, 1)!.status).toBe('finishing');
    expect(connectorAt(story.state, 1)!.history.map(([, what]) => what)).toEqual([
      'preparing',
      'charging',
      'finishing',
    ]);
  });
  it('of the future is clamped to when we heard it', () => {
    const story = aStation();
    story.hear(status('charging', '14:00'));
    expect(connectorAt(story.state, 1)!.at).toBe(t('12:00'));
    story.at('12:01').hear(status('finishing', '12:01'));
    expect(connectorAt(story.state, 1)!.status).toBe('finishing');
  });
  it('available, told after our clock was set back, ends a plug that seems to lie ahead of us', () => {
    const story = aStation({ clock: '12:05' });
    story.hear(status('preparing'));
    story.at('12:00').hear(status('available'));
    expect(story.row()).toMatchObject({ status: 'void' });
  });
  it('is what is told after our clock was set back, not what seems to lie ahead of us', () => {
    const story = aStation({ clock: '14:00' });
    story.hear(status('charging', '14:00'));
    story.at('12:00').hear(status('available', '12:00'));
    expect(connectorAt(story.state, 1)!.status).toBe('available');
  });
  it('that is told again is not stored again', () => {
    const story = aStation();
    story.hear(status('charging', '11:50'));
    expect(story.hear(status('charging', '11:50')).events).toEqual([]);
    expect(story.hear(status('charging')).events).toHaveLength(1);
  });
  it('of more EVSEs than a station can have is not kept, and opens no session', () => {
    const story = aStation();
    story.hear(...Array.from({ length: 400 }, (_, index) => status('preparing', undefined, index + 1)));
    expect(story.state.connectors).toHaveLength(256);
    expect(story.rows()).toHaveLength(256);
    const noted = story.log.filter(({ type }) => type === 'security.noted');
    expect(noted[0]?.data).toMatchObject({ kind: 'too-many-connectors', detail: 'EVSE 257, connector 1' });
    expect(noted.length).toBeLessThan(16);
    story.hear(status('charging', undefined, 3));
    expect(connectorAt(story.state, 3)!.status).toBe('charging');
  });
  it('keeps the error that came with it', () => {
    const story = aStation();
    story.hear({
      kind: 'status',
      evse: 1,
      connector: 1,
      status: 'faulted',
      raw: 'Faulted',
      time: undefined,
      error: { code: 'GroundFailure' },
    });
    expect(connectorAt(story.state, 1)).toMatchObject({ status: 'faulted', error: { code: 'GroundFailure' } });
  });
});

describe('a session reads the states of its connector', () => {
  it('from its plug to its unplug, SuspendedEV and SuspendedEVSE kept apart', () => {
    const story = aStation({ clock: '11:55' }).settle('unplug');
    story.hear(status('preparing', '11:55'));
    const id = open(story.at('12:00'));
    story.hear(status('charging', '12:00'));
    story.at('12:30').hear(status('suspendedEVSE', '12:10'), status('suspendedEV', '12:20'), ended('12:30', id));
    story.at('12:40').hear(status('finishing', '12:30'), status('available', '12:40'));
    expect(states(story)).toEqual([
      '11:55 plugged',
      '12:00 charging',
      '12:10 suspendedEVSE',
      '12:20 suspendedEV',
      '12:30 plugged',
    ]);
  });
  it('whenever they arrive: all of them before the start', () => {
    const story = aStation({ clock: '13:00' }).settle('unplug');
    story.hear(
      status('preparing', '11:55'),
      status('charging', '12:00'),
      status('suspendedEV', '12:20'),
      status('finishing', '12:30'),
      status('available', '12:40'),
    );
    story.hear(ended('12:30', open(story)));
    expect(story.row()).toMatchObject({ status: 'closed', flags: [] });
    expect(states(story)).toEqual(['11:55 plugged', '12:00 charging', '12:20 suspendedEV', '12:30 plugged']);
    expect(story.closed()[0]!.billable.unpluggedAt).toBe('2026-01-05T12:40:00.000Z');
  });
  it('whenever they arrive: all of them after the stop', () => {
    const story = aStation({ clock: '13:00' }).settle('unplug');
    story.hear(ended('12:30', open(story)));
    story.hear(
      status('preparing', '11:55'),
      status('charging', '12:00'),
      status('suspendedEV', '12:20'),
      status('finishing', '12:30'),
      status('available', '12:40'),
    );
    expect(states(story)).toEqual(['12:00 charging', '12:20 suspendedEV', '12:30 plugged']);
  });
  it('and none of after its unplug', () => {
    const story = aStation({ clock: '13:00' });
    story.hear(ended('12:30', open(story)));
    story.hear(status('available', '12:40'), status('faulted', '12:50'));
    expect(story.log.at(-1)).toMatchObject({ type: 'connector.changed' });
  });
  it('and charges from start to end where the station says none', () => {
    const story = aStation();
    story.hear(ended('12:00', open(story), { meterStop: '1000' }));
    const other = story.at('12:30').hear(started('12:30')).outcome.transaction!.id;
    story.at('12:40').hear(ended('12:40', other));
    expect(states(story, 1)).toEqual(['12:30 charging']);
  });
});

describe('an open session is suspect', () => {
  it('when its connector becomes available, and ends from its last register after 15 min', () => {
    const story = aStation();
    const transaction = open(story);
    story.at('12:10').hear(metered('12:10', '2000', { transaction }));
    story.at('12:11').hear(status('available', '12:11'));
    expect(story.row()).toMatchObject({ status: 'active', flags: ['suspect'] });
    story.at('12:25:59');
    expect(story.row().status).toBe('active');
    story.at('12:26');
    expect(story.row()).toMatchObject({
      status: 'closed',
      endedAt: t('12:10'),
      energyWh: 1000,
      flags: ['estimatedEnd'],
    });
  });
  it('when the station boots, and waits for unplug or 12 h before it closes', () => {
    const story = aStation();
    const transaction = open(story);
    story.at('12:10').hear(metered('12:10', '2000', { transaction }));
    story.at('12:20').hear(booted());
    story.at('12:35');
    expect(story.row()).toMatchObject({ status: 'ended', flags: ['estimatedEnd'] });
    story.at('12:40').hear(status('available', '12:40'));
    expect(story.row().status).toBe('closed');
  });
  it.each([
    ['reading', (transaction: string) => metered('12:12', '2100', { transaction })],
    ['reading of its connector', () => metered('12:12', '2100')],
    ['Charging status', () => status('charging', '12:12')],
  ])('until a later %s', (_, fact) => {
    const story = aStation();
    const transaction = open(story);
    story.at('12:11').hear(status('available', '12:11'));
    story.at('12:12').hear(fact(transaction));
    expect(story.row().flags).toEqual([]);
    story.at('13:00');
    expect(story.row().status).toBe('active');
  });
  it('and what is read after such an end is still its own: it ends later, and no second session charges beside it', () => {
    const story = aStation();
    open(story);
    story.hear(status('charging', '12:00'));
    story.at('12:10').hear(booted());
    expect(story.at('12:30').row()).toMatchObject({ status: 'ended', energyWh: 0 });
    for (const [minute, wh] of [
      ['12:45', '10000'],
      ['12:50', '11000'],
    ] as const)
      story.at(minute).hear(metered(minute, wh));
    expect(story.rows()).toMatchObject([
      { status: 'ended', energyWh: 10_000, endedAt: t('12:50'), flags: ['estimatedEnd'] },
    ]);
    story.at('13:00').hear(status('available', '13:00'));
    expect(story.closed()).toMatchObject([{ billable: { energyWh: 10_000 } }]);
    expect(story.corrected()).toEqual([]);
  });

  it('and what was read between such an end and the unplug is its own, however late it is told', () => {
    const story = aStation();
    const transaction = open(story);
    story.at('12:10').hear(metered('12:10', '2000', { transaction }));
    story.hear(booted());
    story.at('12:40').hear(status('available', '12:35'));
    expect(story.row()).toMatchObject({ status: 'closed', energyWh: 1000 });
    story.hear(metered('12:30', '4000', { transaction }));
    expect(story.row()).toMatchObject({ energyWh: 3000, endedAt: t('12:30') });
    expect(story.corrected()).toMatchObject([{ after: { energyWh: 3000 } }]);
    story.hear(metered('12:38', '5000', { transaction }));
    expect(story.row()).toMatchObject({ energyWh: 3000 });
  });

  it('and what is read after such an end and another start is not its own', () => {
    const story = aStation();
    const transaction = open(story);
    story.at('12:10').hear(metered('12:10', '2000', { transaction }));
    story.hear(booted());
    story.at('12:30').hear(started('12:30', { token: 'WXYZ', meterStart: '5000' }));
    story.at('12:40').hear(metered('12:40', '9000', { transaction }));
    expect(story.row(0)).toMatchObject({ energyWh: 1000 });
  });

  it('still, while the station sends readings of before: the silence is counted from the last of them', () => {
    const story = aStation();
    const transaction = open(story);
    story.at('12:11').hear(booted());
    story.at('12:20').hear(metered('12:05', '2000', { transaction }));
    story.at('12:34');
    expect(story.row()).toMatchObject({ status: 'active', flags: ['suspect'] });
    story.at('12:35');
    expect(story.row()).toMatchObject({ status: 'ended', endedAt: t('12:05') });
  });
  it('of no EVSE when every connector of the station is available', () => {
    const story = aStation();
    story.hear(started('12:00', { evse: 0 }), status('charging', '12:00', 2));
    story.at('12:10').hear(status('available', '12:10', 1));
    expect(story.row().flags).not.toContain('suspect');
    story.at('12:20').hear(status('available', '12:20', 2));
    expect(story.row()).toMatchObject({ status: 'active', evse: null });
    expect(story.row().flags).toContain('suspect');
    story.at('12:35');
    expect(story.row().status).toBe('ended');
  });
  it('for three sample intervals where those are longer than 15 min', () => {
    const story = aStation();
    const transaction = open(story);
    story.at('12:10').hear(metered('12:00', '1000', { transaction }), metered('12:10', '2000', { transaction }));
    story.at('12:11').hear(status('available', '12:11'));
    story.at('12:40');
    expect(story.row().status).toBe('active');
    story.at('12:41');
    expect(story.row().status).toBe('closed');
  });
  it.each(['MeterValueSampleInterval', 'SampledDataCtrlr/TxUpdatedInterval'])(
    'for three intervals of %s where those are longer, though little was read yet',
    (name) => {
      const story = aStation();
      const result = { status: 'accepted', variables: [{ name, value: '1200', readonly: false }] } as const;
      story.put({ kind: 'command', command: 'c', name: 'readVariables', status: 'accepted', result });
      open(story);
      story.at('12:11').hear(status('available', '12:11'));
      story.at('13:10');
      expect(story.row().status).toBe('active');
      story.at('13:11');
      expect(story.row().status).toBe('closed');
    },
  );
  it('for 3 h at most, however far apart a clock that was set makes its readings', () => {
    const story = aStation({ clock: '14:00' });
    const transaction = story.hear(started('12:00')).outcome.transaction!.id;
    story.hear(metered('12:10', '1000', { transaction }), metered('14:00', '2000', { transaction }));
    story.at('14:01').hear(status('available', '14:01'));
    story.at('17:00:30');
    expect(story.row().status).toBe('active');
    story.at('17:01');
    expect(story.row().status).toBe('closed');
  });
  it('and keeps what was read while our clock was ahead, however late it ends by it', () => {
    const story = aStation({ clock: '12:10' });
    const transaction = story.hear(started('12:00')).outcome.transaction!.id;
    story.hear(metered('12:10', '2000', { transaction }));
    story.at('14:20').hear(metered('14:20', '3000', { transaction }));
    story.at('12:27').hear(status('available', '12:27'));
    story.at('17:30');
    expect(story.row()).toMatchObject({ status: 'closed', energyWh: 2000, flags: ['estimatedEnd'] });
  });
  it('when the station boots after our clock was set back, though its last boot seems to lie ahead of us', () => {
    const story = aStation({ clock: '14:00' });
    story.hear(booted());
    story.at('12:00');
    open(story);
    story.at('12:20').hear(booted());
    expect(story.row().flags).toContain('suspect');
  });
  it('when the station boots within a minute of its last boot, and has told of it in between', () => {
    const story = aStation({ clock: '11:59:30' });
    story.hear(booted());
    story.at('12:00');
    open(story);
    expect(story.hear(booted()).events.map(({ type }) => type)).toEqual(['station.booted', 'session.flagged']);
    expect(story.row().flags).toEqual(['suspect']);
    expect(story.at('12:00:20').hear(booted()).events).toEqual([]);
  });
  it('never by an Available that was 60 s old when it came', () => {
    const story = aStation();
    open(story);
    story.at('12:12').hear(status('available', '12:11'));
    expect(story.row().flags).toEqual([]);
  });
  it('never by another connector’s Available', () => {
    const story = aStation();
    open(story);
    story.at('12:12').hear(status('available', '12:12', 2));
    expect(story.row().flags).toEqual([]);
  });
  it('and is not ended while the station is offline, nor for 15 min after it came back', () => {
    const story = aStation();
    open(story);
    story.at('12:11').hear(status('available', '12:11'));
    story.online(false).at('14:00');
    expect(story.row().status).toBe('active');
    story.online(true).at('14:14');
    expect(story.row().status).toBe('active');
    story.at('14:15');
    expect(story.row().status).toBe('closed');
  });
  it('and is not ended for 15 min after our own start', () => {
    const story = aStation();
    open(story);
    story.at('12:11').hear(status('available', '12:11'));
    story.at('12:20').restart().at('12:34');
    expect(story.row().status).toBe('active');
    story.at('12:36');
    expect(story.row().status).toBe('closed');
  });
  it('and no more once its stop comes', () => {
    const story = aStation();
    const id = open(story);
    story.at('12:11').hear(status('available', '12:11'), ended('12:10', id));
    expect(story.row()).toMatchObject({ status: 'closed', flags: [] });
  });
});

describe('charging status with a rising register and no start', () => {
  const idle = (story: Story) => {
    story.hear(status('charging', '12:00'));
    story.at('12:01').hear(metered('12:01', '5000'));
    story.at('12:02').hear(metered('12:02', '5100'));
  };
  it('makes an estimated start after 2 min, flagged and held', () => {
    const story = aStation();
    idle(story);
    expect(story.rows()).toHaveLength(0);
    story.at('12:03').hear(metered('12:03', '5200'));
    expect(story.row()).toMatchObject({
      status: 'active',
      startedAt: t('12:01'),
      energyWh: 200,
      flags: ['estimatedStart'],
    });
    story.at('12:10').hear(metered('12:10', '6000'));
    expect(story.row().energyWh).toBe(1000);
    story.at('12:11').hear(status('available', '12:11'));
    story.at('12:40');
    expect(story.closed()).toMatchObject([{ cdr: true, billable: { energyWh: 1000, held: true } }]);
  });
  it('takes the request that waited for it', () => {
    const story = aStation();
    story.put({
      kind: 'request',
      evse: 1,
      token: { id: 'token-ABCD' },
      decision: { ref: { id: 'token-ABCD' }, by: 'local', status: 'accepted' },
      remoteStartId: 1,
      actor: 'key:1',
    });
    idle(story);
    story.at('12:03').hear(metered('12:03', '5200'));
    expect(story.rows()).toHaveLength(1);
    expect(story.row()).toMatchObject({ status: 'active', token: 'token-ABCD' });
  });
  it('takes the real start when it comes', () => {
    const story = aStation();
    idle(story);
    story.at('12:03').hear(metered('12:03', '5200'));
    story.at('12:04').hear(started('12:00', { meterStart: '4990' }));
    expect(story.rows()).toHaveLength(1);
    expect(story.row()).toMatchObject({ startedAt: t('12:00'), meterStartWh: 4990, flags: [] });
  });
  it('makes none while the register stands still, or the connector does not charge', () => {
    const story = aStation();
    story.hear(status('charging', '12:00'));
    for (const minute of ['12:01', '12:02', '12:03', '12:04']) story.at(minute).hear(metered(minute, '5000'));
    story.hear(status('available', '12:00', 2));
    for (const minute of ['12:05', '12:06', '12:07', '12:08'])
      story.at(minute).hear(metered(minute, minute.slice(3) + '000', { evse: 2 }));
    expect(story.rows()).toHaveLength(0);
  });
});
