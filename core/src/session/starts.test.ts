import { describe, expect, it } from 'vitest';
import { restore } from '../station/restore.ts';
import { aStation, ended, metered, ref, started, status, type Story, t } from './story.test-station.ts';

const id = (handled: ReturnType<Story['hear']>): string => handled.outcome.transaction!.id;
const request = (story: Story, o: { evse?: number; token?: string; remoteStartId?: number; command?: string } = {}) =>
  story.put({
    kind: 'request',
    evse: o.evse,
    token: ref(o.token ?? 'ABCD'),
    decision: { ref: ref(o.token ?? 'ABCD'), by: 'local', status: 'accepted', reference: 'partner-7' },
    remoteStartId: o.remoteStartId ?? 1,
    command: o.command,
    actor: 'key:1',
  });

describe('a repeated start is the same transaction by content', () => {
  it('gets the same transaction id with another message id', () => {
    const story = aStation();
    expect(id(story.hear(started('12:00')))).toBe(id(story.hear(started('12:00'))));
    expect(story.rows()).toHaveLength(1);
    expect(story.types().filter((it) => it === 'session.started')).toHaveLength(1);
  });

  it('across our restarts, after its meter values and after its stop', () => {
    const story = aStation();
    const first = id(story.hear(started('12:00')));
    expect(id(story.restart().at('12:05').hear(started('12:00')))).toBe(first);
    story.hear(metered('12:05', '2000', { transaction: first }));
    expect(id(story.restart().hear(started('12:00')))).toBe(first);
    story.at('12:10').hear(ended('12:10', first));
    expect(id(story.restart().at('13:00').hear(started('12:00')))).toBe(first);
    expect(story.rows()).toHaveLength(1);
  });

  it('when many sessions have come since and it is no longer in memory', () => {
    const story = aStation();
    const first = id(story.hear(started('12:00')));
    story.hear(ended('12:00:10', first, { meterStop: '1000' }));
    for (let minute = 1; minute < 40; minute += 1) {
      story.at(`12:${String(minute).padStart(2, '0')}`);
      const at = `12:${String(minute).padStart(2, '0')}`;
      story.hear(ended(at, id(story.hear(started(at, { meterStart: String(minute) }))), { meterStop: String(minute) }));
    }
    expect(story.state.sessions.length).toBeLessThan(12);
    expect(id(story.hear(started('12:00')))).toBe(first);
    expect(id(story.restart().hear(started('12:00')))).toBe(first);
    expect(story.rows()).toHaveLength(40);
  });

  it('when its clock was a little ahead and it is told again after all has left the memory', () => {
    const story = aStation({ clock: '12:00' });
    const first = id(story.hear(started('12:00:10')));
    story.at('12:00:12').hear(ended('12:00:12', first, { meterStop: '1000' }));
    expect(id(story.restart().at('12:01').hear(started('12:00:10')))).toBe(first);
    expect(story.rows()).toHaveLength(1);
  });

  it('other token, connector, time or register make another one', () => {
    const story = aStation({ clock: '12:30' });
    const ids = [
      started('12:00'),
      started('12:00', { token: 'WXYZ' }),
      started('12:00', { evse: 2 }),
      started('12:01'),
      started('12:00', { meterStart: '1001' }),
    ].map((fact) => id(story.hear(fact)));
    expect(new Set(ids).size).toBe(5);
    for (const it of ids) expect(Number(it)).toSatisfy((n: number) => Number.isInteger(n) && n >= 1 && n < 2 ** 31);
  });

  it('with an untrusted clock a stop makes the next equal start a new one', () => {
    const story = aStation();
    const unset = { raw: '1970-01-01T00:00:07Z' };
    const first = id(story.hear(started(undefined, unset)));
    expect(id(story.hear(started(undefined, unset)))).toBe(first);
    story.at('12:10').hear(ended('12:10', first));
    const second = id(story.at('12:20').hear(started(undefined, unset)));
    expect(second).not.toBe(first);
    expect(id(story.hear(started(undefined, unset)))).toBe(second);
    expect(story.rows()).toHaveLength(2);
    expect(story.row(0).flags).toContain('untrustedTime');
  });

  it('with an untrusted clock another start on the connector does so too', () => {
    const story = aStation();
    const unset = { raw: '2099-01-01T00:00:00Z' };
    const first = id(story.hear(started(undefined, unset)));
    story.at('12:10').hear(started('12:10', { token: 'WXYZ' }));
    expect(id(story.at('12:20').hear(started(undefined, unset)))).not.toBe(first);
    expect(story.rows()).toHaveLength(3);
  });

  it('a start that was believed when it was told first is the same when our own clock has been set back since', () => {
    const story = aStation({ clock: '12:05' });
    const first = id(story.hear(started('12:00')));
    story.at('12:10').hear(ended('12:10', first));
    expect(id(story.at('10:10').hear(started('12:00')))).toBe(first);
    expect(story.rows()).toHaveLength(1);
  });

  it('the next value is taken where the id is taken at that station', () => {
    const story = aStation();
    const first = id(story.hear(started('12:00')));
    const other = aStation();
    // The same content at the same station would have drawn the same id: here another session holds it already.
    other.put({ kind: 'connected', protocol: 'ocpp1.6', generation: 1, securityProfile: 0 });
    const row = {
      ...story.row(),
      id: 'older' as never,
      status: 'closed' as const,
      startKey: 'other',
      startedAt: t('09:00'),
      endedAt: t('10:00'),
    };
    other.state = { ...other.state, shelf: [row] };
    expect(id(other.hear(started('12:00')))).toBe(String(Number(first) + 1));
  });
});

