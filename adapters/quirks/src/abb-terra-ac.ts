import { type CommandTable, defineQuirk, type Outbound } from '@plugga/kit';
import { onStackLevel0 } from './stack-level.ts';

/** What the station was seen to measure; it accepts every other name too. */
const MEASURANDS = ['Current.Import', 'Energy.Active.Import.Register', 'Power.Active.Import', 'Voltage'];
const KEY = 'MeterValuesSampledData';

const isKey = (key: unknown): boolean => typeof key === 'string' && key.toLowerCase() === KEY.toLowerCase();

/** Nothing left to measure would switch the meter values off: then all that it has. */
const measurable = (value: string): string => {
  const known = value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => MEASURANDS.includes(name));
  return (known.length > 0 ? known : MEASURANDS).join(',');
};

/** `TAC3Z9119006710273::V1.8.21`: true up to 1.8.21, the last version that was seen to reboot. */
const upTo1821 = (firmware: string): boolean => {
  const [, major, minor, patch] = /V(\d+)\.(\d+)\.(\d+)/i.exec(firmware) ?? [];
  if (major === undefined) return false;
  const [a, b, c] = [Number(major), Number(minor), Number(patch)];
  return a < 1 || (a === 1 && (b < 8 || (b === 8 && c <= 21)));
};

/** What "all" stands for where GetConfiguration without a list would read the key too: the keys that every 1.6 station has. */
const REQUIRED = [
  'AuthorizeRemoteTxRequests',
  'ClockAlignedDataInterval',
  'ConnectionTimeOut',
  'GetConfigurationMaxKeys',
  'HeartbeatInterval',
  'LocalAuthorizeOffline',
  'LocalPreAuthorize',
  'MeterValueSampleInterval',
  'MeterValuesAlignedData',
  'NumberOfConnectors',
  'ResetRetries',
  'ConnectorPhaseRotation',
  'StopTransactionOnEVSideDisconnect',
  'StopTransactionOnInvalidId',
  'StopTxnAlignedData',
  'StopTxnSampledData',
  'SupportedFeatureProfiles',
  'TransactionMessageAttempts',
  'TransactionMessageRetryInterval',
  'UnlockConnectorOnEVSideDisconnect',
];

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** One CALL for everything but the key that must not be read; it is reported as unknown. */
const readVariables: Outbound<CommandTable['readVariables']> = {
  start: ({ names = REQUIRED }) => {
    const key = names.filter((name) => !isKey(name));
    const unknown = names.filter(isKey);
    return key.length === 0
      ? { done: { status: 'unsupported', detail: `${KEY} is not read: this firmware reboots`, unknown } }
      : { call: { action: 'GetConfiguration', payload: { key } }, state: unknown };
  },
  next: (state, answer) => {
    if (answer.kind !== 'result') {
      return { done: { status: 'failed', detail: answer.kind === 'error' ? answer.code : answer.kind } };
    }
    const { configurationKey, unknownKey } = (answer.payload ?? {}) as Readonly<Record<string, unknown>>;
    return {
      done: {
        status: 'accepted',
        variables: list(configurationKey).flatMap((raw) => {
          const { key, value, readonly } = (raw ?? {}) as Readonly<Record<string, unknown>>;
          if (typeof key !== 'string') return [];
          return [{ name: key, readonly: readonly === true, ...(typeof value === 'string' && { value }) }];
        }),
        unknown: [...list(unknownKey), ...list(state)].filter((name) => typeof name === 'string'),
      },
    };
  },
};

/** ABB Terra AC to firmware 1.8.21. */
export const abbTerraAc = defineQuirk({
  id: 'abb-terra-ac-measurands',
  why: 'Accepts any MeterValuesSampledData and then reboots when it is asked what it has, again and again (lbbrhzn/ocpp #1275, #1590); only stack level 0 is accepted (evcc-io/evcc #15493).',
  match: { vendor: /^abb$/i, model: /tac/i, firmware: upTo1821 },
  protocols: ['ocpp1.6'],
  outbound: {
    ChangeConfiguration: (payload) =>
      isKey(payload['key']) && typeof payload['value'] === 'string'
        ? { ...payload, value: measurable(payload['value']) }
        : payload,
    SetChargingProfile: onStackLevel0,
  },
  plan: { readVariables },
});
