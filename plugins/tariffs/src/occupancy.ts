import { connectorChanged, iso, isEvent, type Instant, type Recorded, type TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import type { TariffBody } from './tariff.ts';
import type { Db } from './versions.ts';

/** A connector in one of these leaves nobody a place to charge. */
const TAKEN = ['preparing', 'charging', 'suspendedEV', 'suspendedEVSE', 'finishing', 'reserved', 'occupied'];
/** An EVSE of which all connectors are so is no place at all. */
const OUT = ['unavailable', 'faulted', 'unknown'];
const FULL_PERCENT = 100;

/** How many of the EVSEs of these sites that work are taken now; written only where it is not as it was last. */
async function note(db: Db, tenant: TenantId, at: Instant, locations: readonly string[]): Promise<void> {
  if (locations.length === 0) return;
  const list = (of: readonly string[]) => sql.join(of.map((it) => sql`${it}`));
  await sql`
    insert into tariffs.occupancy (tenant, location, at, taken, total)
    select ${tenant}, n.location, ${iso(at)}::timestamptz, n.taken, n.total
    from (
      select location, count(*) filter (where taken)::integer as taken, count(*) filter (where taken or not gone)::integer as total
      from (
        select coalesce(e.location, s.location) as location, bool_or(c.status in (${list(TAKEN)})) as taken,
          bool_and(c.status in (${list(OUT)})) as gone
        from core.evse e join core.station s on s.id = e.station join core.connector c on c.evse_id = e.id
        where coalesce(e.location, s.location) in (${list(locations)})
        group by e.id, 1
      ) evse
      group by location
    ) n
    left join lateral (
      select o.taken, o.total from tariffs.occupancy o where o.location = n.location order by o.at desc limit 1
    ) last on true
    where last.taken is distinct from n.taken or last.total is distinct from n.total
    on conflict (tenant, location, at) do update set taken = excluded.taken, total = excluded.total`.execute(db);
}

/** Keeps how full sites are, of operators that have a tariff to which it matters: as the platform learns it, by its clock. */
export async function keepOccupancy(db: Db, tenant: TenantId, events: readonly Recorded[]): Promise<void> {
  const changed = events.filter((event) => isEvent(connectorChanged, event));
  const last = changed.at(-1);
  if (last === undefined || !(await anyCongestion(db))) return;
  const stations = [...new Set(changed.flatMap(({ station }) => station ?? []))];
  const rows = await db
    .selectFrom('core.evse as e')
    .innerJoin('core.station as s', 's.id', 'e.station')
    .select((it) => it.fn.coalesce('e.location', 's.location').as('location'))
    .distinct()
    .where('e.station', 'in', stations)
    .execute();
  await note(
    db,
    tenant,
    last.receivedAt,
    rows.flatMap(({ location }) => location ?? []),
  );
}

async function anyCongestion(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('tariff')
    .select('id')
    .where(sql<boolean>`body -> 'plugga' -> 'congestion' is not null`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A session that a tariff prices, and the time that it prices. */
export interface AtSite {
  readonly body: TariffBody;
  readonly location: string | null | undefined;
  readonly from: Instant;
  readonly until: Instant;
}
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/** Where nothing was noted of a site yet, what stands now is where it begins. */
export async function beginOccupancy(db: Db, tenant: TenantId, at: Instant, all: Iterable<AtSite>): Promise<void> {
  const sites = new Set(
    [...all].flatMap(({ body, location }) =>
      body.plugga?.congestion === undefined || typeof location !== 'string' ? [] : [location],
    ),
  );
  if (sites.size === 0) return;
  const rows = await db
    .selectFrom('occupancy')
    .select('location')
    .distinct()
    .where('location', 'in', [...sites])
    .execute();
  for (const { location } of rows) sites.delete(location);
  await note(db, tenant, at, [...sites]);
}

interface Noted {
  readonly at: Date;
  readonly taken: number;
  readonly total: number;
}

/**
 * When the sites of these sessions were congested, by the rule of each session's tariff; asked for running prices and for final
 * ones, so that both say the same. Sessions whose tariff has no such rule are not in it.
 */
export async function congestionOf<K>(
  db: Db,
  all: ReadonlyMap<K, AtSite>,
): Promise<ReadonlyMap<K, readonly Stretch[]>> {
  const ruled = [...all].flatMap(([key, { body, location, from, until }]) => {
    const rule = body.plugga?.congestion;
    if (rule === undefined || typeof location !== 'string') return [];
    return [{ key, location, from, until, percent: rule.occupancyPercent ?? FULL_PERCENT }];
  });
  const found = new Map<K, readonly Stretch[]>();
  for (const [location, of] of Map.groupBy(ruled, (it) => it.location)) {
    const from = new Date(of.reduce((least, it) => Math.min(least, it.from), Infinity));
    const until = new Date(of.reduce((most, it) => Math.max(most, it.until), -Infinity));
    const rows = await notedAt(db, location, from, until);
    for (const it of of) found.set(it.key, stretchesOf(rows, it));
  }
  return found;
}

/** What was noted between these moments, and the last before them. */
const notedAt = (db: Db, location: string, from: Date, until: Date): Promise<Noted[]> =>
  sql<Noted>`
    select at, taken, total from tariffs.occupancy
    where location = ${location} and at < ${until.toISOString()}::timestamptz and at >= coalesce(
      (select max(at) from tariffs.occupancy where location = ${location} and at <= ${from.toISOString()}::timestamptz),
      ${from.toISOString()}::timestamptz
    )
    order by at`
    .execute(db)
    .then(({ rows }) => rows);

/** Pure. */
function stretchesOf(
  rows: readonly Noted[],
  o: { readonly from: Instant; readonly until: Instant; readonly percent: number },
): readonly Stretch[] {
  const stretches: { from: string; to: string }[] = [];
  for (const [n, { at, taken, total }] of rows.entries()) {
    if (total === 0 || taken * 100 < o.percent * total) continue;
    const begins = Math.max(at.getTime(), o.from) as Instant;
    const ends = Math.min(rows[n + 1]?.at.getTime() ?? o.until, o.until) as Instant;
    if (ends <= begins) continue;
    const last = stretches.at(-1);
    if (last?.to === iso(begins)) last.to = iso(ends);
    else stretches.push({ from: iso(begins), to: iso(ends) });
  }
  return stretches;
}

const MOMENT_MS = 1;
/** Whether the site is congested now, by the rule of a tariff that is shown there. */
export async function isCongested(
  db: Db,
  tenant: TenantId,
  o: { readonly body: TariffBody; readonly location: string | null | undefined; readonly at: Instant },
): Promise<boolean> {
  const site: AtSite = { ...o, from: o.at, until: (o.at + MOMENT_MS) as Instant };
  await beginOccupancy(db, tenant, o.at, [site]);
  return ((await congestionOf(db, new Map([[0, site]]))).get(0)?.length ?? 0) > 0;
}
