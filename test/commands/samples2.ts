import type { Adapter } from '@plugga/kit';

/** A message of OCPP 2.x, as plain as its schema lets it be: what the walk of the coverage says or asks for. */
export interface Sample2 {
  readonly action: string;
  readonly since: '2.0.1' | '2.1';
  /** The station says it; by SEND, which has no answer. */
  readonly says?: Readonly<Record<string, unknown>>;
  readonly unanswered?: true;
  /** The command of ours that sends it, as it is asked for. Without one, only `POST /stations/{identity}/calls` does. */
  readonly command?: Readonly<Record<string, unknown>> & {
    readonly type: string;
    /** The core gives it by itself; no operator can. */
    readonly ofCore?: true;
  };
}

/** Stands for the session that the walk has begun: only the platform knows its id. */
export const WALKED = 'the walked session';
const TIME = '2026-01-05T12:00:00.000Z';
const idToken = { idToken: 'COVERAGE00000001', type: 'ISO14443' };
const report = { requestId: 1, seqNo: 0, generatedAt: TIME };
const hashes = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' };
const hash = { algorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' };
const PEM = '-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n';
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const FILES = 'https://files.example/in/';
const meterValue = [{ timestamp: TIME, sampledValue: [{ value: 1000 }] }];
const chargingSchedule = { id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 1000 }] };
const schedule = { unit: 'A', start: TIME, periods: [{ start: 0, limit: 10 }] };

const fixedVar = { priority: 1, setpoint: 10, unit: 'PctMaxVar' };

/** From the station, in both. In the order in which they are walked. */
const said: Readonly<Record<string, Sample2['says']>> = {
  BootNotification: { reason: 'PowerUp', chargingStation: { vendorName: 'Walked', model: 'Two' } },
  Heartbeat: {},
  StatusNotification: { timestamp: TIME, connectorStatus: 'Available', evseId: 1, connectorId: 1 },
  Authorize: { idToken },
  TransactionEvent: {
    ...{
      eventType: 'Started',
      timestamp: TIME,
      triggerReason: 'Authorized',
      seqNo: 0,
      evse: { id: 1, connectorId: 1 },
    },
    ...{ transactionInfo: { transactionId: 'walked-1' }, idToken, meterValue },
  },
  MeterValues: { evseId: 1, meterValue },
  ClearedChargingLimit: { chargingLimitSource: 'EMS' },
  DataTransfer: { vendorId: 'org.example', data: 'x' },
  FirmwareStatusNotification: { status: 'Idle' },
  Get15118EVCertificate: {
    ...{ iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action: 'Install', exiRequest: 'AAAA' },
  },
  GetCertificateStatus: { ocspRequestData: { ...hashes, responderURL: 'http://ocsp.example' } },
  LogStatusNotification: { status: 'Idle' },
  NotifyChargingLimit: { chargingLimit: { chargingLimitSource: 'EMS' } },
  NotifyCustomerInformation: { ...report, data: 'x' },
  NotifyDisplayMessages: { requestId: 1 },
  NotifyEVChargingNeeds: {
    evseId: 1,
    chargingNeeds: {
      requestedEnergyTransfer: 'AC_three_phase',
      acChargingParameters: { energyAmount: 10_000, evMinCurrent: 6, evMaxCurrent: 16, evMaxVoltage: 230 },
    },
  },
  NotifyEVChargingSchedule: { timeBase: TIME, evseId: 1, chargingSchedule },
  NotifyEvent: {
    ...{ generatedAt: TIME, seqNo: 0 },
    eventData: [
      {
        ...{ eventId: 1, timestamp: TIME, trigger: 'Alerting', actualValue: '60' },
        ...{
          eventNotificationType: 'HardWiredNotification',
          component: { name: 'EVSE' },
          variable: { name: 'Temperature' },
        },
      },
    ],
  },
  NotifyMonitoringReport: report,
  NotifyReport: report,
  PublishFirmwareStatusNotification: { status: 'Idle' },
  ReportChargingProfiles: {
    ...{ requestId: 1, chargingLimitSource: 'CSO', evseId: 1 },
    chargingProfile: [
      {
        ...{ id: 1, stackLevel: 0, chargingProfilePurpose: 'TxDefaultProfile', chargingProfileKind: 'Relative' },
        chargingSchedule: [chargingSchedule],
      },
    ],
  },
  ReservationStatusUpdate: { reservationId: 1, reservationUpdateStatus: 'Expired' },
  SecurityEventNotification: { type: 'StartupOfTheDevice', timestamp: TIME },
  SignCertificate: { csr: 'CSR' },
};

