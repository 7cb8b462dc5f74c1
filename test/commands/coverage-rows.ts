import { createHash, X509Certificate } from 'node:crypto';
import { testAuthority } from '@plugga/testing';
import { expect } from 'vitest';
import type { Walk } from './walk.ts';

/** One action of OCPP 1.6 or its security extension: what triggers it, and where what it does is seen. */
export interface CoverageRow {
  readonly action: string;
  readonly from: 'station' | 'operator';
  readonly security?: true;
  readonly trigger: string;
  readonly seen: string;
  /** Why nothing but its answer can be seen. */
  readonly answeredOnly?: string;
  /** Does it at a live platform, and looks there. */
  walk(walk: Walk): Promise<void>;
}

const TIME = '2026-01-05T12:00:00.000Z';
const PEM = '-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n';
const FILES = 'https://files.example/in/';
const certificate = { algorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' } as const;
const certificateHashData = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' };
const root = testAuthority('Root').cert;
/** As OCPP wants it: SHA-256 of the issuer's name as DER, here a SEQUENCE with the one CN "Root". */
const rootHash = {
  hashAlgorithm: 'SHA256',
  issuerNameHash: createHash('sha256').update(Buffer.from('300f310d300b06035504030c04526f6f74', 'hex')).digest('hex'),
  issuerKeyHash: 'cc',
  serialNumber: new X509Certificate(root).serialNumber,
};
const schedule = { unit: 'A', start: TIME, periods: [{ start: 0, limit: 10 }] };
const command = (type: string): string => `command \`${type}\``;

/** A message of the station that becomes an event. */
const told =
  (
    action: string,
    payload: Readonly<Record<string, unknown>>,
    type: string,
    data: Readonly<Record<string, unknown>>,
  ): CoverageRow['walk'] =>
  async ({ station, event }) => {
    await station.say(action, payload);
    await event(type, data);
  };
/** A command whose answer is all that there is to see. */
const answered =
  (asked: Readonly<Record<string, unknown>>, action: string): CoverageRow['walk'] =>
  async ({ station, command: ask }) => {
    expect((await ask(asked)).status).toBe('accepted');
    await station.called(action);
  };

/** In the order in which they are walked: a session is begun, metered and ended on the way. */
export const rows: readonly CoverageRow[] = [
  {
    action: 'BootNotification',
    from: 'station',
    trigger: 'frame',
    seen: '`GET /stations/{identity}`: vendor, model, firmware; `station.booted`',
    walk: async ({ station, operator, identity }) => {
      const said = { chargePointVendor: 'Walked', chargePointModel: 'One', firmwareVersion: '1.2' };
      expect(await station.say('BootNotification', said)).toMatchObject({ status: 'Accepted' });
      expect(await operator.get(`stations/${identity}`)).toMatchObject({ vendor: 'Walked', firmware: '1.2' });
    },
  },
  {
    action: 'Heartbeat',
    from: 'station',
    trigger: 'frame',
    seen: 'the answer: our time; `lastSeenAt` of the station, a few seconds later',
    answeredOnly: 'it has no other duty',
    walk: async ({ station }) => {
      const { currentTime } = await station.say('Heartbeat');
      expect(Math.abs(Date.parse(String(currentTime)) - Date.now())).toBeLessThan(60_000);
    },
  },
  {
    action: 'StatusNotification',
    from: 'station',
    trigger: 'frame',
    seen: '`GET /stations/{identity}`: status of the connector; `connector.changed`',
    walk: async ({ station, operator, identity }) => {
      await station.status('Available');
      expect(JSON.stringify(await operator.get(`stations/${identity}`))).toContain('"status":"available"');
    },
  },
  {
    action: 'Authorize',
    from: 'station',
    trigger: 'frame',
    seen: '`token.attempted`',
    walk: async ({ station, token, event }) => {
      expect(await station.say('Authorize', { idTag: token })).toMatchObject({ idTagInfo: { status: 'Accepted' } });
      await event('token.attempted', { status: 'accepted' });
    },
  },
  {
    action: 'DataTransfer',
    from: 'station',
    trigger: 'frame',
    seen: '`station.noted`; the question `dataTransfer` to plugins, whose answer it is',
    walk: told('DataTransfer', { vendorId: 'org.example', data: 'x' }, 'station.noted', { topic: 'dataTransfer' }),
  },
  {
    action: 'DataTransfer',
    from: 'operator',
    trigger: command('dataTransfer'),
    seen: '`result.data` of the command',
    walk: async ({ station, command: ask }) => {
      station.replies['DataTransfer'] = { status: 'Accepted', data: 'back' };
      expect(await ask({ type: 'dataTransfer', vendorId: 'org.example' })).toMatchObject({ result: { data: 'back' } });
    },
  },
  {
    action: 'RemoteStartTransaction',
    from: 'operator',
    trigger: command('start'),
    seen: 'effect of the command: the session',
    walk: async ({ station, command: ask, token, effect, start }) => {
      const { id } = await ask({ type: 'start', evse: 1, token });
      await station.called('RemoteStartTransaction');
      const session = await start();
      expect(await effect(id, 'seen')).toMatchObject({ effect: session });
    },
  },
  {
    action: 'StartTransaction',
    from: 'station',
    trigger: 'frame',
    seen: '`GET /sessions`: active, with the transaction id that the answer gave',
    walk: async ({ session }) => {
      expect(await session()).toMatchObject({ status: 'active' });
    },
  },
  {
    action: 'MeterValues',
    from: 'station',
    trigger: 'frame',
    seen: '`GET /sessions/{id}`: energyWh; `session.metered`',
    walk: async ({ station, session, transaction, now }) => {
      const sampledValue = [{ value: '1500', measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
      const meterValue = [{ timestamp: now(), sampledValue }];
      await station.say('MeterValues', { connectorId: 1, transactionId: transaction(), meterValue });
      expect(await session()).toMatchObject({ energyWh: 500 });
    },
  },
  {
    action: 'RemoteStopTransaction',
    from: 'operator',
    trigger: command('stop'),
    seen: 'effect of the command: the session that has ended',
    walk: async ({ station, command: ask, effect, session, transaction, now }) => {
      const { id: of } = await session();
      const { id } = await ask({ type: 'stop', session: of });
      expect(await station.called('RemoteStopTransaction')).toEqual({ transactionId: transaction() });
      const stop = { transactionId: transaction(), meterStop: 1_600, timestamp: now(), reason: 'Remote' };
      await station.say('StopTransaction', stop);
      expect(await effect(id, 'seen')).toMatchObject({ effect: of });
    },
  },
  {
    action: 'StopTransaction',
    from: 'station',
    trigger: 'frame',
    seen: '`GET /sessions/{id}`: ended, meterStopWh, stopReason',
    walk: async ({ session, station }) => {
      expect(await session()).toMatchObject({ meterStopWh: 1_600, stopReason: 'Remote', energyWh: 600 });
      await station.status('Available');
    },
  },
  {
    action: 'UnlockConnector',
    from: 'operator',
    trigger: command('unlock'),
    seen: 'effect of the command: the plug that is out',
    walk: async ({ station, command: ask, effect }) => {
      station.replies['UnlockConnector'] = { status: 'Unlocked' };
      await station.status('Finishing');
      const { id } = await ask({ type: 'unlock', evse: 1 });
      await station.status('Available');
      expect(await effect(id, 'seen')).toMatchObject({ effect: 'available' });
    },
  },
  {
    action: 'ChangeAvailability',
    from: 'operator',
    trigger: command('availability'),
    seen: 'effect of the command: the status of the connector',
    walk: async ({ station, command: ask, effect }) => {
      const { id } = await ask({ type: 'availability', evse: 1, operative: false });
      await station.status('Unavailable');
      expect(await effect(id, 'seen')).toMatchObject({ effect: 'inoperative' });
      await station.status('Available');
    },
  },
  {
    action: 'Reset',
    from: 'operator',
    trigger: command('reset'),
    seen: 'effect of the command: the boot',
    walk: async ({ station, command: ask, effect }) => {
      const { id } = await ask({ type: 'reset' });
      await station.say('BootNotification', { chargePointVendor: 'Walked', chargePointModel: 'One' });
      expect(await effect(id, 'seen')).toMatchObject({ effect: 'booted' });
    },
  },
  {
    action: 'TriggerMessage',
    from: 'operator',
    trigger: command('trigger'),
    seen: 'effect of the command: the message',
    walk: async ({ station, command: ask, effect }) => {
      const { id } = await ask({ type: 'trigger', message: 'heartbeat' });
      await station.say('Heartbeat');
      expect(await effect(id, 'seen')).toMatchObject({ effect: 'Heartbeat' });
    },
  },
  {
    action: 'ExtendedTriggerMessage',
    from: 'operator',
    security: true,
    trigger: `${command('trigger')} (logStatus, signCertificate)`,
    seen: 'effect of the command: the message',
    walk: async ({ station, command: ask, effect }) => {
      const { id } = await ask({ type: 'trigger', message: 'logStatus' });
      await station.called('ExtendedTriggerMessage');
      await station.say('LogStatusNotification', { status: 'Idle' });
      expect(await effect(id, 'seen')).toMatchObject({ effect: 'LogStatusNotification' });
    },
  },
  {
    action: 'GetConfiguration',
    from: 'operator',
    trigger: command('readVariables'),
    seen: '`GET /stations/{identity}`: variables',
    walk: async ({ station, command: ask, operator, identity }) => {
      const key = { key: 'HeartbeatInterval', readonly: false, value: '77' };
      station.replies['GetConfiguration'] = { configurationKey: [key] };
      await ask({ type: 'readVariables' });
      expect(await operator.get(`stations/${identity}`)).toMatchObject({
        variables: [{ name: 'HeartbeatInterval', value: '77' }],
      });
    },
  },
  {
    action: 'ChangeConfiguration',
    from: 'operator',
    trigger: `${command('writeVariables')}, ${command('rotateKey')}, ${command('raiseProfile')}`,
    seen: '`GET /stations/{identity}`: variables, as written',
    walk: async ({ command: ask, operator, identity }) => {
      await ask({ type: 'writeVariables', values: { HeartbeatInterval: '88' } });
      expect(await operator.get(`stations/${identity}`)).toMatchObject({ variables: [{ value: '88' }] });
    },
  },
  {
    action: 'ClearCache',
    from: 'operator',
    trigger: command('clearCache'),
    seen: 'the answer',
    answeredOnly: 'no message tells what a cache holds',
    walk: answered({ type: 'clearCache' }, 'ClearCache'),
  },
  {
    action: 'GetLocalListVersion',
    from: 'operator',
    trigger: `${command('readLocalList')}; before each list that is sent`,
    seen: '`result.localListVersion` of the command',
    walk: async ({ station, command: ask }) => {
      station.replies['GetLocalListVersion'] = { listVersion: 3 };
      expect(await ask({ type: 'readLocalList' })).toMatchObject({ result: { localListVersion: 3 } });
    },
  },
  {
    action: 'SendLocalList',
    from: 'operator',
    trigger: command('writeLocalList'),
    seen: '`result.localListVersion`; the next list is a differential on top of it',
    walk: async ({ station, command: ask }) => {
      await ask({ type: 'writeLocalList' });
      expect(await station.called('SendLocalList')).toMatchObject({ updateType: 'Full', listVersion: 4 });
      station.replies['GetLocalListVersion'] = { listVersion: 4 };
      await ask({ type: 'writeLocalList', tokens: [] });
      expect(await station.called('SendLocalList')).toMatchObject({ updateType: 'Differential', listVersion: 5 });
    },
  },
  {
    action: 'ReserveNow',
    from: 'operator',
    trigger: command('reserve'),
    seen: 'effect of the command: the connector that is reserved; `reservation.changed`',
    walk: async ({ station, command: ask, token, effect, event }) => {
      const { id } = await ask({ type: 'reserve', evse: 1, token, expiresAt: '2099-01-01T00:00:00Z' });
      await station.status('Reserved');
      expect(await effect(id, 'seen')).toMatchObject({ effect: 'reserved' });
      await event('reservation.changed', { status: 'accepted' });
    },
  },
  {
    action: 'CancelReservation',
    from: 'operator',
    trigger: command('cancelReservation'),
    seen: '`reservation.changed`: cancelled',
    walk: async ({ station, command: ask, event }) => {
      const { reservationId } = await station.called('ReserveNow', 'first');
      await ask({ type: 'cancelReservation', reservation: reservationId });
      await event('reservation.changed', { status: 'cancelled', reservation: reservationId });
      await station.status('Available');
    },
  },
  {
    action: 'SetChargingProfile',
    from: 'operator',
    trigger: `${command('setProfile')}, ${command('limit')}, or with ${command('start')}`,
    seen: '`station.profilesChanged`; counted against MaxChargingProfilesInstalled',
    walk: async ({ command: ask, event }) => {
      const profile = { id: 5, purpose: 'txDefault', kind: 'absolute', schedule };
      await ask({ type: 'setProfile', evse: 1, profile });
      await event('station.profilesChanged', { changes: [{ set: { id: 5 } }] });
    },
  },
  {
    action: 'GetCompositeSchedule',
    from: 'operator',
    trigger: command('compositeSchedule'),
    seen: '`result.schedule` of the command',
    walk: async ({ station, command: ask }) => {
      const chargingSchedule = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] };
      station.replies['GetCompositeSchedule'] = { status: 'Accepted', connectorId: 1, chargingSchedule };
      expect(await ask({ type: 'compositeSchedule', evse: 1, seconds: 60 })).toMatchObject({
        result: { schedule: { unit: 'A', periods: [{ start: 0, limit: 10 }] } },
      });
    },
  },
  {
    action: 'ClearChargingProfile',
    from: 'operator',
    trigger: `${command('clearProfile')}, or ${command('limit')} with null`,
    seen: '`station.profilesChanged`',
    walk: async ({ command: ask, event }) => {
      await ask({ type: 'clearProfile', id: 5 });
      await event('station.profilesChanged', { changes: [{ cleared: { id: 5 } }] });
    },
  },
  {
    action: 'UpdateFirmware',
    from: 'operator',
    trigger: command('updateFirmware'),
    seen: 'effect of the command: installed, or why not',
    walk: async ({ station, command: ask, effect }) => {
      station.replies['UpdateFirmware'] = {};
      const { id } = await ask({ type: 'updateFirmware', url: FILES });
      await station.called('UpdateFirmware');
      await station.say('FirmwareStatusNotification', { status: 'Installed' });
      expect(await effect(id, 'seen')).toMatchObject({ effect: 'installed' });
    },
  },
  {
    action: 'FirmwareStatusNotification',
    from: 'station',
    trigger: 'frame',
    seen: '`firmware.changed`',
    walk: told('FirmwareStatusNotification', { status: 'Downloading' }, 'firmware.changed', { status: 'downloading' }),
  },
  {
    action: 'SignedUpdateFirmware',
    from: 'operator',
    security: true,
    trigger: `${command('updateFirmware')} with signature and certificate`,
    seen: 'effect of the command: installed, or why not',
    walk: async ({ station, command: ask, effect }) => {
      const { id } = await ask({ type: 'updateFirmware', url: FILES, signature: 'c2ln', certificate: PEM });
      const { requestId } = await station.called('SignedUpdateFirmware');
      await station.say('SignedFirmwareStatusNotification', { status: 'InvalidSignature', requestId });
      expect(await effect(id, 'unseen')).toMatchObject({ effect: 'invalidSignature' });
    },
  },
  {
    action: 'SignedFirmwareStatusNotification',
    from: 'station',
    security: true,
    trigger: 'frame',
    seen: '`firmware.changed`, with the request',
    walk: told('SignedFirmwareStatusNotification', { status: 'Downloaded', requestId: 99 }, 'firmware.changed', {
      status: 'downloaded',
      request: 99,
    }),
  },
  {
    action: 'GetDiagnostics',
    from: 'operator',
    trigger: command('getDiagnostics'),
    seen: '`result.fileName`; effect of the command: uploaded, or why not',
    walk: async ({ station, command: ask, effect }) => {
      station.replies['GetDiagnostics'] = { fileName: 'd.zip' };
      const { id, result } = await ask({ type: 'getDiagnostics', url: FILES });
      expect(result).toMatchObject({ fileName: 'd.zip' });
      await station.say('DiagnosticsStatusNotification', { status: 'Uploaded' });
      expect(await effect(id, 'seen')).toMatchObject({ effect: 'uploaded' });
    },
  },
  {
    action: 'DiagnosticsStatusNotification',
    from: 'station',
    trigger: 'frame',
    seen: '`upload.changed`',
    walk: told('DiagnosticsStatusNotification', { status: 'Uploading' }, 'upload.changed', {
      of: 'diagnostics',
      status: 'uploading',
    }),
  },
  {
    action: 'GetLog',
    from: 'operator',
    security: true,
    trigger: command('getLog'),
    seen: 'effect of the command: uploaded, or why not',
    walk: async ({ station, command: ask, effect }) => {
      const { id } = await ask({ type: 'getLog', log: 'security', url: FILES });
      const { requestId } = await station.called('GetLog');
      await station.say('LogStatusNotification', { status: 'Uploaded', requestId });
      expect(await effect(id, 'seen')).toMatchObject({ effect: 'uploaded' });
    },
  },
  {
    action: 'LogStatusNotification',
    from: 'station',
    security: true,
    trigger: 'frame',
    seen: '`upload.changed`, with the request',
    walk: told('LogStatusNotification', { status: 'Uploading', requestId: 98 }, 'upload.changed', {
      of: 'log',
      status: 'uploading',
      request: 98,
    }),
  },
  {
    action: 'SecurityEventNotification',
    from: 'station',
    security: true,
    trigger: 'frame',
    seen: '`GET /security`; critical ones: an error in the log, `plugga_security_alarms_total`',
    walk: async ({ station, operator, identity }) => {
      await station.say('SecurityEventNotification', { type: 'TamperDetectionActivated', timestamp: TIME });
      expect(await operator.all(`security?station=${identity}&critical=true`)).toMatchObject([
        { kind: 'TamperDetectionActivated', at: TIME },
      ]);
    },
  },
  {
    action: 'SignCertificate',
    from: 'station',
    security: true,
    trigger: 'frame',
    seen: '`certificate.requested`; the question `signCertificate` to plugins, whose answer it is',
    walk: told('SignCertificate', { csr: 'CSR' }, 'certificate.requested', { csr: 'CSR', accepted: false }),
  },
  {
    action: 'CertificateSigned',
    from: 'operator',
    security: true,
    trigger: command('certificateSigned'),
    seen: 'effect of the command: the next connection over TLS that shows it',
    walk: async ({ overTls }) => {
      const { walk, certificate: chain, shows } = await overTls();
      const { id } = await walk.command({ type: 'certificateSigned', chain });
      expect(await walk.station.called('CertificateSigned')).toEqual({ certificateChain: chain });
      await shows();
      await walk.effect(id, 'seen');
    },
  },
  {
    action: 'InstallCertificate',
    from: 'operator',
    security: true,
    trigger: command('installCertificate'),
    seen: 'effect of the command: it is among those that the station lists, which it is asked for at once',
    walk: async ({ station, command: ask, effect }) => {
      station.replies['GetInstalledCertificateIds'] = { status: 'Accepted', certificateHashData: [rootHash] };
      const { id } = await ask({ type: 'installCertificate', use: 'csmsRoot', certificate: root });
      expect(await station.called('InstallCertificate')).toMatchObject({ certificate: root });
      expect(await effect(id, 'seen')).toMatchObject({ effect: 'installed' });
    },
  },
  {
    action: 'GetInstalledCertificateIds',
    from: 'operator',
    security: true,
    trigger: command('listCertificates'),
    seen: '`result.certificates` of the command',
    walk: async ({ station, command: ask }) => {
      station.replies['GetInstalledCertificateIds'] = {
        status: 'Accepted',
        certificateHashData: [certificateHashData],
      };
      expect(await ask({ type: 'listCertificates', use: 'csmsRoot' })).toMatchObject({
        result: { certificates: [certificate] },
      });
    },
  },
  {
    action: 'DeleteCertificate',
    from: 'operator',
    security: true,
    trigger: command('deleteCertificate'),
    seen: 'effect of the command: it is in none of the lists of the station any more, which it is asked for at once',
    walk: async ({ station, command: ask, effect }) => {
      station.replies['GetInstalledCertificateIds'] = { status: 'NotFound' };
      const { id } = await ask({ type: 'deleteCertificate', certificate });
      expect(await station.called('DeleteCertificate')).toMatchObject({ certificateHashData });
      expect(await effect(id, 'seen')).toMatchObject({ effect: 'deleted' });
    },
  },
];
