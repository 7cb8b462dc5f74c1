import { expect, test } from 'vitest';
import { stepsOf } from './life-cycle.ts';

const shown = (...command: Parameters<typeof stepsOf>): string =>
  stepsOf(...command)
    .map(({ status, state }) => `${status} ${state}`)
    .join(', ');

test('a start is under way until its session is seen', () => {
  expect(shown({ type: 'start', status: 'sent' })).toBe('queued past, sent now, accepted ahead, done ahead');
  expect(shown({ type: 'start', status: 'accepted' })).toBe('queued past, sent past, accepted now, done ahead');
  expect(shown({ type: 'start', status: 'done' })).toBe('queued past, sent past, accepted past, done past');
});

test('an unlock that was accepted waits for nothing more', () => {
  expect(shown({ type: 'unlock', status: 'accepted' })).toBe('queued past, sent past, accepted past');
});

test.each(['rejected', 'timeout', 'failed'] as const)('a command that was %s ends there', (status) => {
  expect(shown({ type: 'stop', status })).toBe(`queued past, sent past, ${status} bad`);
});

test('a command whose effect is awaited goes on to it, whatever it is; one whose effect did not come says so', () => {
  expect(shown({ type: 'updateFirmware', status: 'accepted', effectState: 'awaited' })).toBe(
    'queued past, sent past, accepted now, done ahead',
  );
  expect(shown({ type: 'updateFirmware', status: 'accepted', effectState: 'unseen' })).toBe(
    'queued past, sent past, accepted past, unseen bad',
  );
});