describe('a start belongs', () => {
  it('to the request for that connector with the same token', () => {
    const story = aStation();
    request(story, { evse: 1, command: 'command-1' });
    story.at('12:01').hear(started('12:01'));
    expect(story.rows()).toHaveLength(1);
    expect(story.row()).toMatchObject({ status: 'active', token: 'token-ABCD' });
    expect(story.effects).toContainEqual({ kind: 'effect', command: 'command-1', effect: story.row().id });
  });

  it('to the request that names no connector', () => {
    const story = aStation();
    request(story);
    story.at('12:01').hear(started('12:01', { evse: 2 }));
    expect(story.rows()).toHaveLength(1);
    expect(story.row()).toMatchObject({ status: 'active', evse: 2, evseId: 'evse-2' });
  });

  it('to the request that had not expired at the start’s own time, however late it is told', () => {
    const story = aStation();
    request(story, { evse: 1 });
    story.at('12:30');
    expect(story.row().status).toBe('void');
    story.hear(started('12:04'));
    expect(story.rows()).toHaveLength(1);
    expect(story.row().status).toBe('active');
  });

  it('to a new session when the request had expired', () => {
    const story = aStation();
    request(story, { evse: 1 });
    story.at('12:30').hear(started('12:29'));
    expect(story.rows().map((it) => it.status)).toEqual(['void', 'active']);
  });

  it('to a new session when it has another token; the request is left alone and expires to void', () => {
    const story = aStation();
    request(story, { evse: 1 });
    story.at('12:01').hear(started('12:01', { token: 'WXYZ' }));
    expect(story.rows().map((it) => [it.status, it.token])).toEqual([
      ['pending', 'token-ABCD'],
      ['active', 'token-WXYZ'],
    ]);
    story.at('12:10');
    expect(story.row().status).toBe('void');
  });

  it('to the pending session that the plug opened', () => {
    const story = aStation();
    story.hear(status('preparing', '12:00'));
    story.at('12:02').hear(started('12:02'));
    expect(story.rows()).toHaveLength(1);
    expect(story.row().status).toBe('active');
  });

  it('to a new session where the plug waits for another token', () => {
    const story = aStation();
    story.hear(status('preparing', '12:00'));
    request(story, { evse: 1 });
    expect(story.rows()).toHaveLength(1);
    story.at('12:02').hear(started('12:02', { token: 'WXYZ' }));
    expect(story.rows().map((it) => it.status)).toEqual(['pending', 'active']);
  });

  it('and one that takes a request expires the plug’s own pending session there, and keeps its plug', () => {
    const story = aStation();
    request(story);
    story.at('12:01').hear(status('preparing', '12:01'));
    expect(story.rows()).toHaveLength(2);
    story.at('12:02').hear(started('12:02'));
    expect(story.rows().map((it) => it.status)).toEqual(['active', 'void']);
    story.hear(status('charging', '12:02'));
    story.at('12:30').hear(ended('12:30', story.row().transactionId!));
    expect(story.closed()[0]!.billable.states[0]).toMatchObject({ state: 'plugged', from: '2026-01-05T12:01:00.000Z' });
  });

  it('at connector 0 to a session without EVSE, flagged and held', () => {
    const story = aStation();
    const transaction = id(story.hear(started('12:00', { evse: 0 })));
    story.at('12:30').hear(ended('12:30', transaction));
    expect(story.row()).toMatchObject({ evse: null, evseId: null, status: 'closed', flags: ['noEvse'] });
    expect(story.closed()[0]!.billable.held).toBe(true);
  });

  it('at connector -1 to a session without EVSE, flagged and held', () => {
    const story = aStation();
    const transaction = id(story.hear(started('12:00', { evse: -1 })));
    story.at('12:30').hear(ended('12:30', transaction));
    expect(story.row()).toMatchObject({ evseId: null, status: 'closed', flags: ['noEvse'] });
    expect(story.closed()[0]!.billable.held).toBe(true);
  });
});

