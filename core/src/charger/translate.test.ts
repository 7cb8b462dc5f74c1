import { type Adapter, type AnyInbound, defineQuirk, instant, type Quirk, type StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { dialectOf, translate } from './translate.ts';

const view = {} as StationView;
const outcome = { now: instant(0), transaction: { id: '7' } };
const boom = () => {
  throw new TypeError('boom');
};

const seen: AnyInbound = {
  request: (payload) => ({ ok: true, payload, deviations: [{ code: 'extra-member', path: '/x' }] }),
  read: () => ({ facts: [{ kind: 'seen' }] }),
  reply: () => ({ fine: true }),
};
const speak = (inbound: Adapter['inbound'], ...quirks: readonly Quirk[]) =>
  dialectOf(
    {
      protocol: 'ocpp1.6',
      errors: { formation: 'FormationViolation', occurrence: 'OccurenceConstraintViolation' },
      inbound,
      outbound: {},
      known: ['SignCertificate'],
    },
    quirks,
    { vendor: 'ACME' },
  );
const quirk = (inbound: NonNullable<Quirk['inbound']>): Quirk =>
  defineQuirk({ id: 'acme', why: 'seen in a test', match: { vendor: /acme/i }, inbound });

describe('what a station says', () => {
  test('becomes facts, with what was tolerated', () => {
    const meant = translate(speak({ Heartbeat: seen }), view, 'Heartbeat', {});
    expect(meant).toMatchObject({
      ok: true,
      facts: [{ kind: 'seen' }],
      deviations: [{ code: 'extra-member', path: '/x' }],
    });
    expect(meant.ok && meant.reply(outcome)).toEqual({ fine: true });
  });

  test('an action that nobody knows is NotImplemented, one that is known and not done NotSupported', () => {
    const dialect = speak({ Heartbeat: seen });
    const code = (action: string) => translate(dialect, view, action, {});
    expect(code('Teleport')).toMatchObject({ ok: false, code: 'NotImplemented', details: {} });
    expect(code('SignCertificate')).toMatchObject({ ok: false, code: 'NotSupported' });
  });

  test.each(['__proto__', 'constructor', 'toString', ''])('"%s" is no action', (action) => {
    expect(translate(speak({ Heartbeat: seen }), view, action, {})).toMatchObject({
      ok: false,
      code: 'NotImplemented',
    });
  });

  test('a payload that cannot be read is refused with the adapter’s own code', () => {
    const refusing: AnyInbound = {
      ...seen,
      request: () => ({ ok: false, error: 'OccurenceConstraintViolation', detail: 'x'.repeat(400) }),
    };
    const meant = translate(speak({ A: refusing }), view, 'A', {});
    expect(meant).toMatchObject({ ok: false, code: 'OccurenceConstraintViolation' });
    expect(!meant.ok && meant.description).toHaveLength(255);
  });
});

describe('a quirk', () => {
  const echo: AnyInbound = {
    ...seen,
    request: (payload) => ({ ok: true, payload, deviations: [] }),
    read: (payload) => ({ facts: [{ kind: 'noted', topic: 'echo', data: payload }] }),
  };

  test('changes the payload before it is checked, and is named', () => {
    const meant = translate(speak({ A: echo }, quirk({ A: (p) => ({ ...p, y: 2 }) })), view, 'A', { x: 1 });
    expect(meant).toMatchObject({
      facts: [{ data: { x: 1, y: 2 } }],
      deviations: [{ code: 'quirk-applied', quirk: 'acme' }],
    });
  });

  test('that had nothing to change is not named', () => {
    expect(translate(speak({ A: echo }, quirk({ A: (p) => p })), view, 'A', {})).toMatchObject({ deviations: [] });
  });

  test('that throws is as one that is not there', () => {
    const meant = translate(speak({ A: echo }, quirk({ A: boom })), view, 'A', { x: 1 });
    expect(meant).toMatchObject({
      ok: true,
      facts: [{ data: { x: 1 } }],
      deviations: [{ code: 'adapter-failed', quirk: 'acme', detail: 'TypeError: boom' }],
    });
  });
});

describe('a fault of an adapter', () => {
  test.each([
    ['checking', { request: boom }],
    ['reading', { read: boom }],
  ] as const)('in %s keeps the message as it came and answers it', (_, broken) => {
    const meant = translate(speak({ A: { ...seen, ...broken } }), view, 'A', { x: 1 });
    expect(meant).toMatchObject({
      ok: true,
      facts: [{ kind: 'noted', topic: 'message.unread', data: { action: 'A', payload: { x: 1 } } }],
      deviations: [{ code: 'adapter-failed', detail: 'TypeError: boom' }],
    });
    expect(meant.ok && meant.reply(outcome)).toEqual({ fine: true });
  });

  const invalid = () => ({ ok: false as const, error: 'TypeConstraintViolation', detail: '/ must be object' });

  test.each([
    ['throws', { reply: boom }],
    ['makes an answer that is not valid', { response: invalid }],
  ] as const)('whose reply %s answers a transaction with the last resort', (_, broken) => {
    const meant = translate(speak({ A: { ...seen, ...broken, lastResort: { resort: true } } }), view, 'A', {});
    expect(meant.ok && meant.reply(outcome)).toEqual({ resort: true });
  });

  test('is said aloud for a message that has no last resort', () => {
    const meant = translate(speak({ A: { ...seen, response: invalid } }), view, 'A', {});
    expect(() => meant.ok && meant.reply(outcome)).toThrow(/no valid answer to A: \/ must be object/);
  });
});
