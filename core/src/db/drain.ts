import type { StationId } from '@plugga/kit';
import type { Unit } from '../ports.ts';
import type { Journal } from './journal.ts';
import type { LadderStore } from './ladder.ts';

const BATCH = 512;

export interface Drain {
  /** Resolves when nothing is left in the journal and nothing on its way there; rejects when the database goes away again. */
  toTheEnd(stopped: () => boolean): Promise<void>;
  drained(): number;
  merged(): number;
}

/**
 * Brings the journal to the database: the very units, in order, through the same group commit; nothing is decided here. The
 * same unit at its seq is stored already; where another unit has its seq, another node has held the station meanwhile.
 */
export const createDrain = (o: {
  readonly store: LadderStore;
  readonly journal: Journal;
  /** A unit of the station was stored after those of another node. */
  merged(station: StationId): void;
  /** A batch is stored. */
  passed(): void;
  /** What is read now is all there is: from here on nothing more is to be appended, lest it never ends. */
  isLast(): void;
}): Drain => {
  const { store, journal } = o;
  let drained = 0;
  let merged = 0;

  const toTheEnd = async (stopped: () => boolean): Promise<void> => {
    const diverged = new Set<StationId>();

    const merge = async (unit: Unit): Promise<void> => {
      await store.merge(unit);
      diverged.add(unit.station);
      merged += 1;
      o.merged(unit.station);
    };

    const one = async (unit: Unit): Promise<void> => {
      if (diverged.has(unit.station)) return merge(unit);
      const committed = await store.commit(unit);
      if (committed.kind === 'fenced') await merge(unit);
    };

    /** A station's units one after the other: the second must not be stored where the first was refused. */
    const ofStation = async (units: readonly Unit[]): Promise<void> => {
      for (const unit of units) await one(unit);
    };

    while (!stopped()) {
      const units = await journal.next(BATCH);
      if (journal.figures().entries <= units.length) o.isLast();
      if (units.length === 0) {
        if (journal.figures().entries === 0) return;
        continue;
      }
      const outcomes = await Promise.allSettled(
        [...Map.groupBy(units, ({ station }) => station).values()].map(ofStation),
      );
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      await journal.drained(units.length);
      drained += units.length;
      o.passed();
    }
  };

  return { toTheEnd, drained: () => drained, merged: () => merged };
};