describe('a request', () => {
  it('joins the session that the plug opened', () => {
    const story = aStation();
    story.hear(status('preparing', '12:00'));
    request(story, { evse: 1 });
    expect(story.rows()).toHaveLength(1);
    expect(story.row()).toMatchObject({ status: 'pending', token: 'token-ABCD' });
  });
  it('that is made again with the same remoteStartId is that one', () => {
    const story = aStation();
    request(story, { evse: 1, remoteStartId: 1 });
    request(story, { evse: 2, remoteStartId: 1 });
    expect(story.rows()).toHaveLength(1);
  });
  it('that equals one that waits is that one', () => {
    const story = aStation();
    request(story, { evse: 1, remoteStartId: 1 });
    request(story, { evse: 1, remoteStartId: 2 });
    expect(story.rows()).toHaveLength(1);
  });
  it('expires after the station’s connection time-out plus 60 s', () => {
    const story = aStation();
    story.put({
      kind: 'command',
      command: 'c',
      name: 'readVariables',
      status: 'accepted',
      result: {
        status: 'accepted',
        variables: [
          { name: 'connectionTimeout', value: '9', readonly: false },
          { name: 'ConnectionTimeOut', value: '120', readonly: false },
        ],
      },
    });
    request(story, { evse: 1 });
    story.at('12:02:59');
    expect(story.row().status).toBe('pending');
    story.at('12:03');
    expect(story.row().status).toBe('void');
  });
  it('expires after 5 min when that is not known', () => {
    const story = aStation();
    request(story, { evse: 1 });
    story.at('12:04:59');
    expect(story.row().status).toBe('pending');
    expect(story.restart().at('12:05').row().status).toBe('void');
  });
  it('that is refused is void at once', () => {
    const story = aStation();
    story.put({
      kind: 'request',
      evse: 1,
      token: ref('BAD'),
      decision: { ref: ref('BAD'), by: 'local', status: 'blocked' },
      remoteStartId: 1,
      actor: 'key:1',
    });
    expect(story.row().status).toBe('void');
  });
});

describe('a plug', () => {
  it('opens one pending session, whatever is repeated', () => {
    const story = aStation();
    story.hear(status('preparing', '12:00'));
    story.hear(status('preparing', '12:00'));
    story.at('12:01').hear(status('preparing', '12:01'));
    expect(story.rows()).toHaveLength(1);
  });
  it('of before opens none: it tells what was', () => {
    const story = aStation();
    story.hear(status('available', '11:50'));
    story.hear(status('preparing', '11:40'));
    expect(story.rows()).toHaveLength(0);
  });
  it('opens none while the last one that charged there has not been unplugged', () => {
    const story = aStation();
    const transaction = id(story.hear(started('12:00')));
    story.at('12:10').hear(ended('12:10', transaction));
    story.hear(status('finishing', '12:10'));
    story.at('12:11').hear(status('preparing', '12:11'));
    expect(story.rows()).toHaveLength(1);
    story.at('12:12').hear(status('available', '12:12'));
    story.at('12:13').hear(status('preparing', '12:13'));
    expect(story.rows().map((it) => it.status)).toEqual(['closed', 'pending']);
  });
  it('that is pulled again expires its pending session', () => {
    const story = aStation();
    story.hear(status('preparing', '12:00'));
    story.at('12:01').hear(status('available', '12:01'));
    expect(story.row().status).toBe('void');
  });
  it('that is pulled again leaves one with an unexpired request', () => {
    const story = aStation();
    story.hear(status('preparing', '12:00'));
    request(story, { evse: 1 });
    story.at('12:01').hear(status('available', '12:01'));
    expect(story.row().status).toBe('pending');
    story.at('12:02').hear(started('12:02'));
    expect(story.rows()).toHaveLength(1);
  });
});

