import { instant, type StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { logStatusNotification } from './log-status-notification.ts';
import { securityEventNotification } from './security-event-notification.ts';
import { signCertificate } from './sign-certificate.ts';
import { signedFirmwareStatusNotification } from './signed-firmware-status-notification.ts';

const view = {} as StationView;
const now = instant(0);

describe('SecurityEventNotification', () => {
  test.each([
    ['InvalidChargePointCertificate', 'InvalidChargingStationCertificate'],
    ['TamperDetectionActivated', 'TamperDetectionActivated'],
    ['constructor', 'constructor'],
    ['A'.repeat(60), 'A'.repeat(50)],
  ])('%s is told as %s', (type, kind) => {
    const { facts } = securityEventNotification.read({ type, timestamp: '2026-01-05T12:00:00Z' }, view);
    expect(facts).toEqual([{ kind: 'security', type: kind, time: '2026-01-05T12:00:00Z' }]);
  });

  test('is kept without a time, and with more to say than fits', () => {
    const parsed = securityEventNotification.request({ type: 'MemoryExhaustion', techInfo: 'x'.repeat(300) });
    expect(parsed).toMatchObject({ ok: true });
    const { facts } = securityEventNotification.read({ type: 'MemoryExhaustion', techInfo: 'x'.repeat(300) }, view);
    expect(facts).toEqual([{ kind: 'security', type: 'MemoryExhaustion', time: undefined, info: 'x'.repeat(255) }]);
  });
});

describe('SignCertificate', () => {
  test.each([
    [{ accept: true }, 'Accepted'],
    [{ accept: false, reason: 'another name' }, 'Rejected'],
    [undefined, 'Rejected'],
  ])('is answered by whoever signs: %j', (answer, status) => {
    const outcome = { now, ...(answer === undefined ? {} : { signCertificate: answer }) };
    expect(signCertificate.reply(outcome, { csr: 'x' }, view)).toEqual({ status });
  });
});

test.each([
  ['Uploaded', 7, { status: 'uploaded', request: 7 }],
  ['Idle', -1, { status: 'idle' }],
  ['Idle', undefined, { status: 'idle' }],
])('LogStatusNotification %s of request %s', (status, requestId, said) => {
  const payload = { status, ...(requestId === undefined ? {} : { requestId }) };
  expect(logStatusNotification.read(payload, view).facts).toEqual([{ kind: 'progress', of: 'log', ...said }]);
  expect(logStatusNotification.reply({ now }, payload, view)).toEqual({});
});

test('SignedFirmwareStatusNotification names the update', () => {
  const payload = { status: 'InvalidSignature', requestId: 3 };
  expect(signedFirmwareStatusNotification.read(payload, view).facts).toEqual([
    { kind: 'progress', of: 'firmware', status: 'invalidSignature', request: 3 },
  ]);
  expect(signedFirmwareStatusNotification.reply({ now }, payload, view)).toEqual({});
});
