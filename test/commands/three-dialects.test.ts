import { ocpp16 } from '@plugga/ocpp16';
import { ocpp201 } from '@plugga/ocpp201';
import { ocpp21 } from '@plugga/ocpp21';
import { type PlatformTest, startPlatform } from '@plugga/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { api, type Api } from '../e2e/api.ts';
import { answeringStation, type AnsweringStation, type Replies } from './answering-station.ts';
import { settledCommand } from './settled-command.ts';

const DIALECTS = ['ocpp1.6', 'ocpp2.0.1', 'ocpp2.1'] as const;
type Calls = readonly (readonly [action: string, payload: unknown])[];

/** One command, and the CALLs that it is in each dialect: 1.6, 2.0.1, 2.1. */
interface Row {
  readonly says: string;
  readonly command: Readonly<Record<string, unknown>>;
  readonly calls: readonly [Calls, Calls, Calls];
  readonly replies?: Replies;
  /** What it becomes, in all or in each. */
  readonly status?: RegExp | readonly [RegExp, RegExp, RegExp];
}

const token = 'THREE00000000001';
const anId: unknown = expect.any(Number);
const two = (calls: Calls): readonly [Calls, Calls] => [calls, calls];
const same = (calls: Calls): readonly [Calls, Calls, Calls] => [calls, calls, calls];

const TAKEN = /^(accepted|done)$/;
/** 1.6 has no word for it. */
const of2 = [/^rejected$/, TAKEN, TAKEN] as const;
const temperature = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'Temperature' } };

const ofVisit = { id: 7, purpose: 'txDefault', stackLevel: 0, kind: 'relative' };
const inWords = { stackLevel: 0, chargingProfilePurpose: 'TxDefaultProfile', chargingProfileKind: 'Relative' };
const atOnce = { stackLevel: 0, chargingProfileKind: 'Absolute' };
const elevenKw = { chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000 }] };
const aTime: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
/** The profile that `limit` makes for the whole station. */
const OURS = 900_000_000;
const sixteen = { chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] };

