import type { LedgerEntry, LedgerMessage } from '../ledger.ts';
import type { Connector } from '../ocpp16/connector.ts';
import { type MeterValue, meterValue } from '../ocpp16/samples.ts';
import type { Around } from '../ocpp16/transactions.ts';
import { meterValue2x } from './meter-value.ts';
import type { Speech } from './speech.ts';

type Given = Readonly<Record<string, unknown>>;

interface Event {
  readonly type: 'Started' | 'Updated' | 'Ended';
  readonly trigger: string;
  readonly at: number;
  readonly info?: Given;
  readonly idTag?: string | undefined;
  readonly values?: readonly MeterValue[];
  readonly as?: LedgerMessage['as'];
  readonly reservationId?: number | undefined;
  readonly claimedId?: number | null | undefined;
  readonly costDetails?: Given | undefined;
}

/** Puts TransactionEvents into the queue, numbered, with what the meter says. */
export interface Telling {
  sampled(connector: Connector, key: string, at: number, context: string): MeterValue[];
  signedAt(entry: LedgerEntry, which: 'begin' | 'end', at: number, wh: number): MeterValue[];
  /** The message goes to the queue; whether it happened offline is decided now. */
  tell(entry: LedgerEntry, event: Event): void;
  /** The first event of a transaction that has not ended, for those that tell it again. */
  firstOf(entry: LedgerEntry): Record<string, unknown> | undefined;
  forget(entry: LedgerEntry): void;
}

export const telling = (around: Around, speech: Speech): Telling => {
  const { configuration } = around;
  const firsts = new Map<LedgerEntry, Record<string, unknown>>();

  const sampled = (connector: Connector, key: string, at: number, context: string): MeterValue[] => {
    const measurands = configuration.list(key);
    if (measurands.length === 0) return [];
    return [meterValue({ outlet: connector.outlet, measurands, timestamp: around.stamp(at), context })];
  };
  const signedAt = (entry: LedgerEntry, which: 'begin' | 'end', at: number, wh: number): MeterValue[] => {
    const { connector, idTag } = entry;
    const sampledValue = around.signedMeter?.[which]({ connector, at, wh, idTag }) ?? [];
    return sampledValue.length === 0 ? [] : [{ timestamp: around.stamp(at), sampledValue }];
  };
  /** The message goes to the queue; whether it happened offline is decided now. */
  const tell = (entry: LedgerEntry, event: Event): void => {
    if (!around.tellsTransactions) return;
    const { outlet } = around.connectorOf(entry.connector);
    const wh = entry.meterStopWh ?? outlet.registerWh();
    const seqNo = entry.messages.length;
    const payload = {
      eventType: event.type,
      timestamp: around.stamp(event.at),
      triggerReason: event.trigger,
      seqNo,
      ...(around.online() ? {} : { offline: true }),
      transactionInfo: {
        transactionId: event.claimedId === undefined ? entry.transactionId : String(event.claimedId),
        ...(entry.tariffId === undefined ? {} : { tariffId: entry.tariffId }),
        ...event.info,
      },
      ...(event.reservationId === undefined ? {} : { reservationId: event.reservationId }),
      ...(event.type === 'Updated' && event.as === undefined ? {} : { evse: { id: entry.connector, connectorId: 1 } }),
      ...(event.idTag === undefined || event.idTag === '' ? {} : { idToken: speech.idToken(event.idTag) }),
      ...(event.values === undefined || event.values.length === 0
        ? {}
        : { meterValue: event.values.map((one) => meterValue2x(one, wh, around.signedMeter?.publicKey)) }),
      ...(event.costDetails === undefined ? {} : { costDetails: event.costDetails }),
    };
    const message: LedgerMessage = {
      id: around.newId(),
      action: 'TransactionEvent',
      ...(event.as === undefined ? {} : { as: event.as }),
      at: event.at,
      wh,
      acknowledged: false,
    };
    entry.messages.push(message);
    if (event.type === 'Started') firsts.set(entry, payload);
    around.outbox.push({ message, entry, payload, attempts: 0 });
  };

  return {
    sampled,
    signedAt,
    tell,
    firstOf: (entry) => firsts.get(entry),
    forget: (entry) => void firsts.delete(entry),
  };
};
