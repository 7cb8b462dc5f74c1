import { anyOf, type CoreViews, insertOf, rowsOf, sql } from '@plugga/kit';
import type { Kysely, RawBuilder } from 'kysely';
import type { CdrShare } from './fold.ts';
import { type Column, columns, type RevenueTables, type SoldTable } from './migrations.ts';
import type { Booked, Counted, Sold } from './sold.ts';
import type { Sums } from './sums.ts';

export type RevenueDb = Kysely<RevenueTables & CoreViews>;

const sums = (excl: string, vat: string, incl: string): Sums => ({
  excl: BigInt(excl),
  vat: BigInt(vat),
  incl: BigInt(incl),
});

const soldOf = (row: SoldTable): Sold => ({
  ...{ id: row.id, session: row.session, station: row.station, status: row.status, day: row.day, zone: row.zone },
  startedAt: row.started_at?.getTime() ?? null,
  ...{ estimated: row.estimated, site: row.site, evse: row.evse, channel: row.channel, tariff: row.tariff },
  ...{ customer: row.customer, token: row.token, tokenType: row.token_type, payer: row.payer },
  ...{ costCentre: row.cost_centre, currency: row.currency, energyWh: row.energy_wh, unpriced: row.unpriced },
  worth: sums(row.worth_excl, row.worth_vat, row.worth_incl),
  invoiced: sums(row.invoiced_excl, row.invoiced_vat, row.invoiced_incl),
  credited: sums(row.credited_excl, row.credited_vat, row.credited_incl),
  ...{ bills: row.bills, billedWh: row.billed_wh, hours: row.hours },
});

export async function soldWith(db: RevenueDb, ids: readonly string[]): Promise<Map<string, Sold>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('sold').select(soldNames).where('id', '=', anyOf(ids)).execute();
  return new Map(rows.map((row) => [row.id, soldOf(row)]));
}

export async function cdrsWith(db: RevenueDb, ids: readonly string[]): Promise<Map<string, CdrShare>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('cdr')
    .select(['id', 'sold', 'excl', 'vat', 'incl', 'energy_wh'])
    .where('id', '=', anyOf(ids))
    .execute();
  return new Map(
    rows.map(({ id, sold, excl, vat, incl, energy_wh }) => [
      id,
      { id, sold, sums: sums(excl, vat, incl), energyWh: energy_wh },
    ]),
  );
}

export interface HourEarned {
  readonly day: string;
  readonly hour: number;
  readonly site: string;
  readonly currency: string;
  readonly sums: Sums;
  readonly energyWh: number;
}

/** What a batch of events has changed. */
export interface Changes {
  /** Of which only the running price is another. */
  readonly repriced: readonly Sold[];
  readonly whole: readonly Sold[];
  readonly cdrs: readonly CdrShare[];
  readonly days: readonly (Booked & { readonly counted: Counted })[];
  readonly hours: readonly HourEarned[];
}

const spread = (name: string, { excl, vat, incl }: Sums) => ({
  [`${name}_excl`]: excl.toString(),
  [`${name}_vat`]: vat.toString(),
  [`${name}_incl`]: incl.toString(),
});
const flat = ({ excl, vat, incl }: Sums) => ({
  excl: excl.toString(),
  vat: vat.toString(),
  incl: incl.toString(),
});

const rowOf = (tenant: string, it: Sold) => ({
  ...{ id: it.id, tenant, session: it.session, station: it.station, status: it.status, day: it.day, zone: it.zone },
  started_at: it.startedAt === null ? null : new Date(it.startedAt).toISOString(),
  ...{ estimated: it.estimated, site: it.site, evse: it.evse, channel: it.channel, tariff: it.tariff },
  ...{ customer: it.customer, token: it.token, token_type: it.tokenType, payer: it.payer },
  ...{ cost_centre: it.costCentre, currency: it.currency, energy_wh: it.energyWh, unpriced: it.unpriced },
  ...spread('worth', it.worth),
  ...spread('invoiced', it.invoiced),
  ...spread('credited', it.credited),
  ...{ bills: it.bills, billed_wh: it.billedWh, hours: it.hours },
});

const soldColumns: readonly (readonly [keyof SoldTable, string])[] = [
  ...(['id', 'tenant', 'session', 'station', 'status', 'day', 'zone'] as const).map((it) => [it, 'text'] as const),
  ['started_at', 'timestamptz'],
  ['estimated', 'boolean'],
  ...(['site', 'evse', 'channel', 'tariff', 'customer', 'token', 'token_type', 'payer', 'cost_centre'] as const).map(
    (it) => [it, 'text'] as const,
  ),
  ['currency', 'text'],
  ['energy_wh', 'integer'],
  ['unpriced', 'boolean'],
  ...(['worth_excl', 'worth_vat', 'worth_incl', 'invoiced_excl', 'invoiced_vat', 'invoiced_incl'] as const).map(
    (it) => [it, 'bigint'] as const,
  ),
  ...(['credited_excl', 'credited_vat', 'credited_incl'] as const).map((it) => [it, 'bigint'] as const),
  ['bills', 'integer'],
  ['billed_wh', 'integer'],
  ['hours', 'jsonb'],
];

