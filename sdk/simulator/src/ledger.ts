/** One message about a transaction, and whether the CSMS has acknowledged it. */
export interface LedgerMessage {
  /** Message id that it last went out with. */
  id: string;
  readonly action: 'StartTransaction' | 'MeterValues' | 'StopTransaction' | 'TransactionEvent';
  /** What a TransactionEvent of OCPP 2.x is in the words of 1.6; undefined: neither begin, reading nor end. */
  readonly as?: 'StartTransaction' | 'MeterValues' | 'StopTransaction';
  readonly at: number;
  /** Register that it carries, whole Wh. */
  readonly wh: number;
  acknowledged: boolean;
  /** Given up after TransactionMessageAttempts: the CSMS will never hear it. */
  discarded?: true;
}

export interface Cost {
  readonly total: number;
  /** It was said after the end. */
  readonly final: boolean;
}

/** A cost that the station has reckoned: exact decimals, cut after twenty places where they do not end. */
export interface Reckoned {
  readonly tariffId: string;
  readonly currency: string;
  readonly exclTax: string;
  readonly inclTax: string;
  readonly final: boolean;
}

/** What the station's own meter measured for one transaction: the truth that a bill is compared with. */
export interface LedgerEntry {
  readonly identity: string;
  /** The station's own number of the transaction, from 1. */
  readonly number: number;
  readonly connector: number;
  /** Empty while a transaction that began with the plug waits for its token. */
  idTag: string;
  readonly meterStartWh: number;
  readonly startedAt: number;
  meterStopWh?: number;
  stoppedAt?: number;
  reason?: string;
  /** The station never says that it has ended. */
  stopWithheld?: true;
  /** The CSMS's id, once its answer arrived; in OCPP 2.x the station's own. */
  transactionId?: number | string;
  /** What the CSMS said about the token in its answer to the start. */
  startStatus?: string;
  /** What its display says that it costs: the last that the CSMS said. */
  cost?: Cost;
  /** The tariff that the station holds for it (OCPP 2.1). */
  tariffId?: string;
  /** What the station itself reckons by that tariff. */
  reckoned?: Reckoned;
  readonly messages: LedgerMessage[];
}

export const energyWh = (entry: LedgerEntry): number | undefined =>
  entry.meterStopWh === undefined ? undefined : entry.meterStopWh - entry.meterStartWh;

export const deliveredWhole = (entry: LedgerEntry): boolean =>
  entry.stoppedAt !== undefined && !entry.stopWithheld && entry.messages.every((message) => message.acknowledged);