/** To the station, in both, and by which command. */
const asked: Readonly<Record<string, Sample2['command']>> = {
  CancelReservation: { type: 'cancelReservation', reservation: 1 },
  CertificateSigned: { type: 'certificateSigned', chain: PEM },
  ChangeAvailability: { type: 'availability', evse: 1, operative: false },
  ClearCache: { type: 'clearCache' },
  ClearChargingProfile: { type: 'clearProfile' },
  ClearDisplayMessage: { type: 'clearDisplayMessage', id: 1 },
  ClearVariableMonitoring: { type: 'clearMonitors', ids: [1] },
  CostUpdated: { type: 'tellCost', ofCore: true },
  CustomerInformation: { type: 'readCustomer', token: 'COVERAGE00000001' },
  DataTransfer: { type: 'dataTransfer', vendorId: 'org.example' },
  DeleteCertificate: { type: 'deleteCertificate', certificate: hash },
  GetBaseReport: { type: 'baseReport', base: 'full' },
  GetChargingProfiles: { type: 'readProfiles' },
  GetCompositeSchedule: { type: 'compositeSchedule', evse: 1, seconds: 600 },
  GetDisplayMessages: { type: 'readDisplayMessages' },
  GetInstalledCertificateIds: { type: 'listCertificates', use: 'csmsRoot' },
  GetLocalListVersion: { type: 'readLocalList' },
  GetLog: { type: 'getLog', url: FILES, log: 'diagnostics' },
  GetMonitoringReport: { type: 'readMonitors' },
  GetReport: { type: 'variableReport', names: ['EVSE'] },
  GetTransactionStatus: { type: 'transactionStatus' },
  GetVariables: { type: 'readVariables', names: ['OCPPCommCtrlr/HeartbeatInterval'] },
  InstallCertificate: { type: 'installCertificate', use: 'csmsRoot', certificate: PEM },
  PublishFirmware: { type: 'publishFirmware', url: FILES, checksum: MD5 },
  RequestStartTransaction: { type: 'start', evse: 1, token: 'COVERAGE00000001' },
  RequestStopTransaction: { type: 'stop', session: WALKED },
  ReserveNow: { type: 'reserve', evse: 1, token: 'COVERAGE00000001', expiresAt: '2099-01-01T00:00:00Z' },
  Reset: { type: 'reset' },
  SendLocalList: { type: 'writeLocalList' },
  SetChargingProfile: {
    type: 'setProfile',
    evse: 1,
    profile: { id: 1, purpose: 'txDefault', stackLevel: 0, kind: 'absolute', schedule },
  },
  SetDisplayMessage: {
    type: 'setDisplayMessage',
    message: { id: 1, priority: 'inFront', content: { format: 'utf8', text: 'x' } },
  },
  SetMonitoringBase: { type: 'setMonitoringBase', base: 'all' },
  SetMonitoringLevel: { type: 'setMonitoringLevel', severity: 9 },
  SetNetworkProfile: {
    type: 'setNetworkProfile',
    slot: 2,
    profile: { url: 'wss://csms.example/ocpp', securityProfile: 2, interface: 'Wired0' },
  },
  SetVariableMonitoring: {
    type: 'setMonitors',
    monitors: [{ variable: 'EVSE/Temperature@1', kind: 'upper', value: 80, severity: 3 }],
  },
  SetVariables: { type: 'writeVariables', values: { 'OCPPCommCtrlr/HeartbeatInterval': '77' } },
  TriggerMessage: { type: 'trigger', message: 'heartbeat' },
  UnlockConnector: { type: 'unlock', evse: 1 },
  UnpublishFirmware: { type: 'unpublishFirmware', checksum: MD5 },
  UpdateFirmware: { type: 'updateFirmware', url: FILES, retrieveAt: TIME },
};

