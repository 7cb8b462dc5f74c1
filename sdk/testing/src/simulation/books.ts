import {
  loggedColumns,
  loggedOf,
  type LoggedRow,
  sessionColumns,
  sessionOf,
  type StoredSession,
} from '@plugga/core/simulation';
import type { SessionRow } from '@plugga/core/plugins';
import type { Logged, StationId } from '@plugga/kit';
import type { Slot } from './real-database.ts';

/** What the database says of one tenant. */
export interface Books {
  readonly log: readonly Logged[];
  readonly rows: readonly (SessionRow & { readonly station: StationId })[];
  /** Snapshots by station. */
  readonly snapshots: ReadonlyMap<string, unknown>;
  readonly quarantine: readonly { readonly station: string; readonly raw: string }[];
  /** What the plugin of the seed has written down, in the order of the log. */
  readonly entries: readonly { readonly session: string; readonly event: string; readonly wh: number }[];
  /** What the core shows as the price of each session. */
  readonly costs: ReadonlyMap<string, string>;
  readonly commands: readonly {
    readonly id: string;
    readonly name: string;
    readonly status: string;
    readonly createdAt: number;
    readonly updatedAt: number;
  }[];
}

export async function readRows(slot: Slot, tenant: string): Promise<Books['rows']> {
  const { rows } = (await slot.query(
    `select station, ${sessionColumns} from core.session_row
     where station in (select id from core.station_row where tenant = $1) order by station, first_seq`,
    [tenant],
  )) as Rows<StoredSession & { readonly station: StationId }>;
  return rows.map((row) => ({ ...sessionOf(row), station: row.station }));
}

interface Rows<T> {
  readonly rows: readonly T[];
}

export async function readBooks(slot: Slot, tenant: string): Promise<Books> {
  const ask = async <T>(text: string): Promise<readonly T[]> => ((await slot.query(text, [tenant])) as Rows<T>).rows;
  const log = await ask<LoggedRow>(
    `select ${loggedColumns} from core.event_log e where e.stream in (select id from core.station_row where tenant = $1) order by e.stream, e.seq`,
  );
  const rows = await readRows(slot, tenant);
  const snapshots = await ask<{ station: string; state: unknown }>(
    `select station, state from core.stream where tenant = $1`,
  );
  const quarantine = await ask<{ station: string; raw: Buffer }>(
    `select station, raw from core.quarantine where tenant = $1`,
  );
  const commands = await ask<{ id: string; name: string; status: string; created_at: Date; updated_at: Date }>(
    `select id, name, status, created_at, updated_at from core.command_row where tenant = $1`,
  );
  const entries = await ask<{ session: string; event: string; wh: number }>(
    `select session, event, wh from simulated.entry where tenant = $1 order by n`,
  );
  const costs = await ask<{ session: string; excl_vat: string }>(
    `select session, excl_vat from core.session_cost where tenant = $1`,
  );
  return {
    entries,
    costs: new Map(costs.map(({ session, excl_vat }) => [session, excl_vat])),
    log: log.map(loggedOf),
    rows,
    snapshots: new Map(snapshots.map(({ station, state }) => [station, state])),
    quarantine: quarantine.map(({ station, raw }) => ({ station, raw: raw.toString('utf8') })),
    commands: commands.map(({ id, name, status, created_at, updated_at }) => ({
      ...{ id, name, status, createdAt: created_at.getTime(), updatedAt: updated_at.getTime() },
    })),
  };
}