const rows: readonly Row[] = [
  {
    says: 'start at an EVSE',
    command: { type: 'start', evse: 1, token },
    calls: [
      [['RemoteStartTransaction', { connectorId: 1, idTag: token }]],
      ...two([
        ['RequestStartTransaction', { evseId: 1, idToken: { idToken: token, type: 'Central' }, remoteStartId: anId }],
      ]),
    ],
  },
  {
    says: 'unlock a connector',
    command: { type: 'unlock', evse: 2, connector: 1 },
    replies: { UnlockConnector: { status: 'Unlocked' } },
    calls: [[['UnlockConnector', { connectorId: 2 }]], ...two([['UnlockConnector', { evseId: 2, connectorId: 1 }]])],
  },
  {
    says: 'reset when nobody charges',
    command: { type: 'reset', kind: 'soft' },
    calls: [[['Reset', { type: 'Soft' }]], ...two([['Reset', { type: 'OnIdle' }]])],
  },
  {
    says: 'reset at once',
    command: { type: 'reset', kind: 'hard' },
    calls: [[['Reset', { type: 'Hard' }]], ...two([['Reset', { type: 'Immediate' }]])],
  },
  {
    says: 'reset at once, and go on charging',
    command: { type: 'reset', kind: 'resume' },
    status: [/^rejected$/, /^rejected$/, TAKEN],
    calls: [[], [], [['Reset', { type: 'ImmediateAndResume' }]]],
  },
  {
    says: 'ask for the state of what is charging',
    command: { type: 'trigger', message: 'transaction', evse: 1 },
    status: of2,
    calls: [[], ...two([['TriggerMessage', { requestedMessage: 'TransactionEvent', evse: { id: 1 } }]])],
  },
  {
    says: 'ask how far the publishing of firmware is',
    command: { type: 'trigger', message: 'publishStatus' },
    status: of2,
    calls: [[], ...two([['TriggerMessage', { requestedMessage: 'PublishFirmwareStatusNotification' }]])],
  },
  {
    says: 'ask for a CSR for what it shows to vehicles',
    command: { type: 'trigger', message: 'signV2gCertificate' },
    status: of2,
    calls: [[], ...two([['TriggerMessage', { requestedMessage: 'SignV2GCertificate' }]])],
  },
  {
    says: 'ask for a CSR by ISO 15118-20',
    command: { type: 'trigger', message: 'signV2g20Certificate' },
    status: [/^rejected$/, /^rejected$/, TAKEN],
    calls: [[], [], [['TriggerMessage', { requestedMessage: 'SignV2G20Certificate' }]]],
  },
  {
    says: 'ask for a message of the make',
    command: { type: 'trigger', message: 'custom', custom: 'Selftest' },
    status: [/^rejected$/, /^rejected$/, TAKEN],
    calls: [[], [], [['TriggerMessage', { requestedMessage: 'CustomTrigger', customTrigger: 'Selftest' }]]],
  },
  {
    says: 'take an EVSE out of service',
    command: { type: 'availability', evse: 1, operative: false },
    calls: [
      [['ChangeAvailability', { connectorId: 1, type: 'Inoperative' }]],
      ...two([['ChangeAvailability', { evse: { id: 1 }, operationalStatus: 'Inoperative' }]]),
    ],
  },
  {
    says: 'put the station into service',
    command: { type: 'availability', operative: true },
    calls: [
      [['ChangeAvailability', { connectorId: 0, type: 'Operative' }]],
      ...two([['ChangeAvailability', { operationalStatus: 'Operative' }]]),
    ],
  },
  {
    says: 'ask for the status of a connector',
    command: { type: 'trigger', message: 'status', evse: 1 },
    calls: [
      [['TriggerMessage', { requestedMessage: 'StatusNotification', connectorId: 1 }]],
      ...two([['TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: 1, connectorId: 1 } }]]),
    ],
  },
  {
    says: 'ask for a new certificate request',
    command: { type: 'trigger', message: 'signCertificate' },
    calls: [
      [['ExtendedTriggerMessage', { requestedMessage: 'SignChargePointCertificate' }]],
      ...two([['TriggerMessage', { requestedMessage: 'SignChargingStationCertificate' }]]),
    ],
  },
  {
    says: 'ask whether messages of any transaction wait',
    command: { type: 'transactionStatus' },
    replies: { GetTransactionStatus: { messagesInQueue: false } },
    status: of2,
    calls: [[], ...two([['GetTransactionStatus', {}]])],
  },
  {
    says: 'read a setting',
    command: { type: 'readVariables', names: ['HeartbeatInterval'] },
    replies: {
      GetConfiguration: { configurationKey: [], unknownKey: ['HeartbeatInterval'] },
      GetVariables: { getVariableResult: [] },
    },
    calls: [
      [['GetConfiguration', { key: ['HeartbeatInterval'] }]],
      ...two([
        [
          'GetVariables',
          { getVariableData: [{ component: { name: 'OCPPCommCtrlr' }, variable: { name: 'HeartbeatInterval' } }] },
        ],
      ]),
    ],
  },
  {
    says: 'write a setting',
    command: { type: 'writeVariables', values: { HeartbeatInterval: '300' } },
    replies: {
      SetVariables: {
        setVariableResult: [
          {
            attributeStatus: 'Accepted',
            component: { name: 'OCPPCommCtrlr' },
            variable: { name: 'HeartbeatInterval' },
          },
        ],
      },
    },
    calls: [
      [['ChangeConfiguration', { key: 'HeartbeatInterval', value: '300' }]],
      ...two([
        [
          'SetVariables',
          {
            setVariableData: [
              {
                component: { name: 'OCPPCommCtrlr' },
                variable: { name: 'HeartbeatInterval' },
                attributeValue: '300',
              },
            ],
          },
        ],
      ]),
    ],
  },
  { says: 'clear the cache', command: { type: 'clearCache' }, calls: same([['ClearCache', {}]]) },
  {
    says: 'send data of a vendor',
    command: { type: 'dataTransfer', vendorId: 'org.example', messageId: 'tick', data: { n: 1 } },
    calls: [
      [['DataTransfer', { vendorId: 'org.example', messageId: 'tick', data: '{"n":1}' }]],
      ...two([['DataTransfer', { vendorId: 'org.example', messageId: 'tick', data: { n: 1 } }]]),
    ],
  },
  {
    says: 'list the certificates of a root',
    command: { type: 'listCertificates', use: 'csmsRoot' },
    calls: [
      [['GetInstalledCertificateIds', { certificateType: 'CentralSystemRootCertificate' }]],
      ...two([['GetInstalledCertificateIds', { certificateType: ['CSMSRootCertificate'] }]]),
    ],
  },
  {
    says: 'send diagnostics',
    command: { type: 'getDiagnostics', url: 'https://files.example/in/' },
    replies: { GetDiagnostics: { fileName: 'a.zip' } },
    calls: [
      [['GetDiagnostics', { location: 'https://files.example/in/' }]],
      ...two([
        [
          'GetLog',
          { logType: 'DiagnosticsLog', requestId: anId, log: { remoteLocation: 'https://files.example/in/' } },
        ],
      ]),
    ],
  },
  {
    says: 'update the firmware',
    command: { type: 'updateFirmware', url: 'https://files.example/1.bin', retrieveAt: '2026-01-05T12:00:00.000Z' },
    calls: [
      [['UpdateFirmware', { location: 'https://files.example/1.bin', retrieveDate: '2026-01-05T12:00:00.000Z' }]],
      ...two([
        [
          'UpdateFirmware',
          {
            requestId: anId,
            firmware: { location: 'https://files.example/1.bin', retrieveDateTime: '2026-01-05T12:00:00.000Z' },
          },
        ],
      ]),
    ],
  },
  {
    says: 'cancel a reservation',
    command: { type: 'cancelReservation', reservation: 7 },
    calls: same([['CancelReservation', { reservationId: 7 }]]),
  },
  {
    says: 'watch a variable',
    command: {
      type: 'setMonitors',
      monitors: [{ variable: 'EVSE/Temperature@1', kind: 'upper', value: 80, severity: 3 }],
    },
    replies: {
      SetVariableMonitoring: {
        setMonitoringResult: [{ id: 4, status: 'Accepted', type: 'UpperThreshold', severity: 3, ...temperature }],
      },
    },
    status: of2,
    calls: [
      [],
      ...two([
        [
          'SetVariableMonitoring',
          { setMonitoringData: [{ type: 'UpperThreshold', value: 80, severity: 3, ...temperature }] },
        ],
      ]),
    ],
  },
  {
    says: 'watch it no more',
    command: { type: 'clearMonitors', ids: [4] },
    replies: { ClearVariableMonitoring: { clearMonitoringResult: [{ id: 4, status: 'NotFound' }] } },
    status: of2,
    calls: [[], ...two([['ClearVariableMonitoring', { id: [4] }]])],
  },
  {
    says: 'ask which monitors it has',
    command: { type: 'readMonitors', names: ['EVSE@1'], criteria: ['threshold'] },
    replies: { GetMonitoringReport: { status: 'EmptyResultSet' } },
    status: of2,
    calls: [
      [],
      ...two([
        [
          'GetMonitoringReport',
          {
            requestId: anId,
            componentVariable: [{ component: { name: 'EVSE', evse: { id: 1 } } }],
            monitoringCriteria: ['ThresholdMonitoring'],
          },
        ],
      ]),
    ],
  },
  {
    says: 'be told of what is grave alone',
    command: { type: 'setMonitoringLevel', severity: 3 },
    status: of2,
    calls: [[], ...two([['SetMonitoringLevel', { severity: 3 }]])],
  },
  {
    says: 'read the version of the local list',
    command: { type: 'readLocalList' },
    replies: { GetLocalListVersion: { listVersion: 3, versionNumber: 3 } },
    calls: same([['GetLocalListVersion', {}]]),
  },
  {
    says: 'set a charging profile',
    command: {
      type: 'setProfile',
      evse: 1,
      profile: { ...ofVisit, schedule: { unit: 'A', periods: [{ start: 0, limit: 16 }] } },
    },
    calls: [
      [
        [
          'SetChargingProfile',
          {
            connectorId: 1,
            csChargingProfiles: {
              chargingProfileId: 7,
              ...inWords,
              chargingSchedule: { chargingRateUnit: 'A', ...sixteen },
            },
          },
        ],
      ],
      ...two([
        [
          'SetChargingProfile',
          {
            evseId: 1,
            chargingProfile: { id: 7, ...inWords, chargingSchedule: [{ id: 1, chargingRateUnit: 'A', ...sixteen }] },
          },
        ],
      ]),
    ],
  },
  {
    says: 'hold the station to a power',
    command: { type: 'limit', watts: 11_000 },
    calls: [
      [
        [
          'SetChargingProfile',
          {
            connectorId: 0,
            csChargingProfiles: {
              ...{ chargingProfileId: OURS, chargingProfilePurpose: 'ChargePointMaxProfile', ...atOnce },
              chargingSchedule: { chargingRateUnit: 'W', startSchedule: aTime, ...elevenKw },
            },
          },
        ],
      ],
      ...two([
        [
          'SetChargingProfile',
          {
            evseId: 0,
            chargingProfile: {
              ...{ id: OURS, chargingProfilePurpose: 'ChargingStationMaxProfile', ...atOnce },
              chargingSchedule: [{ id: 1, chargingRateUnit: 'W', startSchedule: aTime, ...elevenKw }],
            },
          },
        ],
      ]),
    ],
  },
  {
    says: 'lift the limit',
    command: { type: 'limit', watts: null },
    calls: [[['ClearChargingProfile', { id: OURS }]], ...two([['ClearChargingProfile', { chargingProfileId: OURS }]])],
  },
  {
    says: 'clear a charging profile',
    command: { type: 'clearProfile', id: 7 },
    calls: [[['ClearChargingProfile', { id: 7 }]], ...two([['ClearChargingProfile', { chargingProfileId: 7 }]])],
  },
  {
    says: 'ask for what the profiles come to',
    command: { type: 'compositeSchedule', evse: 1, seconds: 3600, unit: 'W' },
    replies: { GetCompositeSchedule: { status: 'Rejected' } },
    status: /^rejected$/,
    calls: [
      [['GetCompositeSchedule', { connectorId: 1, duration: 3600, chargingRateUnit: 'W' }]],
      ...two([['GetCompositeSchedule', { evseId: 1, duration: 3600, chargingRateUnit: 'W' }]]),
    ],
  },
  {
    says: 'ask which profiles it has',
    command: { type: 'readProfiles', purpose: 'txDefault' },
    replies: { GetChargingProfiles: { status: 'NoProfiles' } },
    status: of2,
    calls: [
      [],
      ...two([
        ['GetChargingProfiles', { requestId: anId, chargingProfile: { chargingProfilePurpose: 'TxDefaultProfile' } }],
      ]),
    ],
  },
  {
    says: 'ask which profiles others have set',
    command: { type: 'readProfiles', sources: ['EMS'] },
    replies: { GetChargingProfiles: { status: 'NoProfiles' } },
    status: of2,
    calls: [
      [],
      ...two([['GetChargingProfiles', { requestId: anId, chargingProfile: { chargingLimitSource: ['EMS'] } }]]),
    ],
  },
  {
    says: 'reserve an EVSE',
    command: { type: 'reserve', evse: 1, token, expiresAt: '2100-01-05T12:00:00.000Z' },
    replies: { ReserveNow: { status: 'Occupied' } },
    status: /^rejected$/,
    calls: [
      [['ReserveNow', { reservationId: anId, connectorId: 1, idTag: token, expiryDate: '2100-01-05T12:00:00.000Z' }]],
      ...two([
        [
          'ReserveNow',
          {
            ...{ id: anId, evseId: 1, expiryDateTime: '2100-01-05T12:00:00.000Z' },
            idToken: { idToken: token, type: 'Central' },
          },
        ],
      ]),
    ],
  },
  {
    says: 'reserve any EVSE with a plug for DC',
    command: { type: 'reserve', connectorType: 'cCCS2', token, expiresAt: '2100-01-05T12:00:00.000Z' },
    replies: { ReserveNow: { status: 'Rejected', statusInfo: { reasonCode: 'NoneFree', additionalInfo: 'at night' } } },
    status: /^rejected$/,
    calls: [
      [],
      ...two([
        [
          'ReserveNow',
          {
            ...{ id: anId, connectorType: 'cCCS2', expiryDateTime: '2100-01-05T12:00:00.000Z' },
            idToken: { idToken: token, type: 'Central' },
          },
        ],
      ]),
    ],
  },
  {
    says: 'write the local list',
    command: { type: 'writeLocalList', mode: 'full' },
    replies: { GetConfiguration: { configurationKey: [] }, GetLocalListVersion: { listVersion: 3, versionNumber: 3 } },
    calls: [
      [
        ['GetLocalListVersion', {}],
        [
          'SendLocalList',
          {
            ...{ listVersion: 4, updateType: 'Full' },
            localAuthorizationList: [{ idTag: token, idTagInfo: { status: 'Accepted' } }],
          },
        ],
      ],
      ...two([
        ['GetLocalListVersion', {}],
        [
          'SendLocalList',
          {
            ...{ versionNumber: 4, updateType: 'Full' },
            localAuthorizationList: [
              { idToken: { idToken: token, type: 'Central' }, idTokenInfo: { status: 'Accepted' } },
            ],
          },
        ],
      ]),
    ],
  },
  {
    says: 'send the security log',
    command: { type: 'getLog', log: 'security', url: 'https://files.example/in/' },
    calls: same([
      ['GetLog', { logType: 'SecurityLog', requestId: anId, log: { remoteLocation: 'https://files.example/in/' } }],
    ]),
  },
  {
    says: 'read what it keeps of a driver',
    command: { type: 'readCustomer', token },
    status: of2,
    calls: [
      [],
      ...two([
        [
          'CustomerInformation',
          { requestId: anId, report: true, clear: false, idToken: { idToken: token, type: 'Central' } },
        ],
      ]),
    ],
  },
];

let platform: PlatformTest;
let operator: Api;
let stations: AnsweringStation[] = [];

beforeAll(async () => {
  platform = await startPlatform({ adapters: [ocpp16, ocpp201, ocpp21], env: { PLUGGA_ONBOARDING: 'open' } });
  operator = api(platform.url, platform.adminKey);
  await operator.post('tokens', { type: 'RFID', value: token });
  stations = await Promise.all(
    DIALECTS.map((protocol) => answeringStation(`${platform.wsUrl}/${protocol.toUpperCase()}`, { protocol })),
  );
}, 60_000);
afterAll(async () => {
  await Promise.all(stations.map((it) => it.close()));
  await platform.stop();
});

test.each(rows)('$says', { timeout: 60_000 }, async ({ command, calls, replies, status = TAKEN }) => {
  const said = await Promise.all(
    DIALECTS.map(async (protocol, n) => {
      const station = stations[n]!;
      station.replies = replies ?? {};
      const from = station.calls.length;
      const identity = protocol.toUpperCase();
      const { id } = await operator.post<{ id: string }>(`stations/${identity}/commands`, command);
      const { status: became } = await settledCommand<{ readonly status: string }>(operator, identity, id);
      expect(became, identity).toMatch(status instanceof RegExp ? status : status[n]!);
      const actions = calls[n]!.map(([action]) => action);
      return station.calls.slice(from).filter(([action]) => actions.includes(action));
    }),
  );
  expect(said).toEqual(calls);
});