/** From the station, in 2.1 alone. */
const said21: Readonly<Record<string, Sample2['says']>> = {
  BatterySwap: {
    ...{ eventType: 'BatteryIn', requestId: 1, idToken },
    batteryData: [{ evseId: 1, serialNumber: 'B1', soC: 20, soH: 99 }],
  },
  OpenPeriodicEventStream: {
    constantStreamData: { id: 1, variableMonitoringId: 1, params: { interval: 5, values: 2 } },
  },
  NotifyPeriodicEventStream: { id: 1, pending: 0, basetime: TIME, data: [{ t: 0, v: '1' }] },
  ClosePeriodicEventStream: { id: 1 },
  GetCertificateChainStatus: {
    certificateStatusRequests: [{ source: 'OCSP', urls: ['http://ocsp.example'], certificateHashData: hashes }],
  },
  NotifyDERAlarm: { controlType: 'FreqDroop', timestamp: TIME },
  NotifyDERStartStop: { controlId: 'c1', started: true, timestamp: TIME },
  NotifyPriorityCharging: { transactionId: 'walked-1', activated: true },
  NotifySettlement: { pspRef: 'p1', status: 'Settled', settlementAmount: 10, settlementTime: TIME },
  PullDynamicScheduleUpdate: { chargingProfileId: 1 },
  ReportDERControl: { requestId: 1 },
  VatNumberValidation: { vatNumber: 'SE556000000001' },
};

/** To the station, in 2.1 alone. */
const asked21: Readonly<Record<string, Sample2['command']>> = {
  AFRRSignal: { type: 'frequencySignal', signal: 3 },
  AdjustPeriodicEventStream: { type: 'adjustStream', id: 1, seconds: 5 },
  ChangeTransactionTariff: { type: 'changeTransactionTariff', transaction: 'walked-1' },
  ClearDERControl: { type: 'clearDerControl', id: 'C2' },
  ClearTariffs: { type: 'clearTariffs' },
  GetDERControl: { type: 'readDerControls', control: 'FixedVar' },
  GetPeriodicEventStream: { type: 'readStreams' },
  GetTariffs: { type: 'readTariffs', evse: 0 },
  NotifyAllowedEnergyTransfer: { type: 'allowEnergyTransfer', transaction: 'walked-1', modes: ['AC_BPT'] },
  NotifyWebPaymentStarted: { type: 'webPaymentStarted', evse: 1, seconds: 300 },
  RequestBatterySwap: { type: 'requestBatterySwap', token: 'COVERAGE00000001' },
  SetDERControl: { type: 'setDerControl', id: 'C2', control: 'FixedVar', values: fixedVar },
  SetDefaultTariff: { type: 'setDefaultTariff', evse: 1 },
  UpdateDynamicSchedule: { type: 'updateDynamicSchedule', profile: 8, setpoints: { limit: 10 } },
  UsePriorityCharging: { type: 'priorityCharging', transaction: 'walked-1', active: true },
};

const from = (
  since: Sample2['since'],
  says: Readonly<Record<string, Sample2['says']>>,
  asks: Readonly<Record<string, Sample2['command']>>,
): readonly Sample2[] => [
  ...Object.entries(says).map(([action, payload]) => ({
    ...{ action, since, says: payload ?? {} },
    ...(action === 'NotifyPeriodicEventStream' ? { unanswered: true as const } : {}),
  })),
  ...Object.entries(asks).map(([action, command]) => ({
    action,
    since,
    ...(command === undefined ? {} : { command }),
  })),
];

/** Commands whose CALLs other samples show, or that are none of a message alone. */
export const ALSO: readonly string[] = ['limit', 'eraseCustomer', 'getDiagnostics', 'rotateKey', 'raiseProfile'];

/** Every message of 2.0.1 and 2.1, once for each direction. */
export const samples2: readonly Sample2[] = [...from('2.0.1', said, asked), ...from('2.1', said21, asked21)];

/** Whether the version has the message. */
export const speaks = ({ since }: Sample2, version: '2.0.1' | '2.1'): boolean => since === '2.0.1' || version === '2.1';

/** Whether the adapter reads it, or has the command that sends it. */
export const isHere = ({ action, says, command }: Sample2, adapter: Adapter): boolean =>
  says === undefined
    ? command !== undefined && Object.hasOwn(adapter.outbound, command.type)
    : Object.hasOwn(adapter.inbound, action);
