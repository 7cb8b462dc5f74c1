import { instant, iso, type SessionId } from '@plugga/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billableOf } from './billable.ts';
import { tallied } from './energy.ts';
import { evolveSession, type Happened } from './evolve.ts';
import { sessionRow } from './row.ts';
import { type Session, statusOf } from './session.ts';
import { ref, t } from './story.test-station.ts';

const minute = (n: number) => iso(instant(t('12:00') + n * 60_000));
const billable = {
  timeZone: 'UTC',
  startedAt: minute(0),
  endedAt: minute(30),
  energyWh: 0,
  curve: [],
  states: [],
  flags: [],
  held: false,
};
/** One event of each kind that the fold knows, with plain data. */
const EVENTS = {
  requested: ['session.requested', { evse: 1, token: ref('ABCD'), expiresAt: minute(5) }],
  plugged: ['session.plugged', { evse: 1, time: minute(0) }],
  authorized: ['session.authorized', { token: ref('ABCD'), by: 'local' }],
  refused: ['session.refused', { token: ref('ABCD'), status: 'invalid' }],
  started: [
    'session.started',
    { evse: 1, time: minute(0), evidence: 'station', token: ref('ABCD'), meterStart: '1000' },
  ],
  stateChanged: ['session.stateChanged', { time: minute(10), state: 'suspendedEV' }],
  metered: ['session.metered', { readings: [{ time: minute(10), samples: [{ value: '2000', unit: 'Wh' }] }] }],
  stopRequested: ['session.stopRequested', { by: 'key:1' }],
  ended: ['session.ended', { time: minute(30), evidence: 'station', meterStop: '6000' }],
  unplugged: ['session.unplugged', { time: minute(40) }],
  expired: ['session.expired', { reason: 'request' }],
  closed: ['session.closed', { cdr: true, billable }],
} as const satisfies Record<string, readonly [string, object]>;
type Kind = keyof typeof EVENTS;

let last = 0;
const happened = (type: string, data: unknown, seq = (last += 1)): Happened => ({
  id: `event-${seq}` as never,
  seq,
  type,
  v: 1,
  session: 'session-1' as SessionId,
  at: t('12:00'),
  receivedAt: instant(t('13:00') + seq),
  data,
});
const of = (kind: Kind) => happened(EVENTS[kind][0], EVENTS[kind][1]);
const fold = (events: readonly Happened[]): Session => events.reduce<Session | undefined>(evolveSession, undefined)!;

/** How a session comes to each status, and what each event makes of it: the table of the rules, row by row. */
const BEFORE: Record<string, readonly Kind[]> = {
  pending: ['requested'],
  active: ['requested', 'authorized', 'started'],
  ended: ['requested', 'authorized', 'started', 'ended'],
  closed: ['requested', 'authorized', 'started', 'ended', 'closed'],
  void: ['requested', 'expired'],
};
const TABLE: Record<Kind, readonly [string, string, string, string, string]> = {
  //              pending    active    ended    closed    void
  requested: ['pending', 'active', 'ended', 'closed', 'void'],
  plugged: ['pending', 'active', 'ended', 'closed', 'void'],
  authorized: ['pending', 'active', 'ended', 'closed', 'void'],
  refused: ['void', 'active', 'ended', 'closed', 'void'],
  started: ['active', 'active', 'ended', 'closed', 'active'],
  stateChanged: ['pending', 'active', 'ended', 'closed', 'void'],
  metered: ['pending', 'active', 'ended', 'closed', 'void'],
  stopRequested: ['pending', 'active', 'ended', 'closed', 'void'],
  ended: ['ended', 'ended', 'ended', 'closed', 'ended'],
  unplugged: ['pending', 'active', 'ended', 'closed', 'void'],
  expired: ['void', 'active', 'ended', 'closed', 'void'],
  closed: ['closed', 'closed', 'closed', 'closed', 'closed'],
};

describe('the fold', () => {
  const rows = Object.entries(TABLE).flatMap(([kind, after]) =>
    Object.keys(BEFORE).map((before, index) => [before, kind as Kind, after[index]!] as const),
  );
  it.each(rows)('makes of a session that is %s and then %s one that is %s', (before, kind, after) => {
    expect(statusOf(fold([...BEFORE[before]!.map(of), of(kind)]))).toBe(after);
  });
  it('lets a later decision on the session’s own token bring a refused one back', () => {
    expect(statusOf(fold([of('requested'), of('refused'), of('authorized')]))).toBe('pending');
    expect(statusOf(fold([of('requested'), of('authorized'), of('refused')]))).toBe('void');
  });
  it('counts only decisions on the token that the session runs on', () => {
    const stranger = happened('session.refused', { token: ref('WXYZ'), status: 'invalid' });
    expect(statusOf(fold([of('requested'), of('authorized'), stranger]))).toBe('pending');
  });
  it('believes station evidence before an estimate, whichever was heard first', () => {
    const estimate = (seq?: number) =>
      happened('session.started', { evse: 1, time: minute(-9), evidence: 'estimated', meterStart: '1' }, seq);
    for (const events of [
      [of('started'), estimate()],
      [estimate(), of('started')],
    ]) {
      expect(sessionRow(fold(events))).toMatchObject({ startedAt: t('12:00'), meterStartWh: 1000, flags: [] });
    }
  });
  it('takes the stop of the lowest seqNo, then the first in the log', () => {
    const stop = (meterStop: string, o: object = {}) =>
      happened('session.ended', { time: minute(30), evidence: 'station', meterStop, ...o });
    expect(sessionRow(fold([of('started'), stop('6000'), stop('5000')])).meterStopWh).toBe(6000);
    expect(sessionRow(fold([of('started'), stop('6000', { seqNo: 5 }), stop('5000', { seqNo: 4 })])).meterStopWh).toBe(
      5000,
    );
  });
  it('keeps the EVSE that was named first', () => {
    const first = of('requested');
    const other = happened('session.started', { evse: 2, time: minute(0), evidence: 'station' });
    expect(sessionRow(fold([other, first])).evse).toBe(1);
  });
});

