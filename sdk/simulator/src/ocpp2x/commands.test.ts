import { describe, expect, test } from 'vitest';
import { testFiles } from '../../test/files.ts';
import { stand2x, type Version } from '../../test/stand2x.ts';

type Payload = Record<string, unknown>;
const patient = { withinMs: 20_000 };
const power = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'Power' } };
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

describe.each<Version>(['ocpp2.0.1', 'ocpp2.1'])('commands to a station of %s', (version) => {
  const at = stand2x(version);
  const limitOf = (limit: number, more: Payload = {}): Payload => ({
    id: 1,
    stackLevel: 0,
    chargingProfilePurpose: 'ChargingStationMaxProfile',
    chargingProfileKind: 'Absolute',
    chargingSchedule: [
      {
        id: 1,
        startSchedule: '2020-01-01T00:00:00.000Z',
        chargingRateUnit: 'W',
        chargingSchedulePeriod: [{ startPeriod: 0, limit }],
      },
    ],
    ...more,
  });

  test('a profile limits the power, is reported, is part of the composite, and goes again', async () => {
    const station = await at.started();
    expect(await at.ask('SetChargingProfile', { evseId: 0, chargingProfile: limitOf(5_000) })).toEqual({
      status: 'Accepted',
    });
    station.plugIn(1);
    await station.present(1, 'TAG1');
    await station.next('metered', { ...patient, where: ({ powerW }) => powerW === 5_000 });
    expect(await at.ask('GetCompositeSchedule', { evseId: 1, duration: 60, chargingRateUnit: 'W' })).toMatchObject({
      status: 'Accepted',
      schedule: { evseId: 1, chargingSchedulePeriod: [{ startPeriod: 0, limit: 5_000 }] },
    });
    expect(await at.ask('GetChargingProfiles', { requestId: 3, chargingProfile: {} })).toEqual({ status: 'Accepted' });
    expect(await at.csms.arrives('ReportChargingProfiles')).toMatchObject([
      { requestId: 3, evseId: 0, chargingProfile: [{ id: 1, chargingProfilePurpose: 'ChargingStationMaxProfile' }] },
    ]);
    expect(await at.ask('ClearChargingProfile', { chargingProfileId: 1 })).toEqual({ status: 'Accepted' });
    await station.next('metered', { ...patient, where: ({ powerW }) => powerW > 5_000 });
    expect(await at.ask('GetChargingProfiles', { requestId: 4, chargingProfile: {} })).toEqual({
      status: 'NoProfiles',
    });
    expect(await at.ask('ClearChargingProfile', { chargingProfileId: 1 })).toEqual({ status: 'Unknown' });
    const other = limitOf(1, { chargingProfilePurpose: 'TxProfile', transactionId: 'NOBODY' });
    expect(await at.ask('SetChargingProfile', { evseId: 1, chargingProfile: other })).toMatchObject({
      status: 'Rejected',
    });
    expect(at.mistakes()).toEqual([]);
  });

  test('a reservation keeps the EVSE for its token and tells when it has expired', async () => {
    const station = await at.started();
    const idToken = { idToken: 'KEPT', type: 'ISO14443' };
    expect(await at.ask('ReserveNow', { id: 4, expiryDateTime: inAnHour(), idToken, evseId: 1 })).toEqual({
      status: 'Accepted',
    });
    station.plugIn(1);
    expect(await station.present(1, 'OTHER')).toBe('Reserved');
    await station.present(1, 'KEPT');
    await at.csms.arrives('TransactionEvent');
    expect(at.heard('TransactionEvent')[0]).toMatchObject({ reservationId: 4 });
    expect(await at.ask('CancelReservation', { reservationId: 4 })).toEqual({ status: 'Rejected' });
    expect(at.heard('ReservationStatusUpdate')).toEqual([]);
    expect(at.mistakes()).toEqual([]);
  });

  test('a reservation that nobody uses expires and is told', async () => {
    await at.started({ speed: 1, behindMs: 0 });
    const expiryDateTime = new Date(Date.now() + 400).toISOString();
    await at.ask('ReserveNow', { id: 9, expiryDateTime, idToken: { idToken: 'KEPT', type: 'ISO14443' }, evseId: 1 });
    expect(await at.csms.arrives('ReservationStatusUpdate')).toEqual([
      { reservationId: 9, reservationUpdateStatus: 'Expired' },
    ]);
  });

  test('the local list is kept by version and judges tokens offline', async () => {
    const station = await at.started({ configuration: { 'AuthCtrlr.OfflineTxForUnknownIdEnabled': 'false' } });
    const entry = { idToken: { idToken: 'LISTED', type: 'ISO14443' }, idTokenInfo: { status: 'Accepted' } };
    expect(
      await at.ask('SendLocalList', { versionNumber: 2, updateType: 'Full', localAuthorizationList: [entry] }),
    ).toEqual({ status: 'Accepted' });
    expect(await at.ask('GetLocalListVersion')).toEqual({ versionNumber: 2 });
    expect(await at.ask('SendLocalList', { versionNumber: 1, updateType: 'Differential' })).toEqual({
      status: 'VersionMismatch',
    });
    station.faults.offline();
    expect(await station.present(1, 'LISTED')).toBe('Accepted');
    expect(await station.present(1, 'STRANGER')).toBe('Invalid');
  });

  test('what is on the display is told and goes again', async () => {
    await at.started();
    const message = { id: 5, priority: 'NormalCycle', message: { format: 'UTF8', content: '0.45 EUR/kWh' } };
    expect(await at.ask('SetDisplayMessage', { message })).toEqual({ status: 'Accepted' });
    expect(await at.ask('GetDisplayMessages', { requestId: 1 })).toEqual({ status: 'Accepted' });
    expect(await at.csms.arrives('NotifyDisplayMessages')).toMatchObject([{ requestId: 1, messageInfo: [message] }]);
    expect(await at.ask('ClearDisplayMessage', { id: 5 })).toEqual({ status: 'Accepted' });
    expect(await at.ask('GetDisplayMessages', { requestId: 2 })).toEqual({ status: 'Unknown' });
    expect(at.mistakes()).toEqual([]);
  });

  test('a firmware is fetched, installed and told step by step, and a log is uploaded', async () => {
    const files = await testFiles();
    files.offered.set('/fw.bin', Buffer.from('virtual 3.2.1'));
    try {
      const station = await at.started();
      const firmware = { location: `${files.url}/fw.bin`, retrieveDateTime: '2020-01-01T00:00:00.000Z' };
      expect(await at.ask('UpdateFirmware', { requestId: 6, firmware })).toEqual({ status: 'Accepted' });
      const told = await at.csms.arrives('FirmwareStatusNotification', 5);
      expect(told.map((one) => one['status'])).toEqual([
        ...['Downloading', 'Downloaded', 'Installing', 'InstallRebooting', 'Installed'],
      ]);
      expect(told.every((one) => one['requestId'] === 6)).toBe(true);
      expect(station.firmwareVersion).toBe('3.2.1');
      const log = { remoteLocation: `${files.url}/logs/` };
      expect(await at.ask('GetLog', { requestId: 7, logType: 'DiagnosticsLog', log })).toMatchObject({
        status: 'Accepted',
      });
      const steps = await at.csms.arrives('LogStatusNotification', 2);
      expect(steps).toEqual([
        { requestId: 7, status: 'Uploading' },
        { requestId: 7, status: 'Uploaded' },
      ]);
      expect(at.mistakes()).toEqual([]);
    } finally {
      await files.close();
    }
  });

  test('what only 2.1 has is not known in 2.0.1', async () => {
    await at.started();
    const known = await at.ask('GetTariffs', { evseId: 0 });
    if (version === 'ocpp2.1') expect(known).toEqual({ status: 'NoTariff' });
    else expect(known).toContain('NotImplemented');
  });
});

