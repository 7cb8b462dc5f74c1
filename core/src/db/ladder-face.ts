import type { Instant, Log, StationId } from '@plugga/kit';
import type { Clock, Committed, Store, Stored, Unit } from '../ports.ts';
import type { Journal, JournalFigures } from './journal.ts';

/** What the ladder stands on: the store on PostgreSQL (./store.ts). */
export interface LadderStore extends Store {
  /** Lets go of units that have not begun; their commits say nothing more. */
  withdraw(units: readonly Unit[]): void;
  /** Resolves when a commit would go through. */
  probe(): Promise<void>;
  /**
   * Up to which seq something of each of these stations was moved to the archive, where the log does not refuse its seq
   * any more; stations of which nothing was are left out.
   */
  archivedThrough(stations: readonly StationId[]): Promise<ReadonlyMap<StationId, number>>;
  /** Stores a unit of the journal after what another node has written since. */
  merge(unit: Unit): Promise<Committed>;
}

/**
 * `well`: units go to the database. `journaling`: it is away, they go to the journal. `draining`: it is back, and gets what the
 * journal holds. `shut`: the journal cannot be written either, nothing is taken.
 */
export type LadderState = 'well' | 'journaling' | 'draining' | 'shut';

export interface LadderFigures extends JournalFigures {
  readonly state: LadderState;
  readonly since: Instant;
  /** For how long the database has been away; 0 while all is well. */
  readonly awayMs: number;
  /** How long ago the oldest unit that waits was heard; 0 where none does. */
  readonly oldestMs: number;
  /** Since the start of the process: units that went from the journal to the database, and those of them that met another node's. */
  readonly drained: number;
  readonly merged: number;
}

export interface Ladder extends Store {
  state(): LadderState;
  figures(): LadderFigures;
  onChange(listener: (state: LadderState) => void): () => void;
  /** The database has refused what the journal had taken of a station: whoever knows more than the log reads it anew. */
  onRefused(listener: (station: StationId) => void): () => void;
  awayMs(): number;
  /** When the database last came back; now while it is away. Nothing is concluded from silence soon after. */
  quietSince(): Instant;
  /** Resolves when what an earlier process left is drained, or the database did not take it yet. */
  ready(): Promise<void>;
  /** Takes nothing more; what is not drained waits for the next start. */
  close(): Promise<void>;
}

export interface LadderDeps {
  readonly store: LadderStore;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  /** What is kept on this machine for when the database is away. */
  readonly local?: {
    /** Stored or journaled just now, before anybody is told. */
    kept(units: readonly Unit[]): void;
    load(station: StationId): Promise<Stored | undefined>;
    /** The station's log has got facts of another node in between: what is kept of it is not whole any more. */
    forget?(station: StationId): void;
  };
  /** How long the database may take for a unit before the journal gets it. */
  readonly patienceMs?: number;
  /** How long a read may take. */
  readonly readMs?: number;
}
