import { instantOf, jsonRoute, z, type Billable, type JsonRoute, type PricedTotal, type SessionId } from '@plugga/kit';
import { congestionOf, type AtSite } from './occupancy.ts';
import { parseTariff } from './parse.ts';
import { priceBillable } from './price/billable.ts';
import { minus, parseRatio, plus, toDecimal, zero, type Ratio } from './price/ratio.ts';
import type { TariffContext } from './routes.ts';

const MONTH_MS = 31 * 86_400_000;
const MOST = 10_000;
const PLACES = 4;

const sum = z.object({ exclVat: z.string(), inclVat: z.string() });
const tested = z
  .object({
    currency: z.string(),
    from: z.string(),
    until: z.string(),
    sessions: z.number().int(),
    energyWh: z.number().int(),
    was: sum.openapi({ description: 'What these sessions were priced' }),
    would: sum.openapi({ description: 'What the draft would have priced them' }),
    difference: sum,
    skipped: z
      .number()
      .int()
      .openapi({ description: 'Without a price, or priced in another currency: in no sum and not in the list' }),
    complete: z
      .boolean()
      .openapi({ description: `False where there were more than ${MOST} sessions: the newest are looked at` }),
    items: z
      .array(
        z.object({
          session: z.string(),
          startedAt: z.string(),
          energyWh: z.number().int(),
          tariff: z.string(),
          was: sum,
          would: sum,
          difference: sum,
        }),
      )
      .openapi({ description: 'The greatest differences first' }),
  })
  .openapi('TariffBacktest');

const asked = z.object({
  tariff: z.record(z.string(), z.unknown()),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  location: z.string().max(64).optional(),
  of: z.string().max(64).optional().openapi({ description: 'Only sessions that this tariff priced' }),
  limit: z.number().int().min(0).max(1_000).default(200).openapi({ description: 'How many sessions are listed' }),
});

interface Sum {
  readonly excl: Ratio;
  readonly incl: Ratio;
}
const sumOf = ({ exclVat, inclVat }: Pick<PricedTotal, 'exclVat' | 'inclVat'>): Sum => ({
  excl: parseRatio(exclVat),
  incl: parseRatio(inclVat),
});
const added = (a: Sum, b: Sum): Sum => ({ excl: plus(a.excl, b.excl), incl: plus(a.incl, b.incl) });
const less = (a: Sum, b: Sum): Sum => ({ excl: minus(a.excl, b.excl), incl: minus(a.incl, b.incl) });
const shown = ({ excl, incl }: Sum) => ({ exclVat: toDecimal(excl, PLACES), inclVat: toDecimal(incl, PLACES) });
const nothing: Sum = { excl: zero, incl: zero };
const size = ({ incl }: Sum): number => Math.abs(Number(toDecimal(incl, PLACES)));

/** POST /tariffs/backtest: what a draft would have made of the sessions that were closed of late. Nothing is stored. */
export const backtestRoute = ({ db, transaction, clock }: TariffContext): JsonRoute =>
  jsonRoute(
    {
      method: 'post',
      path: '/backtest',
      summary: 'A draft on the sessions of the last month: the difference for each and in total; nothing is stored',
      body: asked,
      gives: tested,
    },
    async ({ tenant, body: { tariff, location, of, limit, ...asked } }) => {
      const body = parseTariff(tariff);
      const until = asked.until === undefined ? new Date(clock.now()) : new Date(asked.until);
      const from = asked.from === undefined ? new Date(until.getTime() - MONTH_MS) : new Date(asked.from);
      const { rows, full } = await transaction(tenant, async (tx) => {
        const found = await db(tx)
          .selectFrom('closing')
          .leftJoin('binding', 'binding.session', 'closing.session')
          .select(['closing.session', 'closing.billable', 'binding.tariff', 'binding.version', 'binding.total'])
          .where('closing.ended_at', '>=', from)
          .where('closing.ended_at', '<', until)
          .$if(location !== undefined, (it) => it.where('closing.location', '=', location ?? ''))
          .$if(of !== undefined, (it) => it.where('binding.tariff', '=', of ?? ''))
          .orderBy('closing.ended_at', 'desc')
          .orderBy('closing.session')
          .limit(MOST + 1)
          .execute();
        const sites = found.map(({ session, billable }): [SessionId, AtSite] => {
          const { location, startedAt, endedAt, unpluggedAt = endedAt } = billable as Billable;
          return [session, { body, location, from: instantOf(startedAt), until: instantOf(unpluggedAt) }];
        });
        return { rows: found, full: await congestionOf(db(tx), new Map(sites)) };
      });
      let [was, would, energyWh, skipped] = [nothing, nothing, 0, 0];
      const items = rows.slice(0, MOST).flatMap(({ session, billable, tariff: id, version, total }) => {
        const before = total as PricedTotal | null;
        if (before === null || before.currency !== body.currency) {
          skipped += 1;
          return [];
        }
        const charged = { ...(billable as Billable), congestion: full.get(session) };
        const own = { was: sumOf(before), would: sumOf(priceBillable({ body }, charged).total) };
        was = added(was, own.was);
        would = added(would, own.would);
        energyWh += charged.energyWh;
        const difference = less(own.would, own.was);
        return [
          {
            session,
            startedAt: charged.startedAt,
            energyWh: charged.energyWh,
            tariff: `${id}@${version}`,
            ...own,
            difference,
          },
        ];
      });
      return {
        ...{ currency: body.currency, from: from.toISOString(), until: until.toISOString() },
        ...{ sessions: items.length, energyWh, skipped, complete: rows.length <= MOST },
        ...{ was: shown(was), would: shown(would), difference: shown(less(would, was)) },
        items: items
          .toSorted((a, b) => size(b.difference) - size(a.difference))
          .slice(0, limit)
          .map((it) => ({ ...it, was: shown(it.was), would: shown(it.would), difference: shown(it.difference) })),
      };
    },
  );
