import type { StationId } from '@plugga/kit';
import type { Due, SessionRow, Unit } from '../ports.ts';

/** One unit for those of a station that follow one another without a gap: what is stored of it is the same. */
export function mergedUnits(units: readonly Unit[]): readonly Unit[] {
  const runs: [Unit, ...Unit[]][] = [];
  const newest = new Map<StationId, { readonly run: Unit[]; readonly nextSeq: number }>();
  for (const unit of units) {
    const { station, firstSeq, events } = unit;
    const before = newest.get(station);
    const follows = before?.nextSeq === firstSeq;
    const run: [Unit, ...Unit[]] = [unit];
    if (follows) before.run.push(unit);
    else runs.push(run);
    newest.set(station, { run: follows ? before.run : run, nextSeq: firstSeq + events.length });
  }
  return runs.map((run) => (run.length === 1 ? run[0] : merged(run)));
}

/** What they change together, the newest of each. */
function merged(run: readonly [Unit, ...Unit[]]): Unit {
  const [{ id, tenant, station, firstSeq }] = run;
  const sessions = new Map<string, SessionRow>();
  const due = new Map<string, Due>();
  const gone = new Set<string>();
  let stationState: unknown;
  for (const unit of run) {
    for (const row of unit.sessions) sessions.set(row.id, row);
    for (const key of unit.dueGone) {
      due.delete(key);
      gone.add(key);
    }
    for (const it of unit.due) {
      due.set(it.key, it);
      gone.delete(it.key);
    }
    stationState = unit.stationState ?? stationState;
  }
  return {
    ...{ id, tenant, station, firstSeq, events: run.flatMap(({ events }) => events) },
    ...{ sessions: [...sessions.values()], due: [...due.values()], dueGone: [...gone] },
    ...(stationState === undefined ? {} : { stationState }),
  };
}
