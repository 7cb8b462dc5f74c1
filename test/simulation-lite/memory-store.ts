import type { Handled, restore, sessionRow, StationState } from '@plugga/core/station';
import { snapshotOf } from '@plugga/core/station';
import type { Logged, SessionId, StationId, TenantId } from '@plugga/kit';

type Row = ReturnType<typeof sessionRow>;
type Stored = Parameters<typeof restore>[0];
type Due = Stored['due'][number];

const TENANT = 'tenant-1' as TenantId;
/** As the database's: of the sessions that are over, the newest. */
const OVER_KEPT = 20;
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** What units leave behind, as text would: nothing of the engine's memory survives in it. */
export interface MemoryStore {
  readonly log: readonly Logged[];
  readonly due: ReadonlyMap<string, Due>;
  rows(): readonly Row[];
  snapshot(): unknown;
  commit(handled: Handled<StationState>): void;
  load(): Stored;
  find(by: { readonly transaction?: string; readonly startKey?: string; readonly session?: SessionId }): {
    readonly row: Row;
    readonly events: readonly Logged[];
  }[];
}

export function memoryStore(station: StationId): MemoryStore {
  const log: Logged[] = [];
  const rows = new Map<string, Row>();
  const due = new Map<string, Due>();
  let snapshot: unknown;

  const sorted = () => [...rows.values()].toSorted((a, b) => a.firstSeq - b.firstSeq);
  return {
    log,
    due,
    rows: sorted,
    snapshot: () => snapshot,
    commit: (handled) => {
      for (const [index, event] of handled.events.entries()) {
        const seq = handled.firstSeq + index;
        if (seq !== log.length + 1) throw new Error(`seq ${seq} does not follow ${log.length}`);
        log.push({ ...plain(event), position: BigInt(seq), tenant: TENANT, stream: station, seq } as Logged);
      }
      for (const row of handled.sessions) rows.set(row.id, plain(row));
      for (const key of handled.dueGone) due.delete(key);
      for (const it of handled.due) due.set(it.key, plain(it));
      if (handled.stationChanged) snapshot = plain(snapshotOf(handled.state));
    },
    load: () => {
      const isOver = (row: Row) => row.status === 'closed' || row.status === 'void';
      const open = sorted().filter((row) => !isOver(row));
      const over = sorted().filter(isOver).slice(-OVER_KEPT);
      const from = Math.min(Infinity, ...open.map((row) => row.firstSeq));
      return {
        tenant: TENANT,
        nextSeq: log.length + 1,
        stationState: snapshot,
        sessions: [...open, ...over].toSorted((a, b) => a.firstSeq - b.firstSeq),
        events: log.filter((event) => event.seq >= from),
        due: [...due.values()],
      };
    },
    find: (by) =>
      sorted()
        .filter((row) =>
          by.session !== undefined
            ? row.id === by.session
            : by.transaction !== undefined
              ? row.transactionId === by.transaction
              : row.startKey === by.startKey,
        )
        .map((row) => ({ row, events: log.filter((event) => event.session === row.id) })),
  };
}
