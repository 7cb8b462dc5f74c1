import type {
  CommandName,
  CommandTable,
  CommandId,
  Logged,
  StationId,
  Subject,
  Subscription,
  TenantId,
  Tx,
} from '@plugga/kit';
import type { Kysely } from 'kysely';
import type pg from 'pg';
import type { CoreTables } from '../db/tables.ts';

/** What the host asks of the store and of the delivery; those do not know the host. */

export interface TransactionOptions {
  /** On whose behalf: actor of what it writes, and owner of the streams that it emits to. */
  readonly plugin: string;
  /** The event that it handles. Ids of what is emitted and enqueued follow from it. */
  readonly cause?: Logged;
  /** The plugin has handled this event before, and does it again because its schema was emptied: nothing goes outside. */
  readonly replay?: boolean;
}

export interface EmittedEvent {
  readonly plugin: string;
  readonly type: string;
  readonly v: number;
  readonly data: unknown;
  readonly subject: Subject;
}

export interface Transactions {
  run<T>(tenant: TenantId, options: TransactionOptions, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The working connection of an open transaction; throws when it is over. */
  kyselyOf(tx: Tx): Kysely<CoreTables>;
  /** Buffered; appended to the log as the last thing before commit. */
  emit(tx: Tx, event: EmittedEvent): void;
  /** The event that is being handled; none outside of delivery. */
  causeOf(tx: Tx): Logged | undefined;
  /** Whether an event is handled again for a rebuild: what would be enqueued is muted. */
  isReplay(tx: Tx): boolean;
  afterCommit(tx: Tx, run: () => void): void;
}

/** A plugin as delivery knows it. */
export interface Listener {
  readonly plugin: string;
  readonly subscriptions: readonly Subscription[];
  /** Plugins that must have handled an event before this one gets it. */
  readonly after: readonly string[];
}

export interface DeliveryStatus {
  /** All events up to it are handled, parked or of no interest. */
  readonly position?: bigint;
  /** Events in the log behind the newest that this plugin has not passed yet. */
  readonly lag: number;
  readonly parked: number;
  /** The plugin whose parked events hold events of this one back. */
  readonly waits?: string;
  /** Why the newest of what is parked failed. */
  readonly lastError?: string;
}

export interface Delivery {
  start(listeners: readonly Listener[]): Promise<void>;
  stop(): Promise<void>;
  status(): Promise<ReadonlyMap<string, DeliveryStatus>>;
  /** Empties what the plugin has made of the log and runs it from the beginning; what it enqueues meanwhile is muted. */
  rebuild(plugin: string, o: { empty(client: Pick<pg.ClientBase, 'query'>): Promise<void> }): Promise<void>;
}

export interface CommandQueue {
  send<K extends CommandName>(
    tx: Tx,
    actor: string,
    station: StationId,
    name: K,
    command: CommandTable[K],
  ): Promise<CommandId>;
}
