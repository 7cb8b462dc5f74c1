/** The configuration keys that the virtual station has (OCPP 1.6 section 9), with their defaults. */
interface Key {
  readonly value: string;
  readonly readonly?: true;
  readonly number?: true;
  readonly boolean?: true;
}

const keys: Readonly<Record<string, Key>> = {
  AllowOfflineTxForUnknownId: { value: 'true', boolean: true },
  AuthorizeRemoteTxRequests: { value: 'false', boolean: true },
  ClockAlignedDataInterval: { value: '0', number: true },
  ConnectionTimeOut: { value: '60', number: true },
  ConnectorPhaseRotation: { value: '0.RST,1.RST' },
  GetConfigurationMaxKeys: { value: '50', readonly: true, number: true },
  HeartbeatInterval: { value: '300', number: true },
  LocalAuthorizeOffline: { value: 'true', boolean: true },
  LocalPreAuthorize: { value: 'false', boolean: true },
  MeterValuesAlignedData: { value: 'Energy.Active.Import.Register' },
  MeterValuesSampledData: { value: 'Energy.Active.Import.Register,Power.Active.Import,Current.Import,SoC' },
  MeterValueSampleInterval: { value: '60', number: true },
  NumberOfConnectors: { value: '1', readonly: true, number: true },
  ResetRetries: { value: '1', number: true },
  StopTransactionOnEVSideDisconnect: { value: 'true', boolean: true },
  StopTransactionOnInvalidId: { value: 'true', boolean: true },
  StopTxnAlignedData: { value: '' },
  StopTxnSampledData: { value: '' },
  SupportedFeatureProfiles: { value: 'Core,RemoteTrigger', readonly: true },
  TransactionMessageAttempts: { value: '3', number: true },
  TransactionMessageRetryInterval: { value: '20', number: true },
  UnlockConnectorOnEVSideDisconnect: { value: 'true', boolean: true },
  WebSocketPingInterval: { value: '0', number: true },
};

export interface Configuration {
  text(key: string): string;
  seconds(key: string): number;
  on(key: string): boolean;
  list(key: string): readonly string[];
  /** The answer to ChangeConfiguration. */
  change(key: string, value: string): 'Accepted' | 'Rejected' | 'NotSupported';
  /** The answer to GetConfiguration; every key when none is named. */
  report(wanted: readonly string[]): {
    configurationKey: { key: string; readonly: boolean; value: string }[];
    unknownKey: string[];
  };
  values(): Record<string, string>;
}

/** Keys are compared without regard to case (OCPP 1.6 type CiString50). */
export const configuration = (given: Readonly<Record<string, string>>): Configuration => {
  const names = new Map(Object.keys(keys).map((key) => [key.toLowerCase(), key]));
  const values: Record<string, string> = {};
  for (const [key, { value }] of Object.entries(keys)) values[key] = value;
  for (const [key, value] of Object.entries(given)) values[names.get(key.toLowerCase()) ?? key] = value;
  const text = (key: string): string => values[key] ?? '';

  return {
    text,
    seconds: (key) => Number(text(key)),
    on: (key) => text(key).toLowerCase() === 'true',
    list: (key) =>
      text(key)
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    change(key, value) {
      const name = names.get(key.toLowerCase());
      const known = name === undefined ? undefined : keys[name];
      if (name === undefined || known === undefined) return 'NotSupported';
      if (known.readonly) return 'Rejected';
      if (known.number && !/^\d{1,9}$/.test(value)) return 'Rejected';
      if (known.boolean && !/^(true|false)$/i.test(value)) return 'Rejected';
      values[name] = value;
      return 'Accepted';
    },
    report(wanted) {
      const unknownKey = wanted.filter((key) => !names.has(key.toLowerCase()));
      const asked =
        wanted.length === 0 ? Object.keys(values) : wanted.flatMap((key) => names.get(key.toLowerCase()) ?? []);
      const configurationKey = asked.map((key) => ({
        key,
        readonly: keys[key]?.readonly === true,
        value: text(key),
      }));
      return { configurationKey, unknownKey };
    },
    values: () => ({ ...values }),
  };
};
