import type { Protocol } from '../dialect.ts';
import type { Status } from '../ocpp16/connector.ts';
import type { StationOptions } from '../station.ts';

type Given = Readonly<Record<string, unknown>>;

/** The words of OCPP 2.x for what the station's works say in those of 1.6. */
export interface Speech {
  idToken(idTag: string): Given;
  /** A token of the CSMS has this type from now on. */
  knowType(idTag: string, type: string): void;
  /** `idTokenInfo` as `idTagInfo`; undefined when it is none. */
  tokenInfo(given: unknown): Record<string, unknown> | undefined;
  chargingState(status: Status): string;
  connectorStatus(status: Status): string;
  /** The limit that an answer sets on its transaction; 2.0.1 has none. */
  limitOf(answer: Given): Given | undefined;
  readonly forgetsStops: boolean;
  /** What its connectors are, as the conditions of a tariff name them. */
  readonly evseKind: 'AC' | 'DC';
}

const connectorStatuses: Readonly<Record<Status, string>> = {
  Available: 'Available',
  Charging: 'Occupied',
  Faulted: 'Faulted',
  Finishing: 'Occupied',
  Preparing: 'Occupied',
  Reserved: 'Reserved',
  SuspendedEV: 'Occupied',
  SuspendedEVSE: 'Occupied',
  Unavailable: 'Unavailable',
};
const chargingStates: Partial<Record<Status, string>> = {
  Charging: 'Charging',
  Finishing: 'EVConnected',
  Preparing: 'EVConnected',
  SuspendedEV: 'SuspendedEV',
  SuspendedEVSE: 'SuspendedEVSE',
};
const isRecord = (value: unknown): value is Given =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** More than 63 A on three phases: no socket of alternating current gives that. */
export const isDc = (maxPowerW = 0): boolean => maxPowerW > 43_470;

export const speechOf = (options: StationOptions, protocol: Protocol): Speech => {
  const types = new Map<string, string>();
  return {
    idToken: (idTag) => ({ idToken: idTag, type: types.get(idTag) ?? options.tokenType ?? 'ISO14443' }),
    knowType: (idTag, type) => void types.set(idTag, type),
    tokenInfo(given) {
      if (!isRecord(given) || typeof given['status'] !== 'string') return undefined;
      const group = given['groupIdToken'];
      const expiryDate = given['cacheExpiryDateTime'];
      return {
        status: given['status'],
        ...(isRecord(group) ? { parentIdTag: String(group['idToken']) } : {}),
        ...(typeof expiryDate === 'string' ? { expiryDate } : {}),
      };
    },
    chargingState: (status) => chargingStates[status] ?? 'Idle',
    connectorStatus: (status) => connectorStatuses[status],
    limitOf(answer) {
      const limit = answer['transactionLimit'];
      return protocol === 'ocpp2.1' && isRecord(limit) ? limit : undefined;
    },
    forgetsStops: options.forgetsStops === true,
    evseKind: isDc(options.maxPowerW) ? 'DC' : 'AC',
  };
};
