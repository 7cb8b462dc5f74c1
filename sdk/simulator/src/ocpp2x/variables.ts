import type { Key } from '../ocpp16/keys.ts';

const day = 86_400;
const most = 2_147_483_647;
const number = (value: number, also?: string, least = 0, highest = most): Key => ({
  value: String(value),
  number: [least, highest],
  ...(also === undefined ? {} : { also }),
});
const flag = (value: boolean, also?: string): Key => ({
  value: String(value),
  boolean: true,
  ...(also === undefined ? {} : { also }),
});
const fixed = (value: string, also?: string): Key => ({
  value,
  readonly: true,
  ...(also === undefined ? {} : { also }),
});
const list = (value: string, of: readonly string[], also?: string): Key => ({
  value,
  list: { of },
  ...(also === undefined ? {} : { also }),
});

const measurands = [
  'Current.Import',
  'Current.Offered',
  'Energy.Active.Import.Register',
  'Frequency',
  'Power.Active.Import',
  'Power.Offered',
  'SoC',
  'Temperature',
  'Voltage',
];
const points = ['ParkingBayOccupancy', 'EVConnected', 'Authorized', 'DataSigned', 'PowerPathClosed', 'EnergyTransfer'];
const register = 'Energy.Active.Import.Register';

const timeZone = new RegExp(`^(UTC|${Intl.supportedValuesOf('timeZone').join('|').replaceAll('+', '\\+')})$`);

/**
 * The variables of a station's controllers, `Component.Variable` or `Component.Variable(instance)`, as OCPP 2.0.1 part 2
 * names them (chapter Referenced Components and Variables).
 */
