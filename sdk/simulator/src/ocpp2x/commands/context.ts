import type { Beside, Protocol } from '../../dialect.ts';
import type { Hands } from '../../ocpp16/command.ts';
import type { Connector } from '../../ocpp16/connector.ts';
import { record, whole } from '../../ocpp16/command.ts';
import type { StationOptions } from '../../station.ts';
import type { Speech } from '../speech.ts';
import type { Tariffs } from '../tariffs/tariffs.ts';

/** What the commands of OCPP 2.x work with. */
export interface Context {
  readonly protocol: Exclude<Protocol, 'ocpp1.6'>;
  readonly options: StationOptions;
  readonly hands: Hands;
  readonly beside: Beside;
  readonly speech: Speech;
  readonly tariffs: Tariffs;
  /** The next boot is told with this reason. */
  triggered(reason: string): void;
}

/** The connectors that `evse` names, all where it names none; empty where there is no such. */
export const connectorsOf = (hands: Hands, evse: unknown): readonly Connector[] => {
  const id = whole(record(evse)?.['id']);
  if (id === undefined) return hands.connectors;
  const connectorId = whole(record(evse)?.['connectorId']) ?? 1;
  return hands.connectors.filter((one) => one.number === id && connectorId === 1);
};

/** The connector of a running transaction, also of one that waits for plug or token. */
export const connectorWith = (hands: Hands, transactionId: unknown): Connector | undefined =>
  hands.connectors.find((one) => (one.running?.entry ?? one.open)?.transactionId === transactionId);
