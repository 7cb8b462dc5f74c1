import type { StationId } from '@plugga/kit';
import { describe, expect, it } from 'vitest';
import { aStation, booted, ended, metered, started, status, t } from '../session/story.test-station.ts';
import { viewOf } from './state.ts';

describe('an ordinary session', () => {
  it('goes from plug to closing and is billed to the watt-hour', () => {
    const story = aStation();
    story.hear(status('preparing', '12:00'));
    expect(story.row().status).toBe('pending');
    story.at('12:01');
    const { id } = story.hear(started('12:01')).outcome.transaction!;
    story.hear(status('charging', '12:01'));
    story.at('12:11').hear(metered('12:11', '2500', { transaction: id, watts: '9000' }));
    expect(story.row()).toMatchObject({ status: 'active', energyWh: 1500, powerW: 9000, meterStartWh: 1000 });
    story.at('12:31').hear(ended('12:31', id, { meterStop: '6000', reason: 'Local' }));
    story.hear(status('available', '12:31:05'));
    story.at('12:32');

    expect(story.row()).toMatchObject({
      status: 'closed',
      energyWh: 5000,
      meterStopWh: 6000,
      stopReason: 'Local',
      flags: [],
    });
    expect(story.rows()).toHaveLength(1);
    const [closed] = story.closed();
    expect(closed).toMatchObject({
      cdr: true,
      billable: { energyWh: 5000, held: false, timeZone: 'Europe/Stockholm', evseId: 'evse-1', location: 'site' },
    });
    expect(closed!.billable.curve.map((it) => it.wh)).toEqual([0, 1500, 5000]);
    expect(closed!.billable.states.map((it) => it.state)).toEqual(['plugged', 'charging']);
    expect(story.row().closedAt).toBe(t('12:31'));
    expect(story.effects.map((it) => it.kind)).toEqual(['settle']);
  });
});

describe('the state that was given', () => {
  it('is left as it was: a unit that is not stored can be forgotten', () => {
    const story = aStation();
    const transaction = story.hear(started('12:00')).outcome.transaction!.id;
    story.at('12:10').hear(metered('12:10', '2000', { transaction }));
    const before = story.state;
    const rows = JSON.stringify(story.rows());
    story.at('12:20').hear(metered('12:20', '9000', { transaction }));
    const other = aStation();
    other.state = before;
    expect(other.state.sessions[0]).toMatchObject({ tally: { wh: 1000 } });
    expect(JSON.stringify(aStation().rows())).not.toBe(rows);
    expect(before.sessions[0]!.registers.length).toBe(1);
  });
});

describe('registration', () => {
  it('belongs to the station: it is told at boot and holds across sockets and restarts', () => {
    const story = aStation();
    expect(story.hear(booted()).outcome.registration).toEqual({ status: 'accepted', intervalSeconds: 300 });
    story.online(false).online(true).restart();
    expect(story.hear({ kind: 'seen' }).outcome.registration?.status).toBe('accepted');
  });
  it('is answered and not stored again while a station boots over and over', () => {
    const story = aStation();
    story.hear(booted());
    expect(story.hear(booted()).events).toEqual([]);
    expect(story.at('12:01').hear(booted()).events).toHaveLength(1);
    expect(story.hear(booted({ firmware: '2' }) as never).events).toHaveLength(1);
  });
  it('a socket open without boot is asked for one after 30 s, once, and served meanwhile', () => {
    const story = aStation().online(true);
    story.at('12:00:29');
    expect(story.effects).toEqual([]);
    expect(story.hear(started('12:00:10')).outcome.transaction).toBeDefined();
    story.at('12:30');
    expect(story.effects).toEqual([{ kind: 'trigger', message: 'boot' }]);
  });
  it('a station that has booted before is not asked again when it comes back', () => {
    const story = aStation();
    story.hear(booted());
    story.online(false).online(true).at('13:00');
    expect(story.effects).toEqual([]);
  });
});

describe('a command', () => {
  it('is told as it goes on, and what a read gave becomes variables, by any spelling', () => {
    const story = aStation();
    const variables = [{ name: 'HeartbeatInterval', value: '300', readonly: false }];
    const result = { status: 'accepted', variables } as const;
    story.put({ kind: 'command', command: 'c', name: 'readVariables', status: 'accepted', result, actor: 'key:1' });
    expect(story.log.map((it) => [it.type, it.actor])).toEqual([
      ['command.changed', 'key:1'],
      ['station.variablesReported', 'key:1'],
    ]);
    const view = viewOf(story.restart().state, { station: 's' as StationId, identity: 'one', protocol: 'ocpp1.6' });
    expect([view.variable('heartbeatinterval'), view.variable('Other')]).toEqual(['300', undefined]);
  });
  it('of a reset has its effect with the next boot', () => {
    const story = aStation();
    story.put({ kind: 'command', command: 'reset-1', name: 'reset', status: 'accepted' });
    story.hear(booted());
    story.at('12:05').hear(booted());
    expect(story.effects.filter((it) => it.kind === 'effect')).toEqual([
      { kind: 'effect', command: 'reset-1', effect: 'booted' },
    ]);
  });
});

it('an adapter may know the station and the open transaction of each EVSE', () => {
  const story = aStation();
  story.hear(booted());
  const { id } = story.hear(started('12:00')).outcome.transaction!;
  const view = () => viewOf(story.state, { station: 's' as StationId, identity: 'one', protocol: 'ocpp1.6' });
  expect(view()).toMatchObject({ vendor: 'Acme', model: 'One', identity: 'one' });
  expect([view().transactionOn(1), view().transactionOn(2)]).toEqual([id, undefined]);
  story.at('12:10').hear(ended('12:10', id));
  expect(view().transactionOn(1)).toBeUndefined();
});

it('what departs from the specification, what is noted and what is suspicious is kept', () => {
  const story = aStation();
  story.put({
    kind: 'message',
    action: 'Heartbeat',
    messageId: 'm',
    facts: [{ kind: 'noted', topic: 'dataTransfer', data: { a: 1 } }],
    deviations: [{ code: 'tooLong', path: '/vendor', quirk: 'acme' }],
    relayed: { dataTransfer: { status: 'accepted' } },
  });
  story.put({ kind: 'security', what: 'takeOver', detail: 'twice' });
  expect(story.types()).toEqual(['station.noted', 'station.deviated', 'security.noted']);
});

describe('what was learnt of an action', () => {
  const learnt = {
    kind: 'learned',
    action: 'GetLog',
    state: 'unsupported',
    by: 'answer',
    detail: 'NotImplemented',
  } as const;

  it('is kept over a restart, and over boots of the same firmware', () => {
    const story = aStation();
    story.hear(booted({ firmware: '1.0' }));
    story.put(learnt);
    story.at('13:00').hear(booted({ firmware: '1.0' }));
    expect(story.restart().state.learnt).toMatchObject({ GetLog: { state: 'unsupported', by: 'answer' } });
  });

  it('is forgotten at another firmware', () => {
    const story = aStation();
    story.hear(booted({ firmware: '1.0' }));
    story.put(learnt);
    story.at('13:00').hear(booted({ firmware: '1.1' }));
    expect(story.state.learnt).toBeUndefined();
    expect(story.restart().state.learnt).toBeUndefined();
  });
});

it('what changes nothing is no unit: a heartbeat writes nothing', () => {
  const story = aStation();
  story.hear(booted());
  expect(story.hear({ kind: 'seen' })).toMatchObject({
    events: [],
    sessions: [],
    due: [],
    dueGone: [],
    stationChanged: false,
  });
});
