import { apiRoutes, jsonRoute, z, type Context, type RouteGroup, newId } from '@plugga/kit';
import { failTariff } from './errors.ts';
import type { TariffTables } from './migrations.ts';
import { assign, newestTariff, saveTariff } from './store.ts';
import { assignment, tariffBody, type TariffBody } from './tariff.ts';

type TariffContext = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, TariffTables>,
  'db' | 'transaction' | 'random'
>;

const posted = z.looseObject({ assign: z.array(assignment).default([]) });
const shown = z
  .object({
    tariff: z.record(z.string(), z.unknown()),
    version: z.number().int(),
    assign: z.array(z.record(z.string(), z.unknown())),
  })
  .openapi('Tariff');

/** Refuses by name what the engine cannot price: a default that costs money would be an error. */
function parseTariff(body: Record<string, unknown>): TariffBody {
  const parsed = tariffBody.safeParse(body);
  if (parsed.success) return parsed.data;
  const details = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw failTariff(
    'tariff-unsupported',
    details.map(({ path, message }) => `${path || 'tariff'}: ${message}`).join('; '),
    { details: { errors: details } },
  );
}

const show = async (db: ReturnType<TariffContext['db']>, id: string) => {
  const tariff = await newestTariff(db, id);
  if (tariff === undefined) throw failTariff('tariff-unknown', `there is no tariff "${id}"`);
  const rows = await db
    .selectFrom('assignment')
    .select(['target_kind', 'target', 'from_at', 'until_at'])
    .where('tariff', '=', id)
    .orderBy('id')
    .limit(1000)
    .execute();
  return {
    tariff: { ...tariff.body },
    version: tariff.version,
    assign: rows.map(({ target_kind, target, from_at, until_at }) => ({
      to: target_kind,
      id: target,
      ...(from_at === null ? {} : { from: from_at.toISOString() }),
      ...(until_at === null ? {} : { until: until_at.toISOString() }),
    })),
  };
};

const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional(),
});
const page = z.object({ items: z.array(shown), next: z.string().nullable() });

/** GET and POST /api/v1/tariffs: the newest version of each, with what it is assigned to. */
export const tariffRoutes = ({ db, transaction, random }: TariffContext): RouteGroup =>
  apiRoutes(
    jsonRoute(
      { method: 'get', path: '/', summary: 'Tariffs by id, the newest version of each', query: pageQuery, gives: page },
      ({ tenant, query: { limit, cursor } }) =>
        transaction(tenant, async (tx) => {
          const ids = await db(tx)
            .selectFrom('tariff')
            .select('id')
            .distinct()
            .where('id', '>', cursor ?? '')
            .orderBy('id')
            .limit(limit + 1)
            .execute();
          const items = [];
          for (const { id } of ids.slice(0, limit)) items.push(await show(db(tx), id));
          return { items, next: ids.length > limit ? (ids[limit - 1]?.id ?? null) : null };
        }),
    ),
    jsonRoute(
      {
        method: 'get',
        path: '/{id}',
        summary: 'One tariff, its newest version',
        params: z.object({ id: z.string() }),
        gives: shown,
      },
      ({ tenant, params }) => transaction(tenant, (tx) => show(db(tx), params.id)),
    ),
    jsonRoute(
      {
        method: 'post',
        path: '/',
        summary: 'A new tariff, or the next version of one',
        body: posted,
        gives: shown,
        status: 201,
      },
      ({ tenant, body: { assign: assignments, ...rest } }) => {
        const body = parseTariff(rest);
        return transaction(tenant, async (tx) => {
          await saveTariff(db(tx), tenant, body);
          await assign(db(tx), tenant, body.id, assignments, () => newId(random));
          return show(db(tx), body.id);
        });
      },
    ),
  );
