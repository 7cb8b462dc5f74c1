import { minorDigits } from '@plugga/kit';
import { type RawBuilder, sql } from 'kysely';
import { type Column, columns } from './migrations.ts';
import type { RevenueDb } from './store.ts';
import type { Summed } from './totals.ts';

/** What a report may have a row for. */
export const dimensions = ['day', 'site', 'station', 'customer', 'tariff', 'channel', 'costCentre'] as const;
export type Dimension = (typeof dimensions)[number];

export interface Asked {
  readonly by: Dimension;
  /** Days in the zones of their sites: from the first, up to and without the second. */
  readonly from: string;
  readonly until: string;
  readonly site?: string | undefined;
  readonly station?: string | undefined;
  readonly customer?: string | undefined;
  readonly tariff?: string | undefined;
  readonly channel?: string | undefined;
  readonly costCentre?: string | undefined;
  readonly margin: boolean;
}

/** Of the closed sessions, in whole minor units. What has no cost is counted apart, never taken as nothing. */
const marginColumns = ['cost', 'margin', 'costed', 'uncosted', 'uncosted_net', 'uncosted_wh'] as const;
export type MarginSummed = Readonly<Record<(typeof marginColumns)[number], string>>;
export type ReportRow = Summed & Partial<MarginSummed> & { readonly key: string | null; readonly label: string | null };

const keys: Readonly<Record<Dimension, string>> = {
  day: 's.day',
  site: 's.site',
  station: 's.station',
  customer: 's.customer',
  tariff: 's.tariff',
  channel: 's.channel',
  costCentre: 's.cost_centre',
};
/** How people know it. */
const labels: Readonly<Partial<Record<Dimension, string>>> = {
  site: '(select l.name from core.location l where l.id = g.key)',
  station: '(select t.identity from core.station t where t.id = g.key)',
  customer: "(select '…' || t.last4 from core.token t where t.id = g.key)",
};

const counts = `s.status <> 'gone'`;
const ofRest = (status: string, part: string): string =>
  `case when ${status} then s.worth_${part} - s.invoiced_${part} - s.credited_${part} else 0 end`;
const isRest = {
  held: `s.status = 'held'`,
  waived: `s.status = 'waived'`,
  accrued: `s.status not in ('held', 'waived')`,
};

/** What `countedOf` says of one session, as SQL says it. */
const valueOf = (column: Column): string => {
  if (column === 'sessions') return `case when s.session is not null and ${counts} then 1 else 0 end`;
  if (column === 'unpriced') return 'case when s.unpriced then 1 else 0 end';
  if (column === 'energy_wh') return `case when ${counts} then s.energy_wh else 0 end`;
  if (column === 'bills' || column === 'billed_wh') return `s.${column}`;
  const [kind, part] = column.split('_') as [string, string];
  return kind in isRest ? ofRest(isRest[kind as keyof typeof isRest], part) : `s.${column}`;
};

/** Sessions that put something into a row of their day. */
const counted = `(s.status <> 'gone' and (s.tariff <> '' or s.unpriced))
  or s.invoiced_excl <> 0 or s.invoiced_vat <> 0 or s.invoiced_incl <> 0
  or s.credited_excl <> 0 or s.credited_vat <> 0 or s.credited_incl <> 0 or s.bills <> 0`;

/** What a closed session's energy has cost, rounded to the minor unit; null where an hour has no price. The site's own goes first. */
const costOf = `
  case when s.hours is null then null else (
    select case when count(*) filter (where coalesce(o.per_kwh, t.per_kwh) is null) > 0 then null
      else round(coalesce(sum((h.value ->> 1)::numeric * coalesce(o.per_kwh, t.per_kwh)), 0) / 1000 * s.units) end
    from jsonb_array_elements(s.hours) h
      left join revenue.energy_cost o on o.site = s.site and s.site <> '' and o.currency = s.currency
        and o.hour = (h.value ->> 0)::integer
      left join revenue.energy_cost t on t.site = '' and t.currency = s.currency and t.hour = (h.value ->> 0)::integer
  ) end`;

