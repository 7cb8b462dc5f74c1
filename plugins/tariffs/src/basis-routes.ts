import { jsonRoute, tagOf, type Tx, unchanged, z, type JsonRoute } from '@plugga/kit';
import { basesOf, basisBody } from './basis.ts';
import { failTariff } from './errors.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { TariffContext } from './routes.ts';
import { sayChanged } from './say-changed.ts';
import { newestVersion } from './versions.ts';

const id = z.object({ id: z.string().max(64) });
const shown = z
  .object({
    tariff: z.string(),
    version: z.number().int(),
    basis: z
      .object({
        name: z.string(),
        apply: z.string(),
        series: z.array(z.object({ from: z.string(), until: z.string().optional(), price: z.string() })),
        fallback: z.string().optional(),
      })
      .nullable(),
  })
  .openapi('TariffBasis');

const etag = ({ tariff, version }: { readonly tariff: string; readonly version: number }): string =>
  tagOf([tariff, version]);

/** What moves a tariff's next offers: given by whoever knows a spot price or how full the site is. */
export const basisRoutes = ({ db, transaction, clock, emit }: TariffContext): readonly JsonRoute[] => {
  /** One that was taken away counts too, with nothing in it. */
  const newestBasis = (tx: Tx, tariff: string) =>
    db(tx)
      .selectFrom('basis')
      .select(['version', 'body'])
      .where('tariff', '=', tariff)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
  return [
    jsonRoute(
      {
        method: 'get',
        path: '/{id}/basis',
        summary: 'What moves the price of the next offers',
        params: id,
        gives: shown,
        etag,
      },
      ({ tenant, params }) =>
        transaction(tenant, async (tx) => {
          if ((await newestVersion(db(tx), params.id)) === undefined)
            throw failTariff('tariff-unknown', `there is no tariff "${params.id}"`);
          const found = (await basesOf(db(tx), [params.id])).get(params.id);
          return {
            tariff: params.id,
            version: found?.version ?? (await newestBasis(tx, params.id))?.version ?? 0,
            basis: found === undefined ? null : { ...found.body, series: [...found.body.series] },
          };
        }),
    ),
    ...(['put', 'delete'] as const).map((method) =>
      jsonRoute(
        {
          method,
          path: '/{id}/basis',
          summary:
            method === 'put'
              ? 'Another series of values: it moves the next offer, and no price that was shown; with If-Match only where nobody else changed it'
              : 'Nothing moves the price any more; with If-Match only where nobody else changed what did',
          params: id,
          ...(method === 'put' ? { body: basisBody } : {}),
          gives: shown,
          etag,
        },
        ({ tenant, actor, ifMatch, params, body, changed }) =>
          transaction(tenant, async (tx) => {
            const own = db(tx);
            if ((await newestVersion(own, params.id)) === undefined)
              throw failTariff('tariff-unknown', `there is no tariff "${params.id}"`);
            // Each has the version after the one that it saw.
            await oneAtATime(own, tenant, `basis ${params.id}`);
            const before = await newestBasis(tx, params.id);
            const known = etag({ tariff: params.id, version: before?.version ?? 0 });
            unchanged(ifMatch, known, `the basis of the tariff "${params.id}"`);
            const basis = (body as z.output<typeof basisBody> | undefined) ?? null;
            const version = (before?.version ?? 0) + 1;
            await own
              .insertInto('basis')
              .values({
                ...{ tariff: params.id, version, tenant, created_at: new Date(clock.now()), created_by: actor },
                body: basis === null ? null : (JSON.stringify(basis) as never),
              })
              .execute();
            await sayChanged({ emit }, tx, params.id);
            changed({ subject: params.id, before: before?.body, after: basis });
            return { tariff: params.id, version, basis };
          }),
      ),
    ),
  ];
};
