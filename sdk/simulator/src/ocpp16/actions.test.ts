import { expect, test } from 'vitest';
import { stand } from '../../test/stand.ts';
import { commands } from './commands/index.ts';
import { messages } from './messages/index.ts';

const { ask, started } = stand();

/** OCPP 1.6 sections 4 and 5, and the security extension. */
const core =
  'Authorize BootNotification CancelReservation ChangeAvailability ChangeConfiguration ClearCache ClearChargingProfile ' +
  'DataTransfer DiagnosticsStatusNotification FirmwareStatusNotification GetCompositeSchedule GetConfiguration ' +
  'GetDiagnostics GetLocalListVersion Heartbeat MeterValues RemoteStartTransaction RemoteStopTransaction ReserveNow Reset ' +
  'SendLocalList SetChargingProfile StartTransaction StatusNotification StopTransaction TriggerMessage UnlockConnector ' +
  'UpdateFirmware';
const extension =
  'CertificateSigned DeleteCertificate ExtendedTriggerMessage GetInstalledCertificateIds GetLog InstallCertificate ' +
  'LogStatusNotification SecurityEventNotification SignCertificate SignedFirmwareStatusNotification SignedUpdateFirmware';

test('all 28 actions of 1.6 and the 11 of the security extension are there', () => {
  const there = new Set([...Object.keys(commands), ...Object.keys(messages)]);
  expect([...there].sort()).toEqual(`${core} ${extension}`.split(' ').sort());
  expect(there.size).toBe(39);
});

test.each([
  'CancelReservation',
  'CertificateSigned',
  'ChangeAvailability',
  'ChangeConfiguration',
  'DataTransfer',
  'DeleteCertificate',
  'ExtendedTriggerMessage',
  'GetCompositeSchedule',
  'GetDiagnostics',
  'GetInstalledCertificateIds',
  'GetLog',
  'InstallCertificate',
  'RemoteStartTransaction',
  'RemoteStopTransaction',
  'ReserveNow',
  'Reset',
  'SendLocalList',
  'SetChargingProfile',
  'SignedUpdateFirmware',
  'TriggerMessage',
  'UpdateFirmware',
])('%s without what it needs is a FormationViolation that says what is missing', async (action) => {
  await started();
  expect(await ask(action)).toEqual([
    4,
    expect.any(String),
    'FormationViolation',
    expect.stringMatching(/ (is|are) /),
    {},
  ]);
});
