import { type Answer, type Call, instant } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { learn, type LearntActions, lessonOf, pingLesson, unsupportedBy } from './learnt.ts';

const at = instant(0);
const call = (action: string, payload: unknown = {}): Call => ({ action, payload });
const refused = (code: string): Answer => ({ kind: 'error', code, description: '', details: {} });
const dropped = (droppedAfterMs: number): Answer => ({ kind: 'closed', droppedAfterMs });
const said = (status: string): Answer => ({ kind: 'result', payload: { status } });

/** What is known after these answers to one action. */
const after = (action: string | Call, ...answers: readonly Answer[]): LearntActions => {
  const asked = typeof action === 'string' ? call(action) : action;
  let known: LearntActions = {};
  for (const answer of answers) {
    const lesson = lessonOf(known, asked, answer);
    if (lesson !== undefined) known = learn(known, lesson, at);
  }
  return known;
};
const state = (action: string | Call, ...answers: readonly Answer[]) =>
  Object.values(after(action, ...answers))[0]?.state;

describe('an action is unsupported', () => {
  test.each(['NotImplemented', 'NotSupported'])('when it is answered with %s', (code) => {
    expect(after('GetLog', refused(code))).toMatchObject({
      GetLog: { state: 'unsupported', by: 'answer', detail: code },
    });
  });

  test('when the station dropped the connection within 2 s instead of an answer, twice', () => {
    expect(state('GetLog', dropped(1999))).toBe('suspected');
    expect(state('GetLog', dropped(1999), dropped(100))).toBe('unsupported');
    expect(state('GetLog', dropped(2001), dropped(2001))).toBeUndefined();
  });

  test('when its own status says so of the whole action', () => {
    expect(state('SendLocalList', said('NotSupported'))).toBe('unsupported');
    expect(state('UnlockConnector', said('NotSupported'))).toBe('unsupported');
  });
});

describe('an action is not unsupported', () => {
  test.each(['SetChargingProfile', 'ChangeConfiguration', 'TriggerMessage'])(
    'where NotSupported may mean a part of it: %s',
    (action) => {
      expect(state(action, said('NotSupported'), said('NotImplemented'))).toBeUndefined();
    },
  );

  test('when it is late, refused otherwise, or the connection ended before it was sent or by us', () => {
    const answers: Answer[] = [{ kind: 'timeout' }, refused('InternalError'), { kind: 'closed' }, { kind: 'closed' }];
    expect(state('GetLog', ...answers)).toBeUndefined();
  });

  test('when an answer came between the two drops', () => {
    expect(state('GetLog', dropped(10), said('Accepted'), dropped(10))).toBe('suspected');
    expect(state('GetLog', dropped(10), refused('InternalError'), dropped(10))).toBe('suspected');
  });

  test.each([
    call('Reset', { type: 'Hard' }),
    call('UpdateFirmware'),
    call('SignedUpdateFirmware'),
    call('CertificateSigned'),
    call('ChangeConfiguration', { key: 'AuthorizationKey', value: '00' }),
    call('ChangeConfiguration', { key: 'evb_ServerURL', value: 'ws://x' }),
    call('SetNetworkProfile'),
  ])('when ending the connection is what it does: $action $payload', (asked) => {
    expect(state(asked, dropped(10), dropped(10))).toBeUndefined();
  });

  test('of another key a drop counts', () => {
    const asked = call('ChangeConfiguration', { key: 'MeterValuesSampledData', value: 'SoC' });
    expect(state(asked, dropped(10), dropped(10))).toBe('unsupported');
  });
});

test('an answer after all is believed', () => {
  expect(after('GetLog', refused('NotImplemented'), said('Accepted'))).toEqual({});
});

test('what the operator allows is sent and taught no more, until he has it learnt anew', () => {
  let known = learn({}, { action: 'GetLog', state: 'allowed', by: 'operator' }, at);
  expect(lessonOf(known, call('GetLog'), refused('NotImplemented'))).toBeUndefined();
  expect(unsupportedBy(known, 'GetLog')).toBeUndefined();
  known = learn(known, { action: 'GetLog', state: 'supported', by: 'operator' }, at);
  expect(lessonOf(known, call('GetLog'), refused('NotImplemented'))).toMatchObject({ state: 'unsupported' });
});

test('the reason says what was learnt and when', () => {
  expect(unsupportedBy(after('GetLog', refused('NotImplemented')), 'GetLog')).toBe(
    'GetLog is not supported by this station: NotImplemented (1970-01-01T00:00:00.000Z)',
  );
  expect(unsupportedBy(after('GetLog', refused('NotImplemented')), 'toString')).toBeUndefined();
});

describe('a ping', () => {
  const afterPings = (...what: readonly ('dropped' | 'stood')[]): LearntActions =>
    what.reduce<LearntActions>((known, it) => {
      const lesson = pingLesson(known, it);
      return lesson === undefined ? known : learn(known, lesson, at);
    }, {});

  test('is not sent any more when the station dropped the line at two of them', () => {
    expect(afterPings('dropped')['Ping']?.state).toBe('suspected');
    expect(unsupportedBy(afterPings('dropped', 'dropped'), 'Ping')).toContain('when it was pinged, twice');
  });
  test('that it lived on after in between shows that the line broke for another reason', () => {
    expect(afterPings('dropped', 'stood', 'dropped')['Ping']?.state).toBe('suspected');
  });
  test('is sent whatever happens where the operator wants it', () => {
    const allowed = learn({}, { action: 'Ping', state: 'allowed', by: 'operator' }, at);
    expect(pingLesson(allowed, 'dropped')).toBeUndefined();
  });
});
