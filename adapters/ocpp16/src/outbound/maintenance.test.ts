import type { Answer, CommandName, CommandResult, CommandTable, Outbound, StationView } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import { ocpp16 } from '../index.ts';

const stationOf = (variables: Readonly<Record<string, string>> = {}): StationView =>
  ({ variable: (name: string) => variables[name], transactionOn: () => undefined }) as unknown as StationView;
const result = (payload: unknown): Answer => ({ kind: 'result', payload });

const play = <K extends CommandName>(
  name: K,
  command: CommandTable[K],
  answers: readonly Answer[] = [],
  station = stationOf(),
): { readonly calls: readonly unknown[]; readonly done: CommandResult } => {
  const plan = ocpp16.outbound[name] as Outbound<CommandTable[K]>;
  const left = [...answers];
  const calls: unknown[] = [];
  let step = plan.start(command, station);
  while ('call' in step) {
    calls.push([step.call.action, step.call.payload]);
    step = plan.next(step.state, left.shift() ?? result({ status: 'Accepted' }));
  }
  return { calls, done: step.done };
};

const token = { value: '04A2B3' };
const expiresAt = '2026-01-05T13:00:00.000Z';
const hash = { algorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' } as const;
const certificateHashData = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' };
const url = 'https://csms.example/uploads/x/';

test.each<[string, { readonly calls: readonly unknown[]; readonly done: CommandResult }, string, unknown]>([
  ['the cache is cleared', play('clearCache', {}), 'ClearCache', {}],
  [
    'a connector is reserved',
    play('reserve', { reservation: 5, evse: 1, token, group: { value: 'FLEET' }, expiresAt }),
    'ReserveNow',
    { connectorId: 1, expiryDate: expiresAt, idTag: '04A2B3', parentIdTag: 'FLEET', reservationId: 5 },
  ],
  [
    'the station is reserved',
    play('reserve', { reservation: 5, token, expiresAt }),
    'ReserveNow',
    { connectorId: 0, expiryDate: expiresAt, idTag: '04A2B3', reservationId: 5 },
  ],
  [
    'a reservation is cancelled',
    play('cancelReservation', { reservation: 5 }),
    'CancelReservation',
    { reservationId: 5 },
  ],
  [
    'a vendor is told something',
    play('dataTransfer', { vendorId: 'org.example', messageId: 'price', data: { kwh: '2.50' } }),
    'DataTransfer',
    { vendorId: 'org.example', messageId: 'price', data: '{"kwh":"2.50"}' },
  ],
  [
    'firmware is fetched',
    play('updateFirmware', { request: 1, url, retrieveAt: expiresAt, retries: 3, retrySeconds: 60 }),
    'UpdateFirmware',
    { location: url, retrieveDate: expiresAt, retries: 3, retryInterval: 60 },
  ],
  [
    'signed firmware is fetched',
    play('updateFirmware', { request: 1, url, retrieveAt: expiresAt, signature: 'c2ln', certificate: 'PEM' }),
    'SignedUpdateFirmware',
    {
      requestId: 1,
      firmware: { location: url, retrieveDateTime: expiresAt, signingCertificate: 'PEM', signature: 'c2ln' },
    },
  ],
  [
    'a log is asked for',
    play('getLog', { request: 2, log: 'security', url, from: expiresAt }),
    'GetLog',
    { logType: 'SecurityLog', requestId: 2, log: { remoteLocation: url, oldestTimestamp: expiresAt } },
  ],
  [
    'a chain is delivered',
    play('certificateSigned', { chain: 'PEM' }),
    'CertificateSigned',
    { certificateChain: 'PEM' },
  ],
  [
    'a root is installed',
    play('installCertificate', { use: 'manufacturerRoot', certificate: 'PEM' }),
    'InstallCertificate',
    { certificateType: 'ManufacturerRootCertificate', certificate: 'PEM' },
  ],
  [
    'a certificate is deleted',
    play('deleteCertificate', { certificate: hash }),
    'DeleteCertificate',
    { certificateHashData },
  ],
  [
    'a message of the security extension is triggered',
    play('trigger', { message: 'signCertificate' }),
    'ExtendedTriggerMessage',
    { requestedMessage: 'SignChargePointCertificate' },
  ],
  [
    'a log status is triggered',
    play('trigger', { message: 'logStatus' }),
    'ExtendedTriggerMessage',
    { requestedMessage: 'LogStatusNotification' },
  ],
])('%s', (_, { calls, done }, action, payload) => {
  expect(calls).toEqual([[action, payload]]);
  expect(done.status).toBe('accepted');
});

test('diagnostics are on their way only where the station names a file', () => {
  const wanted = { request: 1, url, from: expiresAt, until: expiresAt };
  expect(play('getDiagnostics', wanted, [result({ fileName: 'log.zip' })])).toEqual({
    calls: [['GetDiagnostics', { location: url, startTime: expiresAt, stopTime: expiresAt }]],
    done: { status: 'accepted', fileName: 'log.zip' },
  });
  expect(play('getDiagnostics', wanted, [result({})]).done.status).toBe('rejected');
});

test('the name of a log’s file is kept', () => {
  const answer = result({ status: 'Accepted', filename: 'sec.log' });
  expect(play('getLog', { request: 1, log: 'diagnostics', url }, [answer]).done).toEqual({
    status: 'accepted',
    fileName: 'sec.log',
  });
});

test('what a vendor gives back is kept', () => {
  const answer = result({ status: 'Accepted', data: 'ok' });
  expect(play('dataTransfer', { vendorId: 'v' }, [answer]).done).toEqual({ status: 'accepted', data: 'ok' });
  expect(play('dataTransfer', { vendorId: 'v' }, [result({ status: 'UnknownVendorId' })]).done).toEqual({
    status: 'unsupported',
    detail: 'UnknownVendorId',
  });
});

test('the list’s version is read', () => {
  expect(play('readLocalList', {}, [result({ listVersion: 3 })]).done).toEqual({
    status: 'accepted',
    localListVersion: 3,
  });
  expect(play('readLocalList', {}, [result({ listVersion: -1 })]).done.status).toBe('unsupported');
  expect(play('readLocalList', {}, [result({})]).done.status).toBe('failed');
});

test('the certificates of a station are told by their hashes', () => {
  const answer = result({ status: 'Accepted', certificateHashData: [certificateHashData, { hashAlgorithm: 'MD5' }] });
  expect(play('listCertificates', { use: 'csmsRoot' }, [answer])).toEqual({
    calls: [['GetInstalledCertificateIds', { certificateType: 'CentralSystemRootCertificate' }]],
    done: { status: 'accepted', certificates: [hash] },
  });
  const none = result({ status: 'NotFound' });
  expect(play('listCertificates', { use: 'csmsRoot' }, [none]).done).toEqual({ status: 'accepted', certificates: [] });
  expect(play('listCertificates', {}, [])).toMatchObject({ calls: [], done: { status: 'unsupported' } });
});

test('a station without TriggerMessage is asked by the extended one', () => {
  const not = result({ status: 'NotImplemented' });
  expect(play('trigger', { message: 'boot', evse: 1 }, [not]).calls).toEqual([
    ['TriggerMessage', { requestedMessage: 'BootNotification', connectorId: 1 }],
    ['ExtendedTriggerMessage', { requestedMessage: 'BootNotification', connectorId: 1 }],
  ]);
  expect(play('trigger', { message: 'diagnosticsStatus' }, [not]).done.status).toBe('unsupported');
});

describe('what cannot be said is not sent', () => {
  test.each([
    [
      'a signature without its certificate',
      play('updateFirmware', { request: 1, url, retrieveAt: expiresAt, signature: 'c2ln' }),
      /signed update/,
    ],
    [
      'a time to install of an unsigned update',
      play('updateFirmware', { request: 1, url, retrieveAt: expiresAt, installAt: expiresAt }),
      /as soon as/,
    ],
    [
      'a token that is too long',
      play('reserve', { reservation: 1, evse: 1, token: { value: 'A'.repeat(21) }, expiresAt }),
      /at most 20/,
    ],
    [
      'the whole of a station that reserves connectors',
      play('reserve', { reservation: 1, token, expiresAt }, [], stationOf({ ReserveConnectorZeroSupported: 'false' })),
      /ReserveConnectorZeroSupported/,
    ],
    [
      'a signature that is too long',
      play('updateFirmware', {
        ...{ request: 1, url, retrieveAt: expiresAt },
        ...{ signature: 'c'.repeat(801), certificate: 'PEM' },
      }),
      /signature/,
    ],
  ])('%s', (_, { calls, done }, why) => {
    expect(calls).toEqual([]);
    expect(done.detail).toMatch(why);
    expect(done.status).not.toBe('accepted');
  });
});

test.each([
  ['Faulted', 'reserve'],
  ['Occupied', 'reserve'],
  ['Unavailable', 'reserve'],
  ['Rejected', 'reserve'],
])('a reservation that ends in %s is refused by that word', (word) => {
  const { done } = play('reserve', { reservation: 1, evse: 1, token, expiresAt }, [result({ status: word })]);
  expect(done).toEqual({ status: 'rejected', detail: word });
});

test.each(['InvalidCertificate', 'RevokedCertificate', 'Rejected'])('a signed update is refused with %s', (word) => {
  const wanted = { request: 1, url, retrieveAt: expiresAt, signature: 'c2ln', certificate: 'PEM' };
  expect(play('updateFirmware', wanted, [result({ status: word })]).done).toEqual({ status: 'rejected', detail: word });
});
