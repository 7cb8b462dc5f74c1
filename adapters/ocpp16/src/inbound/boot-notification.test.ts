import { instant, type StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { bootNotification } from './boot-notification.ts';

const now = instant(Date.UTC(2026, 0, 5, 12, 0, 0, 7));
const view = {} as StationView;

describe('BootNotification', () => {
  test.each([
    ['accepted', 'Accepted'],
    ['pending', 'Pending'],
    ['rejected', 'Rejected'],
  ] as const)('a station that is %s hears %s, the interval and the time in UTC', (status, expected) => {
    const reply = bootNotification.reply({ now, registration: { status, intervalSeconds: 300 } }, {}, view);
    expect(reply).toEqual({ status: expected, interval: 300, currentTime: '2026-01-05T12:00:00.007Z' });
    expect(bootNotification.response?.(reply)).toMatchObject({ ok: true });
  });

  test('a station that nobody decided on may ask again in a minute', () => {
    expect(bootNotification.reply({ now }, {}, view)).toMatchObject({ status: 'Pending', interval: 60 });
  });

  test('the serial number of the box is used when that of the charge point is empty', () => {
    const { facts } = bootNotification.read({ chargePointSerialNumber: ' ', chargeBoxSerialNumber: 'B1' }, view);
    expect(facts).toEqual([{ kind: 'booted', vendor: '', model: '', serial: 'B1' }]);
  });
});
