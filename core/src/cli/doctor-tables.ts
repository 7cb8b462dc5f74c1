import { type Kysely, sql } from 'kysely';

interface Sizes {
  readonly name: string;
  readonly bytes: string;
  readonly rows: number;
}

/** A run that is this long ago was not made by one of the nodes, which try every hour. */
const lateMs = 24 * 60 * 60 * 1000;

/** What the database holds, and whether the jobs that keep it from growing run; undefined before the first start. */
export async function tablesFound(
  owner: Kysely<unknown>,
  now: number,
): Promise<{ readonly late: boolean; readonly detail: string } | undefined> {
  const { rows: there } = await sql<{ there: boolean }>`
    select to_regclass('core.event_archive') is not null as there`.execute(owner);
  if (there[0]?.there !== true) return undefined;
  const { rows: sizes } = await sql<Sizes>`
    select t.name, sum(pg_total_relation_size(r.oid)) as bytes, greatest(sum(r.reltuples), 0)::float8 as rows
    from (values ('log', 'core.event_log'), ('archive', 'core.event_archive'), ('frames', 'frame.raw')) t(name, relation)
      join pg_class r on r.oid = t.relation::regclass
        or r.oid in (select relid from pg_partition_tree(t.relation::regclass))
    group by t.name order by t.name`.execute(owner);
  const { rows: runs } = await sql<{ key: string; value: string }>`
    select key, value from core.installation where key in ('retention-archive', 'retention-tidy') order by key`.execute(
    owner,
  );
  const late = runs.filter(({ value }) => now - Date.parse(value) > lateMs);
  const held = sizes.map(
    ({ name, bytes, rows }) => `${name} ${(Number(bytes) / 1024 ** 2).toFixed(0)} MiB (about ${rows} rows)`,
  );
  const last = runs.map(({ key, value }) => `${key} ran ${value}`);
  const detail = [...held, ...(last.length === 0 ? ['retention has not run yet'] : last)].join(', ');
  return late.length === 0
    ? { late: false, detail }
    : { late: true, detail: `${detail}: it should run every hour while a platform runs, see its log` };
}