export const variables: Readonly<Record<string, Key>> = {
  'AlignedDataCtrlr.Interval': number(0, 'ClockAlignedDataInterval', 0, day),
  'AlignedDataCtrlr.Measurands': list(register, measurands, 'MeterValuesAlignedData'),
  'AlignedDataCtrlr.TxEndedInterval': number(0, undefined, 0, day),
  'AlignedDataCtrlr.TxEndedMeasurands': list('', measurands, 'StopTxnAlignedData'),
  'AuthCacheCtrlr.Enabled': flag(true, 'AuthorizationCacheEnabled'),
  'AuthCtrlr.AuthorizeRemoteStart': flag(false, 'AuthorizeRemoteTxRequests'),
  'AuthCtrlr.Enabled': flag(true),
  'AuthCtrlr.LocalAuthorizeOffline': flag(true, 'LocalAuthorizeOffline'),
  'AuthCtrlr.LocalPreAuthorize': flag(false, 'LocalPreAuthorize'),
  'AuthCtrlr.OfflineTxForUnknownIdEnabled': flag(true, 'AllowOfflineTxForUnknownId'),
  'ClockCtrlr.TimeSource': list('Heartbeat', [
    'Heartbeat',
    'NTP',
    'RealTimeClock',
    'MobileNetwork',
    'RadioTimeTransmitter',
    'GPS',
  ]),
  'ClockCtrlr.TimeZone': { value: 'UTC', pattern: timeZone },
  'DeviceDataCtrlr.BytesPerMessage(GetReport)': fixed('65000'),
  'DeviceDataCtrlr.BytesPerMessage(GetVariables)': fixed('65000'),
  'DeviceDataCtrlr.BytesPerMessage(SetVariables)': fixed('65000'),
  'DeviceDataCtrlr.ItemsPerMessage(GetReport)': fixed('10'),
  'DeviceDataCtrlr.ItemsPerMessage(GetVariables)': fixed('20'),
  'DeviceDataCtrlr.ItemsPerMessage(SetVariables)': fixed('20'),
  'DisplayMessageCtrlr.NumberOfDisplayMessages': fixed('0'),
  'DisplayMessageCtrlr.SupportedFormats': fixed('ASCII,UTF8'),
  'DisplayMessageCtrlr.SupportedPriorities': fixed('AlwaysFront,InFront,NormalCycle'),
  'ISO15118Ctrlr.CentralContractValidationAllowed': flag(true),
  'ISO15118Ctrlr.ContractCertificateInstallationEnabled': flag(true),
  'ISO15118Ctrlr.ContractValidationOffline': flag(true),
  'ISO15118Ctrlr.PnCEnabled': flag(true),
  'LocalAuthListCtrlr.BytesPerMessage': fixed('65000'),
  'LocalAuthListCtrlr.Enabled': flag(true, 'LocalAuthListEnabled'),
  'LocalAuthListCtrlr.Entries': fixed('500', 'LocalAuthListMaxLength'),
  'LocalAuthListCtrlr.ItemsPerMessage': fixed('100', 'SendLocalListMaxLength'),
  'MonitoringCtrlr.ActiveMonitoringBase': fixed('All'),
  'MonitoringCtrlr.ActiveMonitoringLevel': fixed('9'),
  'MonitoringCtrlr.BytesPerMessage(SetVariableMonitoring)': fixed('65000'),
  'MonitoringCtrlr.Enabled': flag(true),
  'MonitoringCtrlr.ItemsPerMessage(SetVariableMonitoring)': fixed('10'),
  'MonitoringCtrlr.OfflineQueuingSeverity': number(5, undefined, 0, 9),
  'OCPPCommCtrlr.ActiveNetworkProfile': fixed('1'),
  'OCPPCommCtrlr.FileTransferProtocols': fixed('HTTP,HTTPS'),
  'OCPPCommCtrlr.HeartbeatInterval': number(300, 'HeartbeatInterval', 0, 30 * day),
  'OCPPCommCtrlr.MessageAttemptInterval(TransactionEvent)': number(20, 'TransactionMessageRetryInterval', 0, day),
  'OCPPCommCtrlr.MessageAttempts(TransactionEvent)': number(3, 'TransactionMessageAttempts', 1, 100),
  'OCPPCommCtrlr.MessageTimeout(Default)': fixed('30'),
  'OCPPCommCtrlr.NetworkConfigurationPriority': { value: '1', pattern: /^\d+(,\d+)*$/ },
  'OCPPCommCtrlr.NetworkProfileConnectionAttempts': number(3, undefined, 1, 100),
  'OCPPCommCtrlr.OfflineThreshold': number(60, undefined, 0, day),
  'OCPPCommCtrlr.ResetRetries': number(1, 'ResetRetries', 0, 100),
  'OCPPCommCtrlr.RetryBackOffRandomRange': number(10, undefined, 0, day),
  'OCPPCommCtrlr.RetryBackOffRepeatTimes': number(5, undefined, 0, 100),
  'OCPPCommCtrlr.RetryBackOffWaitMinimum': number(10, undefined, 0, day),
  'OCPPCommCtrlr.UnlockOnEVSideDisconnect': flag(true, 'UnlockConnectorOnEVSideDisconnect'),
  'OCPPCommCtrlr.WebSocketPingInterval': number(0, 'WebSocketPingInterval', 0, day),
  'ReservationCtrlr.Enabled': flag(true),
  'ReservationCtrlr.NonEvseSpecific': fixed('true', 'ReserveConnectorZeroSupported'),
  'SampledDataCtrlr.TxEndedInterval': number(0, undefined, 0, day),
  'SampledDataCtrlr.TxEndedMeasurands': list(register, measurands),
  'SampledDataCtrlr.TxStartedMeasurands': list(register, measurands),
  'SampledDataCtrlr.TxUpdatedInterval': number(60, 'MeterValueSampleInterval', 0, day),
  'SampledDataCtrlr.TxUpdatedMeasurands': list(
    `${register},Power.Active.Import,Current.Import,SoC`,
    measurands,
    'MeterValuesSampledData',
  ),
  'SecurityCtrlr.AdditionalRootCertificateCheck': fixed('false', 'AdditionalRootCertificateCheck'),
  'SecurityCtrlr.BasicAuthPassword': {
    value: '',
    secret: true,
    pattern: /^[\x20-\x7e]{16,40}$/,
    also: 'AuthorizationKey',
  },
  'SecurityCtrlr.CertificateEntries': fixed('10', 'CertificateStoreMaxLength'),
  'SecurityCtrlr.Identity': fixed(''),
  'SecurityCtrlr.MaxCertificateChainSize': fixed('10000', 'CertificateSignedMaxChainSize'),
  'SecurityCtrlr.OrganizationName': { value: '', pattern: /^.{0,500}$/, also: 'CpoName' },
  'SecurityCtrlr.SecurityProfile': { value: '0', readonly: true, also: 'SecurityProfile' },
  'SmartChargingCtrlr.Enabled': flag(true),
  'SmartChargingCtrlr.Entries(ChargingProfiles)': fixed('20', 'MaxChargingProfilesInstalled'),
  'SmartChargingCtrlr.LimitChangeSignificance': number(1, undefined, 0, 100),
  'SmartChargingCtrlr.NotifyChargingLimitWithSchedules': flag(true),
  'SmartChargingCtrlr.PeriodsPerSchedule': fixed('24', 'ChargingScheduleMaxPeriods'),
  'SmartChargingCtrlr.ProfileStackLevel': fixed('8', 'ChargeProfileMaxStackLevel'),
  'SmartChargingCtrlr.RateUnit': fixed('A,W', 'ChargingScheduleAllowedChargingRateUnit'),
  'TariffCostCtrlr.Available(Cost)': fixed('true'),
  'TariffCostCtrlr.Available(Tariff)': fixed('true'),
  'TariffCostCtrlr.ConditionsSupported(Tariff)': flag(true),
  'TariffCostCtrlr.Currency': { value: 'EUR', pattern: /^[A-Z]{3}$/ },
  'TariffCostCtrlr.Enabled(Cost)': flag(true),
  'TariffCostCtrlr.Enabled(RunningCost)': flag(true),
  'TariffCostCtrlr.Enabled(Tariff)': flag(true),
  // None: running costs go out with the readings.
  'TariffCostCtrlr.Interval(Cost)': number(0, undefined, 0, day),
  'TariffCostCtrlr.MaxElements(Tariff)': number(20, undefined, 1, 1_000),
  'TxCtrlr.EVConnectionTimeOut': number(60, 'ConnectionTimeOut', 1, day),
  'TxCtrlr.StopTxOnEVSideDisconnect': flag(true, 'StopTransactionOnEVSideDisconnect'),
  'TxCtrlr.StopTxOnInvalidId': flag(true, 'StopTransactionOnInvalidId'),
  'TxCtrlr.TxStartPoint': list('PowerPathClosed', points),
  'TxCtrlr.TxStopPoint': list('PowerPathClosed', points),
};