describe('a station of ocpp2.1', () => {
  const at = stand2x('ocpp2.1');

  test('a dynamic profile follows the values that are pushed into it', async () => {
    const station = await at.started();
    const chargingProfile = {
      ...{ id: 7, stackLevel: 0, chargingProfilePurpose: 'ChargingStationMaxProfile', chargingProfileKind: 'Dynamic' },
      chargingSchedule: [{ id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6_000 }] }],
    };
    expect(await at.ask('SetChargingProfile', { evseId: 0, chargingProfile })).toEqual({ status: 'Accepted' });
    station.plugIn(1);
    await station.present(1, 'TAG1');
    await station.next('metered', { ...patient, where: ({ powerW }) => powerW === 6_000 });
    expect(await at.ask('UpdateDynamicSchedule', { chargingProfileId: 7, scheduleUpdate: { limit: 7_000 } })).toEqual({
      status: 'Accepted',
    });
    await station.next('metered', { ...patient, where: ({ powerW }) => powerW === 7_000 });
  });

  test('a monitor with a stream sends its values and waits for no answer', async () => {
    at.csms.answers['OpenPeriodicEventStream'] = () => ({ status: 'Accepted' });
    const station = await at.started();
    const stream = { type: 'Periodic', value: 60, severity: 8, periodicEventStream: { values: 3 } };
    await at.ask('SetVariableMonitoring', { setMonitoringData: [{ ...power, ...stream }] });
    await at.csms.arrives('OpenPeriodicEventStream');
    station.plugIn(1);
    await station.present(1, 'TAG1');
    const sent = await station.next('sent', { ...patient, where: ({ text }) => text.startsWith('[6,') });
    const [, , action, payload] = JSON.parse(sent.text) as [6, string, string, { id: number; data: unknown[] }];
    expect(action).toBe('NotifyPeriodicEventStream');
    expect(payload).toMatchObject({ id: 1, pending: 0 });
    expect(payload.data).toHaveLength(3);
    expect(await at.ask('GetPeriodicEventStream')).toMatchObject({ constantStreamData: [{ id: 1 }] });
    await at.ask('ClearVariableMonitoring', { id: [1] });
    await at.csms.arrives('ClosePeriodicEventStream');
  });

  test('batteries are swapped, controls of the grid reported', async () => {
    await at.started();
    await at.ask('RequestBatterySwap', { requestId: 2, idToken: { idToken: 'B', type: 'Central' } });
    expect(await at.csms.arrives('BatterySwap', 2)).toMatchObject([
      { eventType: 'BatteryIn', requestId: 2 },
      { eventType: 'BatteryOut', requestId: 2 },
    ]);
    const freqDroop = { priority: 1, overFreq: 50.2, underFreq: 49.8, overDroop: 5, underDroop: 5, responseTime: 1 };
    await at.ask('SetDERControl', { isDefault: true, controlId: 'D1', controlType: 'FreqDroop', freqDroop });
    expect(await at.ask('GetDERControl', { requestId: 3 })).toEqual({ status: 'Accepted' });
    expect(await at.csms.arrives('ReportDERControl')).toMatchObject([{ freqDroop: [{ id: 'D1', freqDroop }] }]);
    expect(at.mistakes()).toEqual([]);
  });
});
