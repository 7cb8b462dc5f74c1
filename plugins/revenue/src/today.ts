import { type Instant, jsonRoute, type JsonRoute, sql, z } from '@plugga/kit';
import { dayAfter, localHour } from './local-hour.ts';
import type { RouteContext } from './shapes.ts';
import type { RevenueDb } from './store.ts';
import { plus, shownSums, type Sums, zero } from './sums.ts';

interface HourRow {
  readonly day: string;
  readonly hour: number;
  readonly currency: string;
  readonly excl: string;
  readonly vat: string;
  readonly incl: string;
  readonly energy_wh: string;
}
interface Earned {
  readonly sums: Sums;
  readonly energyWh: number;
}
const nothing: Earned = { sums: zero, energyWh: 0 };
const added = (a: Earned, b: Earned): Earned => ({ sums: plus(a.sums, b.sums), energyWh: a.energyWh + b.energyWh });

const amounts = z.object({
  exclVat: z.string(),
  vat: z.string(),
  inclVat: z.string(),
  energyWh: z.number().int(),
});
const compared = z.object({
  whole: amounts.openapi({ description: 'The whole day; of today, until now' }),
  soFar: amounts.openapi({ description: 'Up to the beginning of the hour that runs now' }),
  hours: z.array(amounts).openapi({ description: '24, by the clock of the site' }),
});
const weekday = compared.extend({ date: z.string() });
const gives = z.object({
  date: z.string(),
  timeZone: z.string(),
  soFarUntil: z.number().int().openapi({ description: 'The hour that runs now' }),
  currencies: z.array(
    z.object({
      currency: z.string(),
      today: weekday,
      lastWeek: weekday,
      meanOfFour: compared
        .extend({ dates: z.array(z.string()) })
        .nullable()
        .openapi({
          description:
            'Of the same weekday in the four weeks before, those without revenue counted as 0; null where none had any',
        }),
    }),
  ),
});
type Compared = z.output<typeof compared>;

const WEEKS = 4;

/** The zone that most sites of the tenant are in. */
async function zoneOf(db: RevenueDb, site: string | undefined): Promise<string> {
  let query = db.selectFrom('core.location').select('time_zone').groupBy('time_zone');
  if (site !== undefined) query = query.where('id', '=', site);
  const row = await query
    .orderBy((it) => it.fn.countAll(), 'desc')
    .orderBy('time_zone')
    .limit(1)
    .executeTakeFirst();
  return row?.time_zone ?? 'UTC';
}

/** Half away from zero, as everywhere. */
const quarter = (value: bigint): bigint => {
  const half = BigInt(WEEKS / 2);
  return (value < 0n ? value - half : value + half) / BigInt(WEEKS);
};
const mean = ({ sums, energyWh }: Earned): Earned => ({
  sums: { excl: quarter(sums.excl), vat: quarter(sums.vat), incl: quarter(sums.incl) },
  energyWh: Math.round(energyWh / WEEKS),
});

/** What was earned by the clock: today beside the same weekday, up to the same hour. */
export const todayRoute = ({ db, transaction, clock }: RouteContext): JsonRoute =>
  jsonRoute(
    {
      method: 'get',
      path: '/today',
      summary: 'What was earned today, hour by hour, beside the same weekday of last week and the mean of four',
      query: z.object({ site: z.string().optional().openapi({ description: 'Id of a location' }) }),
      gives,
    },
    ({ tenant, query: { site } }) =>
      transaction(tenant, async (tx) => {
        const timeZone = await zoneOf(db(tx), site);
        const { day: date, hour } = localHour(clock.now() as Instant, timeZone);
        const dates = Array.from({ length: WEEKS + 1 }, (_, week) => dayAfter(date, -7 * week));
        const { rows } = await sql<HourRow>`
          select h.day, h.hour, h.currency, sum(h.excl)::text as excl, sum(h.vat)::text as vat, sum(h.incl)::text as incl,
            sum(h.energy_wh)::text as energy_wh
          from revenue.hour h where h.day = any(${dates}) ${site === undefined ? sql`` : sql`and h.site = ${site}`}
          group by h.day, h.hour, h.currency order by h.currency, h.day, h.hour`.execute(db(tx));
        const currencies = [...Map.groupBy(rows, (row) => row.currency)].map(([currency, own]) => {
          const at = (day: string, of: number): Earned => {
            const row = own.find((it) => it.day === day && it.hour === of);
            if (row === undefined) return nothing;
            const sums = { excl: BigInt(row.excl), vat: BigInt(row.vat), incl: BigInt(row.incl) };
            return { sums, energyWh: Number(row.energy_wh) };
          };
          const shown = ({ sums, energyWh }: Earned) => ({ ...shownSums(currency, sums), energyWh });
          const hoursOf = (day: string): Earned[] => Array.from({ length: 24 }, (_, of) => at(day, of));
          const of = (hours: readonly Earned[], made = (it: Earned): Earned => it): Compared => ({
            whole: shown(made(hours.reduce(added, nothing))),
            soFar: shown(made(hours.slice(0, hour).reduce(added, nothing))),
            hours: hours.map((it) => shown(made(it))),
          });
          const [, ...before] = dates;
          const four = before.map(hoursOf);
          const all = Array.from({ length: 24 }, (_, nth) => four.map((day) => day[nth]!).reduce(added, nothing));
          const any = own.some(({ day }) => day !== date);
          return {
            currency,
            today: { date, ...of(hoursOf(date)) },
            lastWeek: { date: before[0]!, ...of(four[0]!) },
            meanOfFour: any ? { dates: before, ...of(all, mean) } : null,
          };
        });
        return { date, timeZone, soFarUntil: hour, currencies };
      }),
  );
