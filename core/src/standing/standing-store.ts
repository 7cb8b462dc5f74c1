import type { StationId } from '@plugga/kit';
import type { Store, Stored, Unit } from '../ports.ts';
import { awayError, type Reach } from './reach.ts';
import type { Standing } from './standing.ts';

/** For whoever stores units: what is kept of a station when its database cannot be asked. */
export interface Local {
  /** Stored or journaled just now, before anybody is told. */
  kept(units: readonly Unit[]): void;
  load(station: StationId): Promise<Stored | undefined>;
  /** Its log has got facts of another node: what is kept of it is not whole any more. */
  forget(station: StationId): void;
  /** What load gave was this file's, not the database's. */
  isOfFile(stored: Stored): boolean;
}

export function localOf(standing: Standing): Local {
  const ofFile = new WeakSet<Stored>();
  return {
    kept: inOneTransaction(standing.kept),
    load: (station) => {
      const stored = standing.load(station);
      if (stored !== undefined) ofFile.add(stored);
      return Promise.resolve(stored);
    },
    forget: standing.forget,
    isOfFile: (stored) => ofFile.has(stored),
  };
}

/**
 * The store as actors use it: each unit is noted in the file before it is on its way, all of a batch at once; what the database
 * says of a station is kept; and while it is away nobody waits for it.
 */
export function standingStore(o: {
  readonly store: Store;
  readonly standing: Standing;
  readonly local: Pick<Local, 'load' | 'isOfFile'>;
  readonly reach: Reach;
}): Store {
  const { store, standing, local, reach } = o;
  const begun = inOneTransaction(standing.begun);
  return {
    ...store,
    commit: async (unit) => {
      const committed = await store.commit(unit, () => begun([unit]));
      if (committed.kind === 'fenced') standing.forget(unit.station);
      return committed;
    },
    load: async (station) => {
      const loaded = await reach.ask('the state', () => store.load(station));
      const stored = loaded?.answer ?? (await local.load(station));
      if (stored === undefined) throw awayError('the state of the station is not at hand');
      if (!local.isOfFile(stored)) standing.keep(station, stored);
      return stored;
    },
    find: async (station, by) => {
      const found = await reach.ask('an earlier session', () => store.find(station, by));
      if (found === undefined) throw awayError('an earlier session is not at hand');
      return found.answer;
    },
  };
}

/**
 * The units of one turn are one transaction of the file. It is written among the promises of that turn: before the database
 * is sent anything (the committer waits for it), and before an answer leaves (it stands behind in the same line).
 */
function inOneTransaction(write: (units: readonly Unit[]) => void): (units: readonly Unit[]) => void {
  let waiting: Unit[] = [];
  return (units) => {
    if (waiting.length === 0)
      queueMicrotask(() => {
        const batch = waiting;
        waiting = [];
        write(batch);
      });
    waiting.push(...units);
  };
}