describe('a start later in station time than the EVSE’s open session', () => {
  it('ends that one, estimated, from its last register', () => {
    const story = aStation();
    const first = id(story.hear(started('12:00')));
    story.at('12:10').hear(metered('12:10', '3000', { transaction: first }));
    story.at('12:20').hear(started('12:20', { token: 'WXYZ', meterStart: '3100' }));
    expect(story.row(0)).toMatchObject({ endedAt: t('12:10'), energyWh: 2000, flags: ['estimatedEnd', 'superseded'] });
    expect(story.rows().filter((it) => it.status === 'active')).toHaveLength(1);
  });
  it('that supersedes another leaves it what was read while our clock was ahead', () => {
    const story = aStation({ clock: '12:10' });
    const transaction = story.hear(started('12:00')).outcome.transaction!.id;
    story.hear(metered('12:10', '2000', { transaction }));
    story.at('14:20').hear(metered('14:20', '3000', { transaction }));
    story.at('12:27').hear(started('14:26', { token: 'WXYZ', meterStart: '3100' }));
    expect(story.row(0)).toMatchObject({ endedAt: t('12:27'), energyWh: 2000, flags: ['estimatedEnd', 'superseded'] });
    story.at('12:30').hear(metered('12:28', '5000', { transaction }));
    expect(story.row(0).energyWh).toBe(2000);
  });
  it('supersedes nothing when it is earlier: history', () => {
    const story = aStation({ clock: '13:00' });
    const running = id(story.hear(started('12:50')));
    const old = id(story.hear(started('12:00', { token: 'WXYZ' })));
    expect(story.rows().map((it) => it.status)).toEqual(['active', 'active']);
    story.hear(ended('12:30', old));
    expect(story.rows().find((it) => it.transactionId === running)!.status).toBe('active');
    expect(story.rows().find((it) => it.transactionId === old)).toMatchObject({ status: 'closed', energyWh: 5000 });
  });
  it('on another EVSE ends nothing', () => {
    const story = aStation();
    story.hear(started('12:00'));
    story.at('12:20').hear(started('12:20', { evse: 2 }));
    expect(story.rows().map((it) => it.status)).toEqual(['active', 'active']);
  });
  it('with equal token, register 0 and no energy, followed by Available, is the end of the one before, without a CDR', () => {
    const story = aStation();
    const first = id(story.hear(started('12:00')));
    story.at('12:10').hear(metered('12:10', '3000', { transaction: first }));
    story.at('12:20').hear(started('12:20', { meterStart: '0' }));
    story.at('12:20:05').hear(status('available', '12:20:05'));
    story.at('12:21');
    expect(story.rows().map((it) => it.status)).toEqual(['closed', 'closed']);
    expect(story.closed().map((it) => [it.session, it.cdr])).toEqual([
      [story.row(0).id, true],
      [story.row(1).id, false],
    ]);
    expect(story.row(1).flags).toContain('emptyStart');
  });

  it('with equal token, register 0 and no energy, followed by the next start, is no more than that either', () => {
    const story = aStation();
    const first = id(story.hear(started('12:00')));
    story.at('12:10').hear(metered('12:10', '3000', { transaction: first }));
    story.at('12:20').hear(started('12:20', { meterStart: '0' }));
    story.at('12:40').hear(started('12:40', { token: 'WXYZ', meterStart: '3000' }));
    expect(story.row(1).flags).toEqual(['estimatedEnd', 'unmetered', 'emptyStart']);
    expect(story.row(0)).toMatchObject({ energyWh: 2000 });
  });
  it('after one that counted from 0 too is a charge of its own: held until somebody knows what it gave', () => {
    const story = aStation();
    story.hear(started('12:00', { meterStart: '0' }));
    story.at('12:20').hear(started('12:20', { meterStart: '0' }));
    story.at('12:40').hear(started('12:40', { token: 'WXYZ', meterStart: '0' }));
    expect(story.row(1).flags).toEqual(['estimatedEnd', 'unmetered', 'superseded']);
  });
  it('and that seemed to be the end of the one before is billed when its own stop tells of energy', () => {
    const story = aStation();
    story.hear(started('12:00'));
    const second = id(story.at('12:20').hear(started('12:20', { meterStart: '0' })));
    story.at('12:30').hear(status('available', '12:30'));
    story.at('12:31').hear(ended('12:30', second, { meterStop: '4000' }));
    story.at('12:32');
    expect(story.row(1)).toMatchObject({ status: 'closed', energyWh: 4000, flags: [] });
    const told = story.log.findLast((it) => it.session === story.row(1).id && 'cdr' in (it.data as object));
    expect(told).toMatchObject({ data: { cdr: true } });
  });
});

it('what is stored without its events is known by its row', () => {
  const story = aStation();
  story.hear(ended('12:00', id(story.hear(started('12:00'))), { meterStop: '1000' }));
  const state = restore({
    tenant: 'tenant-1' as never,
    nextSeq: 9,
    stationState: undefined,
    sessions: story.rows(),
    events: [],
    due: [],
  });
  expect(state).toMatchObject({ nextSeq: 9, sessions: [], shelf: [{ id: story.row().id }] });
});
