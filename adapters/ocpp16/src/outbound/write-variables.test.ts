import type { Answer, CommandResult, StationView, Step } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { writeVariables } from './write-variables.ts';

const view = {} as StationView;
const status = (word: string): Answer => ({ kind: 'result', payload: { status: word } });

/** Writes the values against the answers in turn. */
const write = (values: Readonly<Record<string, string>>, ...answers: readonly Answer[]) => {
  const payloads: unknown[] = [];
  let step: Step = writeVariables.start({ values }, view);
  for (const answer of answers) {
    if ('done' in step) break;
    payloads.push(step.call.payload);
    step = writeVariables.next(step.state, answer);
  }
  return { payloads, done: 'done' in step ? step.done : undefined };
};

describe('ChangeConfiguration', () => {
  test('one CALL a key, in the order given', () => {
    const { payloads, done } = write({ A: '1', B: '2' }, status('Accepted'), status('Accepted'));
    expect(payloads).toEqual([
      { key: 'A', value: '1' },
      { key: 'B', value: '2' },
    ]);
    expect(done).toEqual({
      status: 'accepted',
      variables: [
        { name: 'A', value: '1', readonly: false },
        { name: 'B', value: '2', readonly: false },
      ],
      unknown: [],
      outcomes: [
        { name: 'A', value: '1', status: 'accepted' },
        { name: 'B', value: '2', status: 'accepted' },
      ],
    });
  });

  test.each([
    ['RebootRequired', 'rebootRequired'],
    ['Rejected', 'rejected'],
    ['NotSupported', 'unsupported'],
  ] as const)('%s for one key names the whole and does not keep the others from being written', (word, expected) => {
    const { done } = write({ A: '1', B: '2' }, status(word), status('Accepted'));
    expect(done).toEqual({
      status: expected,
      detail: `A: ${word}`,
      variables: [{ name: 'B', value: '2', readonly: false }],
      unknown: word === 'NotSupported' ? ['A'] : [],
      outcomes: [
        { name: 'A', value: '1', status: expected },
        { name: 'B', value: '2', status: 'accepted' },
      ],
    } satisfies CommandResult);
  });

  test('a refusal weighs more than a reboot', () => {
    const { done } = write({ A: '1', B: '2' }, status('RebootRequired'), status('Rejected'));
    expect(done).toMatchObject({ status: 'rejected', detail: 'A: RebootRequired, B: Rejected' });
  });

  test('silence ends it and says what came before', () => {
    const { done } = write({ A: '1', B: '2' }, status('Accepted'), { kind: 'timeout' });
    expect(done).toEqual({
      status: 'timeout',
      detail: 'B: the station did not answer in time (before it: A accepted)',
    });
  });

  test('a key that is too long is not sent', () => {
    expect(write({ ['K'.repeat(51)]: '1' }, status('Accepted')).done).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('/key'),
    });
  });
});
