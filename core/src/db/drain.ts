import type { StationId } from '@plugga/kit';
import type { Clock, Committed, Unit } from '../ports.ts';
import type { Journal } from './journal.ts';
import type { LadderStore } from './ladder.ts';

const BATCH = 512;

export interface Drain {
  /** Resolves when nothing is left in the journal and nothing on its way there; rejects when the database goes away again. */
  toTheEnd(stopped: () => boolean): Promise<void>;
  drained(): number;
  merged(): number;
}

/** Nothing younger is archived (PLUGGA_ARCHIVE_DAYS is 7 at least); a day for clocks that differ. */
const NEVER_ARCHIVED_MS = 6 * 86_400_000;

/**
 * Brings the journal to the database: the very units, in order, through the same group commit; nothing is decided here. The
 * same unit at its seq is stored already; where another unit has its seq, another node has held the station meanwhile.
 */
export const createDrain = (o: {
  readonly store: LadderStore;
  readonly journal: Journal;
  readonly clock: Pick<Clock, 'now'>;
  /** A unit of the station was stored after those of another node. */
  merged(station: StationId): void;
  /** The database has refused a unit of the station: it was acknowledged, and now is in quarantine and not in the log. */
  refused(station: StationId): void;
  /** A batch is stored. */
  passed(): void;
  /** What is read now is all there is: from here on nothing more is to be appended, lest it never ends. */
  isLast(): void;
}): Drain => {
  const { store, journal, clock } = o;
  let drained = 0;
  let merged = 0;

  const toTheEnd = async (stopped: () => boolean): Promise<void> => {
    const diverged = new Set<StationId>();

    const refusedBy = ({ kind }: Committed, { station }: Unit): void => {
      if (kind === 'quarantined') o.refused(station);
    };

    const merge = async (unit: Unit): Promise<void> => {
      refusedBy(await store.merge(unit), unit);
      diverged.add(unit.station);
      merged += 1;
      o.merged(unit.station);
    };

    /** A journal that lay somewhere for weeks: what the archive has, the log's own fence does not see. */
    const archived = async (units: readonly Unit[]): Promise<ReadonlyMap<StationId, number>> => {
      const old = clock.now() - NEVER_ARCHIVED_MS;
      const stations = units.filter(({ events }) => events.some(({ receivedAt }) => receivedAt < old));
      return stations.length === 0 ? new Map() : store.archivedThrough([...new Set(stations.map((it) => it.station))]);
    };

    const one = async (unit: Unit, through = 0): Promise<void> => {
      // Taken by somebody: a merge sees in log and archive whether it was this very unit.
      if (diverged.has(unit.station) || unit.firstSeq <= through) return merge(unit);
      const committed = await store.commit(unit);
      if (committed.kind === 'fenced') await merge(unit);
      else refusedBy(committed, unit);
    };

    /** A station's units one after the other: the second must not be stored where the first was refused. */
    const ofStation = async (units: readonly Unit[], through: number | undefined): Promise<void> => {
      for (const unit of units) await one(unit, through);
    };

    while (!stopped()) {
      const units = await journal.next(BATCH);
      if (journal.figures().entries <= units.length) o.isLast();
      if (units.length === 0) {
        if (journal.figures().entries === 0) return;
        continue;
      }
      const through = await archived(units);
      const outcomes = await Promise.allSettled(
        [...Map.groupBy(units, ({ station }) => station)].map(([station, all]) => ofStation(all, through.get(station))),
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
