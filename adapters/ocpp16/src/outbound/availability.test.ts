import type { StationView, Step } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { availability } from './availability.ts';

const station = (connectors: string) =>
  ({ variable: (name: string) => (name === 'NumberOfConnectors' ? connectors : undefined) }) as unknown as StationView;
const answer = (step: Step, status: string): Step => {
  if (!('call' in step)) throw new TypeError('the command has ended');
  return availability.next(step.state, { kind: 'result', payload: { status } });
};

describe('ChangeAvailability', () => {
  test('no EVSE is the whole station, connector 0', () => {
    expect(availability.start({ operative: false }, station('2'))).toMatchObject({
      call: { action: 'ChangeAvailability', payload: { connectorId: 0, type: 'Inoperative' } },
    });
  });

  test('Scheduled is success: it happens when the session has ended', () => {
    const step = availability.start({ evse: 1, operative: true }, station('2'));
    expect(answer(step, 'Scheduled')).toEqual({ done: { status: 'scheduled', detail: 'Scheduled' } });
  });

  test('a station with one connector that refuses connector 0 is asked for connector 1, once', () => {
    const again = answer(availability.start({ operative: true }, station('1')), 'Rejected');
    expect(again).toMatchObject({ call: { payload: { connectorId: 1, type: 'Operative' } } });
    expect(answer(again, 'Rejected')).toEqual({ done: { status: 'rejected', detail: 'Rejected' } });
  });

  test('a station with two is not', () => {
    expect(answer(availability.start({ operative: true }, station('2')), 'Rejected')).toHaveProperty('done');
  });
});