const soldNames = soldColumns.map(([name]) => name);

const raw = (text: string): RawBuilder<unknown> => sql.raw(text);
const names = (list: readonly string[]): RawBuilder<unknown> => raw(list.join(', '));

const priceShape = [
  ...(['id', 'status', 'tariff', 'currency'] as const).map((name) => [name, 'text'] as const),
  ['energy_wh', 'integer'],
  ...(['worth_excl', 'worth_vat', 'worth_incl'] as const).map((name) => [name, 'bigint'] as const),
] as const;
const cdrShape = [
  ...(['id', 'tenant', 'sold'] as const).map((name) => [name, 'text'] as const),
  ...(['excl', 'vat', 'incl'] as const).map((name) => [name, 'bigint'] as const),
  ['energy_wh', 'integer'],
] as const;
const dayKey = ['tenant', 'day', 'site', 'tariff', 'channel', 'currency'] as const;
const dayShape = [
  ...dayKey.map((name) => [name, 'text'] as const),
  ...columns.map((name) => [name, 'bigint'] as const),
];
const hourShape = [
  ...(['tenant', 'day'] as const).map((name) => [name, 'text'] as const),
  ['hour', 'smallint'],
  ...(['site', 'currency'] as const).map((name) => [name, 'text'] as const),
  ...(['excl', 'vat', 'incl', 'energy_wh'] as const).map((name) => [name, 'bigint'] as const),
] as const;

/** All that a batch changes, in one statement. */
export async function write(db: RevenueDb, tenant: string, o: Changes): Promise<void> {
  const parts: RawBuilder<unknown>[] = [];
  if (o.repriced.length > 0) {
    const rows = o.repriced.map(({ id, status, tariff, currency, energyWh, worth }) => ({
      ...{ id, status, tariff, currency, energy_wh: energyWh },
      ...spread('worth', worth),
    }));
    const set = priceShape.filter(([name]) => name !== 'id').map(([name]) => `${name} = j.${name}`);
    parts.push(
      sql`update revenue.sold s set ${names(set)}, unpriced = false from ${rowsOf(priceShape, rows)} where s.id = j.id`,
    );
  }
  if (o.whole.length > 0) {
    const rows = o.whole.map((it) => rowOf(tenant, it));
    const set = soldColumns.filter(([name]) => name !== 'id' && name !== 'tenant');
    const updates = names(set.map(([name]) => `${name} = excluded.${name}`));
    parts.push(sql`${insertOf('revenue.sold', soldColumns, rows)} on conflict (id) do update set ${updates}`);
  }
  if (o.cdrs.length > 0) {
    const rows = o.cdrs.map((it) => ({
      ...{ id: it.id, tenant, sold: it.sold, energy_wh: it.energyWh },
      ...flat(it.sums),
    }));
    parts.push(sql`${insertOf('revenue.cdr', cdrShape, rows)} on conflict (id) do nothing`);
  }
  if (o.days.length > 0) {
    const rows = o.days.map(({ counted, day, site, tariff, channel, currency }) => ({
      ...{ tenant, day, site, tariff, channel, currency },
      ...Object.fromEntries(columns.map((name) => [name, counted[name].toString()])),
    }));
    const sum = names(columns.map((name: Column) => `${name} = d.${name} + excluded.${name}`));
    const key = names(['tenant', 'day', 'currency', 'site', 'tariff', 'channel']);
    parts.push(
      sql`${insertOf('revenue.day as d', dayShape, rows)}
          on conflict (${key}) do update set ${sum}`,
    );
  }
  if (o.hours.length > 0) {
    const rows = o.hours.map(({ sums: earned, energyWh, ...at }) => ({
      ...{ tenant, ...at, energy_wh: energyWh.toString() },
      ...flat(earned),
    }));
    const sum = names(['excl', 'vat', 'incl', 'energy_wh'].map((name) => `${name} = h.${name} + excluded.${name}`));
    parts.push(
      sql`${insertOf('revenue.hour as h', hourShape, rows)}
          on conflict (tenant, day, hour, currency, site) do update set ${sum}`,
    );
  }
  const last = parts.pop();
  if (last === undefined) return;
  const before = parts.map((part, at) => sql`${raw(`p${at}`)} as (${part})`);
  const withs = before.length === 0 ? sql`` : sql`with ${sql.join(before)}`;
  await sql`${withs} ${last}`.execute(db);
}
