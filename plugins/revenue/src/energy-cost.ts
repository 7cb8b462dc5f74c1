import {
  currencyCode,
  decimalText,
  defineEvent,
  instantOf,
  jsonRoute,
  type JsonRoute,
  type Recorded,
  sql,
  type TenantId,
  type Tx,
  z,
} from '@plugga/kit';
import type { Context } from '@plugga/kit';
import type { RevenueTables } from './migrations.ts';
import type { RevenueDb } from './store.ts';

const HOUR_MS = 3_600_000;
const mostHours = 9_000;

const priced = z.object({
  /** The hour that begins then. */
  at: z.string(),
  /** In major units; null takes the hour's price back. */
  perKwh: decimalText.nullable(),
});
/** What energy costs, hour by hour, at a site or, where `site` is null, at all that have no price of their own. */
export const energyCostSet = defineEvent({
  type: 'revenue.energyCostSet',
  v: 1,
  data: z.object({ site: z.string().nullable(), currency: currencyCode, hours: z.array(priced) }),
});

export type CostContext = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, RevenueTables, typeof energyCostSet>,
  'db' | 'transaction' | 'clock' | 'emit'
>;

/** The rows follow from the events, so that a rebuild has them again; an older event never replaces a newer one's. */
async function keep(db: RevenueDb, tenant: TenantId, at: Date, data: z.output<typeof energyCostSet.data>) {
  const rows = data.hours.map((it) => ({ hour: instantOf(it.at) / HOUR_MS, per_kwh: it.perKwh }));
  await sql`
    insert into revenue.energy_cost as c (tenant, site, currency, hour, per_kwh, set_at)
    select ${tenant}, ${data.site ?? ''}, ${data.currency}, j.hour, j.per_kwh, ${at}
    from json_to_recordset(${JSON.stringify(rows)}::json) as j(hour integer, per_kwh numeric)
    on conflict (tenant, site, currency, hour) do update set per_kwh = excluded.per_kwh, set_at = excluded.set_at
    where excluded.set_at >= c.set_at`.execute(db);
}

export const keepEnergyCost =
  ({ db }: Pick<CostContext, 'db'>) =>
  ({ data, at }: Recorded<typeof energyCostSet>, tx: Tx): Promise<void> =>
    keep(db(tx), tx.tenant, new Date(at), data);

const wholeHour = z.iso
  .datetime({ offset: true })
  .refine((text) => Date.parse(text) % HOUR_MS === 0, 'the beginning of a whole hour, such as 2026-01-15T13:00:00Z');
const body = z
  .strictObject({
    site: z
      .string()
      .nullable()
      .default(null)
      .openapi({ description: 'Id of a location; null: every site without prices' }),
    currency: currencyCode,
    hours: z
      .array(z.strictObject({ at: wholeHour, perKwh: decimalText.nullable() }))
      .min(1)
      .max(mostHours)
      .openapi({ description: 'The price of each hour; null takes one back' }),
  })
  .openapi('EnergyCost');

const shown = z.object({ at: z.string(), perKwh: z.string(), site: z.string().nullable(), currency: z.string() });

export const energyCostRoutes = ({ db, transaction, clock, emit }: CostContext): readonly JsonRoute[] => [
  jsonRoute(
    {
      method: 'put',
      path: '/energy-cost',
      summary: 'Sets what energy costs, hour by hour: margins are counted with it',
      body,
      gives: z.object({ hours: z.number().int() }),
    },
    ({ tenant, body: { site, currency, hours } }) =>
      transaction(tenant, async (tx) => {
        const prices = hours.map(({ at, perKwh }) => ({ at: new Date(at).toISOString(), perKwh }));
        const data = { site, currency, hours: prices };
        // At once, for who reads next; the event brings the same again.
        await keep(db(tx), tenant, new Date(clock.now()), data);
        await emit(tx, energyCostSet, { stream: tenant }, data);
        return { hours: hours.length };
      }),
  ),
  jsonRoute(
    {
      method: 'get',
      path: '/energy-cost',
      summary: 'What energy costs, hour by hour',
      query: z.object({ from: z.iso.datetime({ offset: true }), until: z.iso.datetime({ offset: true }) }),
      gives: z.object({ items: z.array(shown), next: z.null() }),
    },
    async ({ tenant, query: { from, until } }) => {
      const [first, end] = [Date.parse(from) / HOUR_MS, Date.parse(until) / HOUR_MS];
      const rows = await transaction(tenant, (tx) =>
        db(tx)
          .selectFrom('energy_cost')
          .select(['site', 'currency', 'hour', 'per_kwh'])
          .where('hour', '>=', Math.ceil(first))
          .where('hour', '<', Math.ceil(end))
          .where('per_kwh', 'is not', null)
          .orderBy('site')
          .orderBy('currency')
          .orderBy('hour')
          .limit(mostHours * 2)
          .execute(),
      );
      const items = rows.map(({ site, currency, hour, per_kwh }) => ({
        ...{ site: site === '' ? null : site, currency, at: new Date(hour * HOUR_MS).toISOString() },
        perKwh: String(per_kwh)
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, ''),
      }));
      return { items, next: null };
    },
  ),
];
