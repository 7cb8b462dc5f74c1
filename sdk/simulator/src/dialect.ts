import type { Watch } from './events.ts';
import type { Cost, LedgerEntry } from './ledger.ts';
import type { Command, Hands } from './ocpp16/command.ts';
import type { Connector, Status } from './ocpp16/connector.ts';
import type { Driver } from './ocpp16/driver.ts';
import type { Key } from './ocpp16/keys.ts';
import type { Item } from './ocpp16/outbox.ts';
import type { Around } from './ocpp16/transactions.ts';
import type { End } from './station.ts';
import type { Ticks } from './ticks.ts';
import type { Answered } from './wire/calls.ts';

/** Versions of OCPP that a virtual station speaks, as they stand in the handshake. */
export type Protocol = 'ocpp1.6' | 'ocpp2.0.1' | 'ocpp2.1';

export type Told = Readonly<Record<string, unknown>>;

/** What made a transaction begin: a token at the reader when nothing is said. */
export interface Beginning {
  readonly remote?: boolean;
  readonly remoteStartId?: number;
  /** The plug came last. */
  readonly plugged?: boolean;
}

/** How a version tells of transactions. */
export interface Transactions {
  /** Delivers from now on. */
  begin(connector: Connector, idTag: string, how?: Beginning): LedgerEntry;
  end(connector: Connector, how: End): LedgerEntry;
  /** One that went on while the power was away carries on with its timers. */
  resume(connector: Connector, entry: LedgerEntry): void;
  /** A reading of the running transaction, now; false when none runs. */
  meter(connector: Connector, context: string): boolean;
  /** The start once more, as it was, under another message id. */
  repeatStart(connector: Connector): void;
  /** A remote start waits for the plug, and waits no longer. */
  expected(connector: Connector, idTag: string, how: Beginning): void;
  abandoned(connector: Connector): void;
  plugged(connector: Connector): void;
  unplugged(connector: Connector): void;
  /** The CSMS has answered a message of a transaction. */
  acknowledged(item: Item, payload: Record<string, unknown>): void;
}

/** What commands may do beside what they do with the station itself. */
export interface Beside {
  /** Sends a message as it is. */
  call(action: string, payload: Record<string, unknown>): Promise<Answered>;
  /** Sends a message that nobody answers (2.1: SEND). */
  send(action: string, payload: Record<string, unknown>): void;
  /** Sends a message of its own that is kept over a lost line; \`told\` says that it was acknowledged. */
  notify(action: string, payload: Record<string, unknown>, answered?: (answer: Answered) => void): void;
  watch(listener: Watch): void;
  /** At intervals of the station's clock, while it has power. */
  readonly every: Ticks['every'];
  /** Somebody, or a car, shows a token; `shown` goes out with it. */
  readonly present: Driver['present'];
  /** In service with a line. */
  online(): boolean;
  /** Dials there, and waits so long for an answer. */
  moveTo(url: string, answerMs?: number): void;
  /** Its transactions, oldest first. */
  readonly ledger: readonly LedgerEntry[];
  /** The CSMS says what one costs. */
  costs(entry: LedgerEntry, cost: Cost): void;
  /** Transaction messages that wait. */
  undelivered(): readonly Item[];
}

/** How one version puts on the wire what a station does. The works of the station say it in the words of OCPP 1.6. */
export interface Dialect {
  readonly protocol: Protocol;
  readonly model: string;
  readonly keys: Readonly<Record<string, Key>>;
  transactions(around: Around): Transactions;
  /** How it answers the CSMS, by action; what is missing is answered NotImplemented. */
  commands(hands: Hands, beside: Beside): Readonly<Record<string, Command>>;
  /** The station starts: why stands in its boot. */
  starts(why: 'PowerUp' | 'Reset'): void;
  tell(action: string, payload: Told): { readonly action: string; readonly payload: Record<string, unknown> };
  /** `told`: what it was that is answered, in the words of the works. */
  hear(action: string, answer: Answered, told: Told): Answered;
  /** What the CSMS is told of a status. */
  spoken(status: Status): string;
  /** Whether it tells of a reservation that has expired. */
  readonly tellsExpiry: boolean;
  payloadOf(item: Item): Record<string, unknown>;
  known(item: Item): boolean;
}
