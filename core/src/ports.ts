import type { EventId, Instant, LocationId, Logged, SessionId, StationId, TenantId, TokenId } from '@plugga/kit';

/**
 * The five things that the core awaits: Clock, Random, Link, Store, Bus. Everything between is pure, so that a seeded
 * simulation can run the whole core under a clock, random numbers, sockets and faults of its own.
 */

export interface Clock {
  now(): Instant;
  /** Runs once at that time, or at once when it has passed; returns how to take it back. */
  at(when: Instant, run: () => void): () => void;
}

export interface Random {
  /** Cryptographically strong outside of tests. */
  bytes(count: number): Uint8Array;
}

/** One socket of a station, as the core uses it: whole messages in order, until it ends. */
export interface Link {
  /** Whether something can still be sent. */
  readonly open: boolean;
  /** Bytes that were sent and that the other end has not taken yet. */
  readonly unsent: number;
  /** One text message, encoded. */
  send(text: Uint8Array): void;
  ping(): void;
  /** Reads nothing more until `resume`. */
  pause(): void;
  resume(): void;
  /** Says goodbye and waits for the answer a moment; `closed` is told when it is over. */
  close(code: number, reason: string): void;
  /** Ends it at once. */
  terminate(): void;
  /** Who hears it. Nothing is told before. */
  listen(listener: LinkListener): void;
}

export interface LinkListener {
  /** Bytes came in, of whatever; told before what they complete. */
  bytes(count: number): void;
  message(data: Uint8Array, isBinary: boolean): void;
  pinged(bytes: number): void;
  ponged(bytes: number): void;
  /** A message is longer than this socket takes; it is closing. */
  tooLong(): void;
  /** What came in is no WebSocket; it is closing. */
  broken(why: string): void;
  closed(code: number, reason: string): void;
}

/** An event before it is in the log: its position is drawn at commit, its seq by the station's actor. */
export interface NewEvent {
  readonly id: EventId;
  readonly type: string;
  readonly v: number;
  readonly session?: SessionId;
  readonly at: Instant;
  readonly receivedAt: Instant;
  readonly cause?: string;
  readonly actor?: string;
  readonly data: unknown;
}

export type SessionStatus = 'pending' | 'active' | 'ended' | 'closed' | 'void';

/** A session as the API shows it, derived by the fold; written whole with each unit that changes it. */
export interface SessionRow {
  readonly id: SessionId;
  readonly evse: number | null;
  readonly connector: number | null;
  readonly evseId: string | null;
  readonly connectorId: string | null;
  readonly location: LocationId | null;
  readonly status: SessionStatus;
  readonly token: TokenId | string | null;
  readonly tokenType: string | null;
  readonly tokenLast4: string | null;
  readonly transactionId: string | null;
  /** Content key of its start: finds it again when the start is repeated. */
  readonly startKey: string | null;
  /** Seq of its first fact: loading begins there. */
  readonly firstSeq: number;
  readonly firstAt: Instant;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly closedAt: Instant | null;
  readonly energyWh: number | null;
  readonly meterStartWh: number | null;
  readonly meterStopWh: number | null;
  readonly powerW: number | null;
  readonly stopReason: string | null;
  readonly flags: readonly string[];
}

/** A rule that waits for time. `seq` is the stream's at setting: a due row with another seq than the rule expects is a no-op. */
export interface Due {
  readonly key: string;
  readonly at: Instant;
  readonly seq: number;
}

/** What one message, command or timer of one station changes: committed together or not at all, before the station is answered. */
export interface Unit {
  /** Random; the same in the journal and the database, so that draining twice stores once. */
  readonly id: string;
  readonly tenant: TenantId;
  /** The stream is the station's id. */
  readonly station: StationId;
  /** Seq of events[0]; the others follow. */
  readonly firstSeq: number;
  readonly events: readonly NewEvent[];
  readonly sessions: readonly SessionRow[];
  /** The station's own state after the unit, whole, when it changed. JSON. */
  readonly stationState?: unknown;
  readonly due: readonly Due[];
  readonly dueGone: readonly string[];
  /** The frame that it came from, untouched, for quarantine when the database refuses the unit's content. */
  readonly raw?: Uint8Array;
  readonly action?: string;
}

export type Committed =
  | { readonly kind: 'stored' }
  /** Another node holds the station: close the socket, answer nothing, drop the state. */
  | { readonly kind: 'fenced' }
  /** The unit's content cannot be stored; it is kept raw. Acknowledge, go on from the state before it. */
  | { readonly kind: 'quarantined'; readonly id: string };

/** Where a station's fold begins again. */
export interface Stored {
  readonly tenant: TenantId;
  readonly nextSeq: number;
  readonly stationState: unknown;
  /** Sessions that are not closed, and the newest that are, oldest first. */
  readonly sessions: readonly SessionRow[];
  /** Their events and the station's since the first fact of the oldest that is not closed, by seq. */
  readonly events: readonly Logged[];
  readonly due: readonly Due[];
}

export interface Store {
  /**
   * Resolves after fsync. Rejects only with an infrastructure error; then nothing was stored or it is not known. `sending`: called
   * each time that the unit is about to be sent to the database; what it does until its turn ends is done before.
   */
  commit(unit: Unit, sending?: () => void): Promise<Committed>;
  /** Keeps a unit raw for which the database cannot even be asked: it refuses what it is asked with. */
  quarantine(unit: Unit, error: unknown): Promise<Committed>;
  load(station: StationId): Promise<Stored>;
  /** A session that is not in memory, by its transaction id, the content key of its start or its own id, with its events. */
  find(
    station: StationId,
    by: { readonly transaction?: string; readonly startKey?: string; readonly session?: SessionId },
  ): Promise<readonly { readonly row: SessionRow; readonly events: readonly Logged[] }[]>;
  readAfter(position: bigint, limit: number): Promise<readonly Logged[]>;
}

/** Commands, hints and token changes between nodes; events that matter are in the log. Messages are plain JSON. */
export interface Bus {
  publish(subject: string, message: unknown): void;
  subscribe(subject: string, handler: (message: unknown) => void): () => void;
  /** Rejects at once with `station-offline` when nobody answers for the subject. */
  request(subject: string, message: unknown, timeoutMs: number): Promise<unknown>;
  respond(subject: string, handler: (message: unknown) => Promise<unknown>): () => void;
}
