import { type Kysely, sql } from 'kysely';
import type { CoreTables } from '../db/tables.ts';

/** What a month of the archive holds, and what would be lost with it. */
export interface ArchiveMonth {
  /** `2026-01`, UTC, of receipt. */
  readonly month: string;
  readonly mib: number;
  readonly events: number;
  /** Sessions with readings there: a late fact of one of them could not be billed rightly any more. */
  readonly sessions: number;
  /** Those of them whose start or end the station never told: nothing else says what they drew. */
  readonly byReadingsAlone: number;
  /** When the last of them closed. */
  readonly lastClosedAt: string | null;
}

/** Month by month, oldest first; `db` sees the rows of all tenants. It reads the whole archive: for an operator who asks. */
export async function archiveMonths(db: Kysely<CoreTables>): Promise<readonly ArchiveMonth[]> {
  const { rows: parts } = await sql<{ name: string; bytes: string }>`
    select c.relname as name, pg_total_relation_size(c.oid) as bytes
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = to_regclass('core.event_archive') order by c.relname limit 1200`.execute(db);
  const months: ArchiveMonth[] = [];
  for (const { name, bytes } of parts) {
    const month = `${name.slice(-6, -2)}-${name.slice(-2)}`;
    // By its months and not by its table: the working role may read the whole only.
    const from = new Date(`${month}-01T00:00:00Z`);
    const until = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1));
    const inMonth = sql`e.received_at >= ${from} and e.received_at < ${until}`;
    const { rows } = await sql<{ events: string; sessions: string; bare: string; last: Date | null }>`
      select (select count(*) from core.event_archive e where ${inMonth}) as events, count(*) as sessions,
        count(*) filter (where s.flags && array['estimatedStart', 'estimatedEnd']) as bare, max(s.closed_at) as last
      from core.session_row s
      where s.id in (select e.session from core.event_archive e where e.session is not null and ${inMonth})`.execute(
      db,
    );
    const [found] = rows;
    if (Number(found?.events ?? 0) === 0) continue;
    months.push({
      month,
      mib: Math.round((Number(bytes) / 1024 ** 2) * 10) / 10,
      events: Number(found?.events ?? 0),
      sessions: Number(found?.sessions ?? 0),
      byReadingsAlone: Number(found?.bare ?? 0),
      lastClosedAt: found?.last?.toISOString() ?? null,
    });
  }
  return months;
}
