/** What a configuration key takes (OCPP 1.6 section 9 and the security extension). */
export interface Key {
  readonly value: string;
  /** What OCPP 1.6 calls the same: it may be read and set by that name too. */
  readonly also?: string;
  readonly readonly?: true;
  /** Never told: GetConfiguration leaves it out. */
  readonly secret?: true;
  /** Taken, and valid after the next start: answered RebootRequired. */
  readonly reboot?: true;
  readonly boolean?: true;
  /** Whole numbers of that range. */
  readonly number?: readonly [least: number, most: number];
  /** A comma list: its members, and the key that says how long it may be. */
  readonly list?: { readonly of: readonly string[]; readonly mostKey?: string };
  readonly pattern?: RegExp;
}

const day = 86_400;
const number = (value: number, least = 0, most = 2_147_483_647): Key => ({
  value: String(value),
  number: [least, most],
});
const flag = (value: boolean): Key => ({ value: String(value), boolean: true });
const fixed = (value: string): Key => ({ value, readonly: true });

/** What the station's meter can say. */
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
] as const;
const measured = (value: string, mostKey: string): Key => ({ value, list: { of: measurands, mostKey } });

/** The keys that a virtual station has, with their defaults. */
export const keys: Readonly<Record<string, Key>> = {
  AdditionalRootCertificateCheck: fixed('false'),
  AllowOfflineTxForUnknownId: flag(true),
  AuthorizationCacheEnabled: flag(true),
  AuthorizationKey: { value: '', secret: true, pattern: /^[\x20-\x7e]{16,40}$/ },
  AuthorizeRemoteTxRequests: flag(false),
  CertificateSignedMaxChainSize: fixed('10000'),
  CertificateStoreMaxLength: fixed('10'),
  ChargeProfileMaxStackLevel: fixed('8'),
  ChargingScheduleAllowedChargingRateUnit: fixed('Current,Power'),
  ChargingScheduleMaxPeriods: fixed('24'),
  ClockAlignedDataInterval: number(0, 0, day),
  ConnectionTimeOut: number(60, 1, day),
  ConnectorPhaseRotation: { value: '0.RST,1.RST', reboot: true },
  ConnectorSwitch3to1PhaseSupported: fixed('false'),
  CpoName: { value: '', pattern: /^.{0,500}$/ },
  GetConfigurationMaxKeys: fixed('50'),
  HeartbeatInterval: number(300, 0, 30 * day),
  LocalAuthListEnabled: flag(true),
  LocalAuthListMaxLength: fixed('500'),
  LocalAuthorizeOffline: flag(true),
  LocalPreAuthorize: flag(false),
  MaxChargingProfilesInstalled: fixed('20'),
  MeterValueSampleInterval: number(60, 0, day),
  MeterValuesAlignedData: measured('Energy.Active.Import.Register', 'MeterValuesAlignedDataMaxLength'),
  MeterValuesAlignedDataMaxLength: fixed('9'),
  MeterValuesSampledData: measured(
    'Energy.Active.Import.Register,Power.Active.Import,Current.Import,SoC',
    'MeterValuesSampledDataMaxLength',
  ),
  MeterValuesSampledDataMaxLength: fixed('9'),
  NumberOfConnectors: fixed('1'),
  ReserveConnectorZeroSupported: fixed('true'),
  ResetRetries: number(1, 0, 100),
  SecurityProfile: number(0, 0, 3),
  SendLocalListMaxLength: fixed('100'),
  StopTransactionOnEVSideDisconnect: flag(true),
  StopTransactionOnInvalidId: flag(true),
  StopTxnAlignedData: measured('', 'StopTxnAlignedDataMaxLength'),
  StopTxnAlignedDataMaxLength: fixed('9'),
  StopTxnSampledData: measured('', 'StopTxnSampledDataMaxLength'),
  StopTxnSampledDataMaxLength: fixed('9'),
  SupportedFeatureProfiles: fixed(
    'Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger',
  ),
  SupportedFileTransferProtocols: fixed('HTTP,HTTPS'),
  TransactionMessageAttempts: number(3, 1, 100),
  TransactionMessageRetryInterval: number(20, 0, day),
  UnlockConnectorOnEVSideDisconnect: flag(true),
  WebSocketPingInterval: number(0, 0, day),
};
