import type { Answer, CommandName, CommandTable, Outbound, StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { ocpp16 } from '../index.ts';

const view = { variable: () => undefined } as unknown as StationView;
const result = (payload: unknown): Answer => ({ kind: 'result', payload });

/** What a command sends, or how it ends without sending. */
const sent = <K extends CommandName>(name: K, command: CommandTable[K]) => {
  const step = (ocpp16.outbound[name] as Outbound<CommandTable[K]>).start(command, view);
  return 'done' in step ? step.done : [step.call.action, step.call.payload];
};
const ended = <K extends CommandName>(name: K, command: CommandTable[K], answer: Answer) => {
  const plan = ocpp16.outbound[name] as Outbound<CommandTable[K]>;
  const step = plan.start(command, view);
  const next = 'done' in step ? step : plan.next(step.state, answer);
  return 'done' in next ? next.done : next.call;
};

describe('what a command sends', () => {
  const token = { value: 'REMOTE-16-CHARS-' };
  test.each([
    [
      'start',
      sent('start', { evse: 2, token, remoteStartId: 9 }),
      'RemoteStartTransaction',
      { connectorId: 2, idTag: token.value },
    ],
    ['start anywhere', sent('start', { token, remoteStartId: 9 }), 'RemoteStartTransaction', { idTag: token.value }],
    ['stop', sent('stop', { transaction: '2147483647' }), 'RemoteStopTransaction', { transactionId: 2147483647 }],
    ['unlock', sent('unlock', { evse: 1 }), 'UnlockConnector', { connectorId: 1 }],
    ['soft reset', sent('reset', { kind: 'soft' }), 'Reset', { type: 'Soft' }],
    ['hard reset', sent('reset', { kind: 'hard', evse: 0 }), 'Reset', { type: 'Hard' }],
    [
      'trigger of one connector',
      sent('trigger', { message: 'meterValues', evse: 1 }),
      'TriggerMessage',
      { requestedMessage: 'MeterValues', connectorId: 1 },
    ],
    [
      'trigger of all',
      sent('trigger', { message: 'boot' }),
      'TriggerMessage',
      { requestedMessage: 'BootNotification' },
    ],
  ])('%s', (_, made, action, payload) => {
    expect(made).toEqual([action, payload]);
  });

  test.each([
    ['a token that is too long', sent('start', { token: { value: 'A'.repeat(21) }, remoteStartId: 9 }), /at most 20/],
    ['a transaction id of another version', sent('stop', { transaction: 'f81d4fae-7dec' }), /not a transaction id/],
    ['an unlock of the station itself', sent('unlock', { evse: 0 }), /no connector/],
    ['a reset of one EVSE', sent('reset', { kind: 'soft', evse: 1 }), /whole stations/],
  ])('%s is not sent', (_, made, detail) => {
    expect(made).toEqual({ status: 'unsupported', detail: expect.stringMatching(detail) });
  });
});

describe('how a command ends', () => {
  const unlock = (answer: Answer) => ended('unlock', { evse: 1 }, answer);
  test.each([
    ['an accepting status', unlock(result({ status: 'Unlocked' })), { status: 'accepted' }],
    ['a refusing status', unlock(result({ status: 'UnlockFailed' })), { status: 'rejected', detail: 'UnlockFailed' }],
    [
      'a status that says it cannot',
      unlock(result({ status: 'NotSupported' })),
      { status: 'unsupported', detail: 'NotSupported' },
    ],
    [
      'a word of nobody’s list',
      unlock(result({ status: 'Perhaps' })),
      { status: 'failed', detail: 'unknownStatus(Perhaps)' },
    ],
    [
      'a name that every object has',
      unlock(result({ status: 'constructor' })),
      { status: 'failed', detail: 'unknownStatus(constructor)' },
    ],
    ['no status', unlock(result({})), { status: 'failed', detail: 'unknownStatus(undefined)' }],
    ['no object', unlock(result(null)), { status: 'failed', detail: 'invalidResponse: the payload is not an object' }],
    [
      'NotImplemented',
      unlock({ kind: 'error', code: 'NotImplemented', description: '', details: {} }),
      { status: 'unsupported', detail: 'NotImplemented' },
    ],
    [
      'another error',
      unlock({ kind: 'error', code: 'GenericError', description: 'jam', details: {} }),
      { status: 'rejected', detail: 'GenericError: jam' },
    ],
    ['silence', unlock({ kind: 'timeout' }), { status: 'timeout', detail: 'the station did not answer in time' }],
    [
      'a closed socket',
      unlock({ kind: 'closed' }),
      { status: 'failed', detail: 'the connection closed before the answer' },
    ],
    [
      'NotImplemented of a trigger',
      ended('trigger', { message: 'diagnosticsStatus' }, result({ status: 'NotImplemented' })),
      { status: 'unsupported', detail: 'NotImplemented' },
    ],
  ])('%s', (_, done, expected) => {
    expect(done).toEqual(expected);
  });
});
