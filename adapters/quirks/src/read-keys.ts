import type { CommandTable, Outbound, VariableValue } from '@plugga/kit';
import { isMembers } from './members.ts';

/** What "all" stands for where GetConfiguration without a list does harm: the keys that every 1.6 station has. */
export const REQUIRED_KEYS = [
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

/** GetConfiguration in one CALL, of a make that must not be asked for everything, or whose values are to be cleaned. */
export const readKeys = (o: {
  /** Keys that are never asked for, and why; they are reported as unknown. */
  readonly never?: { isKey(name: string): boolean; readonly why: string };
  /** The list that "all" stands for; all when left out. */
  readonly all?: readonly string[];
  value?(text: string): string;
}): Outbound<CommandTable['readVariables']> => ({
  start: ({ names = o.all }) => {
    if (names === undefined) return { call: { action: 'GetConfiguration', payload: {} }, state: [] };
    const never = (name: string): boolean => o.never?.isKey(name) === true;
    const key = names.filter((name) => !never(name));
    const unknown = names.filter(never);
    return key.length === 0
      ? { done: { status: 'unsupported', detail: o.never?.why ?? 'nothing to read', unknown } }
      : { call: { action: 'GetConfiguration', payload: { key } }, state: unknown };
  },
  next: (state, answer) => {
    if (answer.kind !== 'result') {
      return { done: { status: 'failed', detail: answer.kind === 'error' ? answer.code : answer.kind } };
    }
    const { configurationKey, unknownKey } = isMembers(answer.payload) ? answer.payload : {};
    const variables = list(configurationKey).flatMap((raw): readonly VariableValue[] => {
      if (!isMembers(raw) || typeof raw['key'] !== 'string') return [];
      const { key: name, value, readonly } = raw;
      const text = typeof value === 'string' ? (o.value?.(value) ?? value) : undefined;
      return [{ name: String(name), readonly: readonly === true, ...(text !== undefined && { value: text }) }];
    });
    const unknown = [...list(unknownKey), ...list(state)].filter((name) => typeof name === 'string');
    return { done: { status: 'accepted', variables, unknown } };
  },
});