it('keeps that a token was accepted offline, in whatever order a later answer on it comes', () => {
  const by = (who: string) => happened('session.authorized', { token: ref('ABCD'), by: who });
  const [offline, local] = [by('offline'), by('local')];
  for (const events of [
    [of('started'), offline, local],
    [local, of('started'), offline],
  ])
    expect(sessionRow(fold(events)).flags).toEqual(['offlineAuthorized']);
  expect(sessionRow(fold([of('started'), local])).flags).toEqual([]);
});

describe('any order and any repetition of the same facts', () => {
  const time = fc.integer({ min: -5, max: 45 }).map(minute);
  const token = fc.constantFrom('ABCD', 'WXYZ').map((it) => ref(it));
  const seqNo = fc.option(fc.nat(3), { nil: undefined });
  const sample = fc.record({
    value: fc.nat(9000).map(String),
    unit: fc.constantFrom('Wh', 'kWh', undefined),
    phase: fc.constantFrom(undefined, undefined, 'L1'),
  });
  const evidence = fc.constantFrom('station' as const, 'estimated' as const);
  const event = fc.oneof(
    fc
      .record({ evse: fc.nat(2), token, expiresAt: time, remoteStartId: fc.nat(3) })
      .map((data) => ['session.requested', data] as const),
    fc.record({ evse: fc.nat(2), time }).map((data) => ['session.plugged', data] as const),
    fc
      .record({ token, by: fc.constant('local'), payer: fc.constantFrom('a', 'b') })
      .map((data) => ['session.authorized', data] as const),
    fc.record({ token, status: fc.constant('invalid') }).map((data) => ['session.refused', data] as const),
    fc
      .record({
        evse: fc.nat(2),
        time,
        evidence,
        seqNo,
        token: fc.option(token, { nil: undefined }),
        meterStart: fc.option(fc.nat(5000).map(String), { nil: undefined }),
      })
      .map((data) => ['session.started', data] as const),
    fc
      .record({ time, state: fc.constantFrom('charging', 'suspendedEV', 'idle') })
      .map((data) => ['session.stateChanged', data] as const),
    fc
      .record({
        seqNo,
        readings: fc.array(fc.record({ time, samples: fc.array(sample, { maxLength: 2 }) }), {
          minLength: 1,
          maxLength: 2,
        }),
        update: fc.option(
          fc.record({
            time,
            content: fc.constantFrom('a', 'b'),
            state: fc.constantFrom(undefined, 'charging', 'idle'),
          }),
          { nil: undefined },
        ),
      })
      .map((data) => ['session.metered', data] as const),
    fc
      .record({
        time,
        evidence,
        seqNo,
        token: fc.option(token, { nil: undefined }),
        meterStop: fc.option(fc.nat(9000).map(String), { nil: undefined }),
        reason: fc.constantFrom(undefined, 'Local', 'Remote'),
      })
      .map((data) => ['session.ended', data] as const),
    fc.record({ time }).map((data) => ['session.unplugged', data] as const),
    fc
      .record({ time, seqNo: fc.nat(3), content: fc.constantFrom('a', 'b') })
      .map((data) => ['session.updated', data] as const),
    fc.constant(['session.expired', { reason: 'request' }] as const),
    fc
      .record({ flag: fc.constantFrom('suspect', 'linkedStop'), cleared: fc.boolean() })
      .map((data) => ['session.flagged', data] as const),
    fc.constant(['session.answered', {}] as const),
    fc.record({ waitUntil: fc.constantFrom('unplug', minute(60)) }).map((data) => ['session.settled', data] as const),
  );
  const shown = (session: Session) => ({
    row: sessionRow(session),
    bill: session.ends.length > 0 ? billableOf(session) : undefined,
  });

  it('give the same session', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 12 }).chain((kinds) => {
          const events = kinds.map(([type, data], index) => happened(type, data, index + 1));
          const again = fc.shuffledSubarray([...events, ...events], { minLength: events.length });
          return fc.tuple(
            fc.constant(events),
            again.map((some) => [...some, ...events.filter((it) => !some.includes(it))]),
          );
        }),
        ([events, shuffled]) => {
          const inOrder = fold(events);
          expect(shown(fold(shuffled))).toEqual(shown(inOrder));
          // Carried on from event to event, as a live session is.
          const live = shuffled.reduce<Session | undefined>(
            (it, next) => tallied(evolveSession(it, next)!),
            undefined,
          )!;
          expect(shown(live)).toEqual(shown(inOrder));
        },
      ),
      { numRuns: 1000 },
    );
  });
});