const marginOf = `
  sum(s.cost) filter (where s.cost is not null)::text as cost,
  sum(s.net - s.cost) filter (where s.cost is not null)::text as margin,
  count(*) filter (where s.cost is not null and s.sold)::text as costed,
  count(*) filter (where s.cost is null and s.sold)::text as uncosted,
  sum(s.net) filter (where s.cost is null)::text as uncosted_net,
  sum(s.energy_wh) filter (where s.cost is null and s.sold)::text as uncosted_wh`;

const most = 200_000;

/** Rows of a report and whether there are more than it may have. One statement: of one moment. */
export async function reportRows(
  db: RevenueDb,
  asked: Asked,
): Promise<{ readonly rows: readonly ReportRow[]; readonly whole: boolean }> {
  const { by, from, until, margin } = asked;
  const raw = (text: string): RawBuilder<unknown> => sql.raw(text);
  const only = Object.entries({
    's.site': asked.site,
    's.station': asked.station,
    's.customer': asked.customer,
    's.tariff': asked.tariff,
    's.channel': asked.channel,
    's.cost_centre': asked.costCentre,
  }).flatMap(([column, value]) => (value === undefined ? [] : [sql`and ${raw(column)} = ${value}`]));
  const where = sql`s.day >= ${from} and s.day < ${until} and (${raw(counted)}) ${only.length === 0 ? sql`` : sql.join(only, sql` `)}`;
  const sums = columns.map((column) => `sum(${valueOf(column)})::text as ${column}`).join(', ');
  const source = margin
    ? sql`(
        select s.*, ${raw(costOf)} as cost, s.session is not null and s.status <> 'gone' as sold,
          case when s.status = 'waived' then s.invoiced_excl + s.credited_excl else s.worth_excl end as net
        from (select s.*, power(10::numeric, ${await unitsOf(db)}) as units from revenue.sold s where ${where}) s
      ) s`
    : sql`(select s.* from revenue.sold s where ${where}) s`;
  const { rows } = await sql<ReportRow>`
    select g.*, ${raw(labels[by] ?? 'null')} as label from (
      select nullif(${raw(keys[by])}, '') as key, s.currency, ${raw(sums)} ${margin ? raw(`, ${marginOf}`) : sql``}
      from ${source} group by 1, 2
    ) g order by g.key nulls last, g.currency limit ${most + 1}`.execute(db);
  return { rows: rows.slice(0, most), whole: rows.length <= most };
}

/** How many decimals the minor unit of a row's currency has, as SQL. */
async function unitsOf(db: RevenueDb): Promise<RawBuilder<unknown>> {
  const known = await db.selectFrom('sold').select('currency').distinct().where('currency', '<>', '').execute();
  const places = Object.fromEntries(known.map(({ currency }) => [currency, minorDigits(currency)]));
  return sql`coalesce((${JSON.stringify(places)}::jsonb ->> s.currency)::integer, 2)`;
}

/** All rows of a currency together, column by column. */
export function totalsOf(rows: readonly ReportRow[], margin: boolean): readonly ReportRow[] {
  const all = new Map<string, Record<string, bigint>>();
  const names: readonly string[] = margin ? [...columns, ...marginColumns] : columns;
  for (const row of rows) {
    const sum = all.get(row.currency) ?? Object.fromEntries(names.map((name) => [name, 0n]));
    all.set(row.currency, sum);
    for (const name of names) sum[name]! += BigInt((row as unknown as Record<string, string | null>)[name] ?? 0);
  }
  return [...all].map(([currency, sum]) => ({
    ...{ key: null, label: null, currency },
    ...(Object.fromEntries(Object.entries(sum).map(([name, value]) => [name, value.toString()])) as Summed),
  }));
}
