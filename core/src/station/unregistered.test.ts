import { expect, test } from 'vitest';
import { emptyState } from './state.ts';
import { isUnregistered } from './unregistered.ts';

const refused = (registration: 'accepted' | 'pending' | 'rejected' | undefined, protocol: string): readonly string[] =>
  ['BootNotification', 'Heartbeat', 'StatusNotification', 'NotifyReport', 'TransactionEvent'].filter((action) =>
    isUnregistered({ ...emptyState, ...(registration && { registration }) }, protocol, action),
  );

test('a 2.x station that is not accepted hears SecurityError, and its boot and transactions are kept', () => {
  expect(refused('rejected', 'ocpp2.0.1')).toEqual(['Heartbeat', 'StatusNotification', 'NotifyReport']);
  expect(refused('pending', 'ocpp2.1')).toEqual(['Heartbeat', 'StatusNotification']);
});

test('one that is accepted, never booted or speaks 1.6 is served', () => {
  expect(refused('accepted', 'ocpp2.0.1')).toEqual([]);
  expect(refused(undefined, 'ocpp2.0.1')).toEqual([]);
  expect(refused('rejected', 'ocpp1.6')).toEqual([]);
});

test('a pending station may say what it was asked for', () => {
  const watched = [{ command: 'c', name: 'trigger', message: 'status' }];
  const state = { ...emptyState, registration: 'pending', watched, awaited: [] } as const;
  expect(isUnregistered(state as never, 'ocpp2.0.1', 'StatusNotification')).toBe(false);
  expect(isUnregistered(state as never, 'ocpp2.0.1', 'Heartbeat')).toBe(true);
});
