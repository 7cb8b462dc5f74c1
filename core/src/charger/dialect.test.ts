import { type Adapter, defineQuirk, type Outbound, type Quirk, type StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { denied, dialectOf, outboundCall, planOf, repair, timingOf } from './dialect.ts';

const adapter: Adapter = {
  protocol: 'ocpp1.6',
  errors: { formation: 'FormationViolation', occurrence: 'OccurenceConstraintViolation' },
  inbound: {},
  outbound: {
    unlock: {
      start: ({ evse }) => ({ call: { action: 'UnlockConnector', payload: { evse } }, state: evse }),
      next: () => ({ done: { status: 'accepted' } }),
    },
  },
  known: [],
};
const view = {} as StationView;
const acme = { vendor: 'ACME', model: 'One', firmware: '1.2' };
const quirk = (id: string, rest: Partial<Quirk>): Quirk =>
  defineQuirk({ id, why: 'seen in a test', match: { vendor: /^acme$/i }, ...rest });
const boom = () => {
  throw new TypeError('boom');
};
const speak = (...quirks: readonly Quirk[]) => dialectOf(adapter, quirks, acme);

describe('which quirks a station has', () => {
  const ids = (match: Quirk['match'], make: object = acme, protocols?: readonly string[]) =>
    dialectOf(adapter, [quirk('q', { match, ...(protocols && { protocols }) })], make).quirks;

  test('vendor, model and firmware must all match', () => {
    expect(ids({ vendor: /acme/i, model: /one/i, firmware: (v) => v < '2' })).toEqual(['q']);
    expect(ids({ vendor: /other/i })).toEqual([]);
    expect(ids({ vendor: /acme/i, model: /two/i })).toEqual([]);
    expect(ids({ vendor: /acme/i, firmware: (v) => v > '2' })).toEqual([]);
  });

  test('a station that has not said what it is has none', () => {
    expect(ids({ vendor: /.*/ }, {})).toEqual([]);
    expect(ids({ vendor: /.*/, model: /.*/ }, { vendor: 'ACME' })).toEqual([]);
    expect(ids({ vendor: /.*/, firmware: () => true }, { vendor: 'ACME' })).toEqual([]);
  });

  test('an empty vendor is something that a station says', () => {
    expect(ids({ vendor: /^$/ }, { vendor: '' })).toEqual(['q']);
  });

  test('a quirk of another protocol is not taken', () => {
    expect(ids({ vendor: /acme/i }, acme, ['ocpp2.0.1'])).toEqual([]);
    expect(ids({ vendor: /acme/i }, acme, ['ocpp1.6', 'ocpp2.0.1'])).toEqual(['q']);
  });

  test('a firmware rule that throws does not match', () => {
    expect(ids({ vendor: /acme/i, firmware: boom })).toEqual([]);
  });
});

describe('the first that matches wins, hook by hook', () => {
  const first = quirk('first', {
    outbound: { Reset: () => 'first' },
    deny: ['A'],
  });
  const second = quirk('second', {
    outbound: { Reset: () => 'second', UnlockConnector: () => 'second' },
    deny: ['B'],
    timing: { pingSeconds: 20 },
    text: (raw) => raw.replace(',]', ']'),
  });
  const dialect = speak(first, second);

  test('an action is rewritten by the first that has it', () => {
    expect(outboundCall(dialect, { action: 'Reset', payload: {} }, view)).toEqual({
      action: 'Reset',
      payload: 'first',
    });
    expect(outboundCall(dialect, { action: 'UnlockConnector', payload: {} }, view).payload).toBe('second');
    expect(outboundCall(dialect, { action: 'Other', payload: 'as it was' }, view).payload).toBe('as it was');
  });

  test('a deny list, a timing and a repair are taken whole', () => {
    expect([denied(dialect, 'A'), denied(dialect, 'B')]).toEqual([true, false]);
    expect(timingOf(dialect)).toEqual({ pingSeconds: 20 });
    expect(repair(dialect, '[1,]')).toBe('[1]');
  });

  test('a station without quirks is as its adapter says', () => {
    const plain = speak();
    expect([timingOf(plain), denied(plain, 'A'), repair(plain, '[1,]')]).toEqual([{}, false, undefined]);
  });
});

describe('what fails in a quirk ends here', () => {
  test('a repair that throws or changes nothing is none', () => {
    expect(repair(speak(quirk('q', { text: boom })), 'x')).toBeUndefined();
    expect(repair(speak(quirk('q', { text: (raw) => raw })), 'x')).toBeUndefined();
  });

  test('a rewrite that throws leaves the CALL as the adapter wrote it', () => {
    const call = { action: 'Reset', payload: { type: 'Soft' } };
    expect(outboundCall(speak(quirk('q', { outbound: { Reset: boom } })), call, view)).toEqual(call);
  });

  test('a plan that throws ends the command and names the quirk', () => {
    const starts: Outbound<never> = { start: boom, next: boom };
    const done = planOf(speak(quirk('bad', { plan: { unlock: starts } })), 'unlock')?.start({ evse: 1 }, view);
    expect(done).toEqual({ done: { status: 'failed', detail: expect.stringMatching(/unlock.*quirk bad.*boom/) } });
    const later = speak(
      quirk('bad', {
        plan: { unlock: { start: () => ({ call: { action: 'X', payload: {} }, state: 1 }), next: boom } },
      }),
    );
    const plan = planOf(later, 'unlock');
    const begun = plan?.start({ evse: 1 }, view);
    const state = begun !== undefined && 'call' in begun ? begun.state : undefined;
    expect(plan?.next(state, { kind: 'timeout' })).toMatchObject({ done: { status: 'failed' } });
  });
});

test('a command has the quirk’s plan, else the adapter’s, else none', () => {
  const own: Outbound<never> = { start: () => ({ done: { status: 'unsupported' } }), next: boom };
  expect(planOf(speak(quirk('q', { plan: { unlock: own } })), 'unlock')?.start({ evse: 1 }, view)).toEqual({
    done: { status: 'unsupported' },
  });
  expect(planOf(speak(), 'unlock')?.start({ evse: 1 }, view)).toMatchObject({ call: { payload: { evse: 1 } } });
  expect(planOf(speak(), 'reset')).toBeUndefined();
});

test('where the quirk’s plan gives no step the adapter’s goes on to its end', () => {
  const plan = planOf(
    speak(
      quirk('q', {
        plan: {
          unlock: {
            start: ({ evse }) => (evse === 0 ? { call: { action: 'Own', payload: {} }, state: 'own' } : undefined),
            next: (state) => ({ done: { status: 'rejected', detail: String(state) } }),
          },
        },
      }),
    ),
    'unlock',
  );
  const ended = (evse: number) => {
    const step = plan?.start({ evse }, view);
    return step !== undefined && 'call' in step
      ? [step.call.action, plan?.next(step.state, { kind: 'timeout' })]
      : step;
  };
  expect(ended(1)).toEqual(['UnlockConnector', { done: { status: 'accepted' } }]);
  expect(ended(0)).toEqual(['Own', { done: { status: 'rejected', detail: 'own' } }]);
});
