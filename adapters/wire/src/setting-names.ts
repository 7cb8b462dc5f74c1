/**
 * One setting by its name in 1.6 (section 9, security whitepaper) and in 2.x (Part 2, referenced components and variables),
 * where both mean the same and write it alike.
 */
const SAME: readonly (readonly [key: string, variable: string])[] = [
  ['AllowOfflineTxForUnknownId', 'AuthCtrlr/OfflineTxForUnknownIdEnabled'],
  ['AuthorizationCacheEnabled', 'AuthCacheCtrlr/Enabled'],
  ['AuthorizationKey', 'SecurityCtrlr/BasicAuthPassword'],
  ['AuthorizeRemoteTxRequests', 'AuthCtrlr/AuthorizeRemoteStart'],
  ['CertificateSignedMaxChainSize', 'SecurityCtrlr/MaxCertificateChainSize'],
  ['ChargeProfileMaxStackLevel', 'SmartChargingCtrlr/ProfileStackLevel'],
  ['ChargingScheduleAllowedChargingRateUnit', 'SmartChargingCtrlr/RateUnit'],
  ['ChargingScheduleMaxPeriods', 'SmartChargingCtrlr/PeriodsPerSchedule'],
  ['ClockAlignedDataInterval', 'AlignedDataCtrlr/Interval'],
  ['ConnectionTimeOut', 'TxCtrlr/EVConnectionTimeOut'],
  ['ConnectorSwitch3to1PhaseSupported', 'SmartChargingCtrlr/Phases3to1'],
  ['CpoName', 'SecurityCtrlr/OrganizationName'],
  ['GetConfigurationMaxKeys', 'DeviceDataCtrlr/ItemsPerMessage.GetVariables'],
  ['HeartbeatInterval', 'OCPPCommCtrlr/HeartbeatInterval'],
  ['LocalAuthListEnabled', 'LocalAuthListCtrlr/Enabled'],
  ['LocalAuthorizeOffline', 'AuthCtrlr/LocalAuthorizeOffline'],
  ['LocalPreAuthorize', 'AuthCtrlr/LocalPreAuthorize'],
  ['MaxChargingProfilesInstalled', 'SmartChargingCtrlr/Entries.ChargingProfiles'],
  ['MaxEnergyOnInvalidId', 'TxCtrlr/MaxEnergyOnInvalidId'],
  ['MeterValueSampleInterval', 'SampledDataCtrlr/TxUpdatedInterval'],
  ['MeterValuesAlignedData', 'AlignedDataCtrlr/Measurands'],
  ['MeterValuesSampledData', 'SampledDataCtrlr/TxUpdatedMeasurands'],
  ['ReserveConnectorZeroSupported', 'ReservationCtrlr/NonEvseSpecific'],
  ['ResetRetries', 'OCPPCommCtrlr/ResetRetries'],
  ['SecurityProfile', 'SecurityCtrlr/SecurityProfile'],
  ['SendLocalListMaxLength', 'LocalAuthListCtrlr/ItemsPerMessage'],
  ['StopTransactionOnEVSideDisconnect', 'TxCtrlr/StopTxOnEVSideDisconnect'],
  ['StopTransactionOnInvalidId', 'TxCtrlr/StopTxOnInvalidId'],
  ['StopTxnAlignedData', 'AlignedDataCtrlr/TxEndedMeasurands'],
  ['StopTxnSampledData', 'SampledDataCtrlr/TxEndedMeasurands'],
  ['TransactionMessageAttempts', 'OCPPCommCtrlr/MessageAttempts.TransactionEvent'],
  ['TransactionMessageRetryInterval', 'OCPPCommCtrlr/MessageAttemptInterval.TransactionEvent'],
  ['UnlockConnectorOnEVSideDisconnect', 'OCPPCommCtrlr/UnlockOnEVSideDisconnect'],
  ['WebSocketPingInterval', 'OCPPCommCtrlr/WebSocketPingInterval'],
];

const variables = new Map(SAME.map(([key, variable]) => [key.toLowerCase(), variable]));
const keys = new Map(SAME.map(([key, variable]) => [variable.toLowerCase(), key]));

/** The 2.x variable that is the same setting as that 1.6 key. */
export const variableOfKey = (key: string): string | undefined => variables.get(key.toLowerCase());
/** The 1.6 key that is the same setting as that 2.x variable. */
export const keyOfVariable = (variable: string): string | undefined => keys.get(variable.toLowerCase());
