import type { Answer, StationView, Step } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { readVariables } from './read-variables.ts';

const station = (most?: string) =>
  ({ variable: (name: string) => (name === 'GetConfigurationMaxKeys' ? most : undefined) }) as unknown as StationView;
const next = (step: Step, answer: Answer): Step => {
  if (!('call' in step)) throw new TypeError('the command has ended');
  return readVariables.next(step.state, answer);
};
const gives = (configurationKey: unknown, unknownKey: unknown = []): Answer => ({
  kind: 'result',
  payload: { configurationKey, unknownKey },
});
const payload = (step: Step) => ('call' in step ? step.call.payload : step.done);

describe('GetConfiguration', () => {
  test('all keys are asked for with an empty payload', () => {
    expect(payload(readVariables.start({}, station()))).toEqual({});
  });

  test('named keys are asked for in lists no longer than the station takes, and joined', () => {
    const first = readVariables.start({ names: ['A', 'B', 'C'] }, station('2'));
    expect(payload(first)).toEqual({ key: ['A', 'B'] });
    const second = next(first, gives([{ key: 'A', readonly: false, value: '1' }], ['B']));
    expect(payload(second)).toEqual({ key: ['C'] });
    expect(payload(next(second, gives([{ key: 'C', readonly: true }])))).toEqual({
      status: 'accepted',
      variables: [
        { name: 'A', readonly: false, value: '1' },
        { name: 'C', readonly: true },
      ],
      unknown: ['B'],
    });
  });

  test('without a known limit there is one list', () => {
    expect(payload(readVariables.start({ names: ['A', 'B', 'C'] }, station('many')))).toEqual({ key: ['A', 'B', 'C'] });
  });

  test('no names are no CALL', () => {
    expect(payload(readVariables.start({ names: [] }, station()))).toEqual({
      status: 'accepted',
      variables: [],
      unknown: [],
    });
  });

  test('numbers for values and rubbish between the keys are tolerated', () => {
    const step = next(
      readVariables.start({}, station()),
      gives([{ key: 'A', readonly: 'true', value: 5 }, null, { value: 1 }], null),
    );
    expect(payload(step)).toMatchObject({ variables: [{ name: 'A', readonly: true, value: '5' }], unknown: [] });
  });

  test('a list that is refused does not lose the lists before it', () => {
    const first = readVariables.start({ names: ['A', 'B'] }, station('1'));
    const second = next(first, gives([{ key: 'A', readonly: false, value: '1' }]));
    const done = next(second, { kind: 'error', code: 'InternalError', description: '', details: {} });
    expect(payload(done)).toEqual({
      status: 'rejected',
      detail: 'InternalError',
      variables: [{ name: 'A', readonly: false, value: '1' }],
      unknown: [],
    });
  });

  test('silence ends it', () => {
    expect(payload(next(readVariables.start({}, station()), { kind: 'timeout' }))).toMatchObject({ status: 'timeout' });
  });
});
