import { createRoute, z, type Context, type RouteGroup } from '@plugga/kit';
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

/** GET and POST /api/v1/tariffs: the newest version of each, with what it is assigned to. */
export const tariffRoutes = ({ db, transaction, random }: TariffContext): RouteGroup => ({
  auth: 'api',
  mount: (app) => {
    app.openapi(
      createRoute({
        method: 'get',
        path: '/',
        summary: 'Tariffs, the newest version of each',
        request: {
          query: z.object({
            limit: z.coerce.number().int().min(1).max(200).default(50),
            cursor: z.string().optional(),
          }),
        },
        responses: {
          200: {
            description: 'By id',
            content: {
              'application/json': { schema: z.object({ items: z.array(shown), next: z.string().nullable() }) },
            },
          },
        },
      }),
      async (c) => {
        const { limit, cursor } = c.req.valid('query');
        const page = await transaction(c.get('caller').tenant, async (tx) => {
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
        });
        return c.json(page, 200);
      },
    );
    app.openapi(
      createRoute({
        method: 'get',
        path: '/{id}',
        summary: 'One tariff',
        request: { params: z.object({ id: z.string() }) },
        responses: { 200: { description: 'Its newest version', content: { 'application/json': { schema: shown } } } },
      }),
      async (c) =>
        c.json(await transaction(c.get('caller').tenant, (tx) => show(db(tx), c.req.valid('param').id)), 200),
    );
    app.openapi(
      createRoute({
        method: 'post',
        path: '/',
        summary: 'A new tariff, or the next version of one',
        request: { body: { required: true, content: { 'application/json': { schema: posted } } } },
        responses: { 201: { description: 'As stored', content: { 'application/json': { schema: shown } } } },
      }),
      async (c) => {
        const { assign: assignments, ...rest } = c.req.valid('json');
        const body = parseTariff(rest);
        const { tenant } = c.get('caller');
        const stored = await transaction(tenant, async (tx) => {
          await saveTariff(db(tx), tenant, body);
          await assign(db(tx), tenant, body.id, assignments, () => Buffer.from(random.bytes(16)).toString('base64url'));
          return show(db(tx), body.id);
        });
        return c.json(stored, 201);
      },
    );
  },
});
