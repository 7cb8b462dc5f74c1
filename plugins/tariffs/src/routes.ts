import {
  apiRoutes,
  fail,
  isUnchanged,
  jsonRoute,
  newId,
  tagOf,
  z,
  type Context,
  type RouteGroup,
  type TenantId,
} from '@plugga/kit';
import { affectedBy } from './affected.ts';
import { assignment } from './assignment.ts';
import { assign, assignmentsOf } from './assignments.ts';
import { backtestRoute } from './backtest.ts';
import { basisRoutes } from './basis-routes.ts';
import { explainRoute } from './explain.ts';
import { inForceRoute } from './in-force-route.ts';
import { ocpiRoute } from './ocpi-route.ts';
import { ocppRoute } from './ocpp-route.ts';
import { previewRoute } from './preview.ts';
import { parseTariff } from './parse.ts';
import { failTariff } from './errors.ts';
import type { TariffTables } from './migrations.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { sayChanged } from './say-changed.ts';
import { newestVersion, saveVersion, type Db } from './versions.ts';

export type TariffContext = Pick<
  Context<unknown, unknown, Record<never, never>, Record<never, never>, TariffTables>,
  'db' | 'transaction' | 'random' | 'clock' | 'emit'
>;

const shownAssignment = z.object({
  to: z.string(),
  id: z.string().optional(),
  from: z.string().optional(),
  until: z.string().optional(),
});
const affected = z.object({ evses: z.number().int(), connectors: z.number().int() });
const shownVersion = z
  .object({
    tariff: z.record(z.string(), z.unknown()),
    version: z.number().int(),
    createdAt: z.string(),
    createdBy: z.string().nullable(),
  })
  .openapi('TariffVersion');
const shown = shownVersion
  .extend({
    assign: z.array(shownAssignment),
    affects: affected.optional().openapi({ description: 'EVSEs and connectors that the assignments reach' }),
  })
  .openapi('Tariff');
type Shown = z.input<typeof shown>;

const posted = z.looseObject({
  assign: z.array(assignment).max(10_000).optional().openapi({
    description: 'Takes the place of what it is assigned to; left out, that stays as it is',
  }),
});
const id = z.object({ id: z.string().max(64) });
const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(64).optional(),
});
/** Taken by routes of their own. */
const RESERVED: readonly string[] = ['price', 'preview', 'backtest', 'explain', 'in-force'];

const columns = ['id', 'version', 'body', 'created_at', 'created_by'] as const;
const versionShown = (row: Pick<TariffTables['tariff'], (typeof columns)[number]>) => ({
  tariff: { ...row.body },
  version: row.version,
  createdAt: row.created_at.toISOString(),
  createdBy: row.created_by,
});

async function show(db: Db, tenant: TenantId, tariff: string): Promise<Shown> {
  const row = await db
    .selectFrom('tariff')
    .select(columns)
    .where('id', '=', tariff)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) throw failTariff('tariff-unknown', `there is no tariff "${tariff}"`);
  const assigned = (await assignmentsOf(db, [tariff])).get(tariff) ?? [];
  return { ...versionShown(row), assign: [...assigned], affects: await affectedBy(db, tenant, assigned) };
}

/** Another version, or another assignment, is another tag. */
const etag = ({ version, assign: assigned }: Shown): string => tagOf([version, assigned]);

function unchanged(tariff: string, before: Shown | undefined, ifMatch: string | undefined): void {
  if (isUnchanged(ifMatch, before && etag(before))) return;
  throw failTariff(
    'tariff-changed',
    before === undefined
      ? `there is no tariff "${tariff}", and the change is to one that has the tag "${ifMatch}"`
      : `the tariff "${tariff}" is at version ${before.version} with another tag than "${ifMatch}"`,
  );
}

/** Tariffs: each POST of a known id is its next version; who changed what is in the audit, before and after. */
const tariffRoutes = ({ db, transaction, random, clock, emit }: TariffContext) => {
  const made = (): string => newId(random);
  return [
    jsonRoute(
      {
        method: 'get',
        path: '/',
        summary: 'Tariffs by id, the newest version of each',
        query: pageQuery,
        gives: z.object({ items: z.array(shown), next: z.string().nullable() }),
      },
      ({ tenant, query: { limit, cursor } }) =>
        transaction(tenant, async (tx) => {
          const rows = await db(tx)
            .selectFrom('tariff')
            .distinctOn('id')
            .select(columns)
            .where('id', '>', cursor ?? '')
            .orderBy('id')
            .orderBy('version', 'desc')
            .limit(limit + 1)
            .execute();
          const page = rows.slice(0, limit);
          const assigned = await assignmentsOf(
            db(tx),
            page.map((row) => row.id),
          );
          return {
            items: page.map((row) => ({ ...versionShown(row), assign: [...(assigned.get(row.id) ?? [])] })),
            next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
          };
        }),
    ),
    jsonRoute(
      { method: 'get', path: '/{id}', summary: 'One tariff, its newest version', params: id, gives: shown, etag },
      ({ tenant, params }) => transaction(tenant, (tx) => show(db(tx), tenant, params.id)),
    ),
    jsonRoute(
      {
        method: 'get',
        path: '/{id}/versions',
        summary: 'All versions of a tariff, newest first',
        params: id,
        query: z.object({
          limit: z.coerce.number().int().min(1).max(200).default(50),
          cursor: z.coerce.number().int().positive().optional(),
        }),
        gives: z.object({ items: z.array(shownVersion), next: z.string().nullable() }),
      },
      ({ tenant, params, query: { limit, cursor } }) =>
        transaction(tenant, async (tx) => {
          const rows = await db(tx)
            .selectFrom('tariff')
            .select(columns)
            .where('id', '=', params.id)
            .$if(cursor !== undefined, (it) => it.where('version', '<', cursor ?? 0))
            .orderBy('version', 'desc')
            .limit(limit + 1)
            .execute();
          if (rows.length === 0 && cursor === undefined)
            throw failTariff('tariff-unknown', `there is no tariff "${params.id}"`);
          const page = rows.slice(0, limit);
          return {
            items: page.map(versionShown),
            next: rows.length > limit ? String(page.at(-1)?.version) : null,
          };
        }),
    ),
    jsonRoute(
      {
        method: 'get',
        path: '/{id}/versions/{version}',
        summary: 'One version of a tariff',
        params: id.extend({ version: z.coerce.number().int().positive() }),
        gives: shownVersion,
      },
      ({ tenant, params }) =>
        transaction(tenant, async (tx) => {
          const row = await db(tx)
            .selectFrom('tariff')
            .select(columns)
            .where('id', '=', params.id)
            .where('version', '=', params.version)
            .executeTakeFirst();
          if (row === undefined)
            throw failTariff('tariff-unknown', `there is no version ${params.version} of a tariff "${params.id}"`);
          return versionShown(row);
        }),
    ),
    jsonRoute(
      {
        method: 'post',
        path: '/',
        summary: 'A new tariff, or the next version of one; with If-Match only where nobody else changed it',
        body: posted,
        gives: shown,
        status: 201,
        etag,
      },
      ({ tenant, actor, ifMatch, changed, body: { assign: assignments, ...rest } }) => {
        const body = parseTariff(rest);
        if (RESERVED.includes(body.id)) throw fail('invalid-input', `id: "${body.id}" is the name of a route`);
        return transaction(tenant, async (tx) => {
          const own = db(tx);
          await oneAtATime(own, tenant, `tariff ${body.id}`);
          const known = await newestVersion(own, body.id);
          const before = known === undefined ? undefined : await show(own, tenant, body.id);
          unchanged(body.id, before, ifMatch);
          const at = clock.now();
          await saveVersion(own, { tenant, body, at, actor });
          if (assignments !== undefined) await assign(own, { tenant, tariff: body.id, assignments, at, newId: made });
          const after = await show(own, tenant, body.id);
          await sayChanged({ emit }, tx, body.id);
          changed({ subject: body.id, before, after });
          return after;
        });
      },
    ),
    jsonRoute(
      {
        method: 'put',
        path: '/{id}/assign',
        summary: 'What a tariff is assigned to, without a new version; an empty list takes it out of force',
        params: id,
        body: z.object({ assign: z.array(assignment).max(10_000) }),
        gives: shown,
        etag,
      },
      ({ tenant, params, ifMatch, changed, body: { assign: assignments } }) =>
        transaction(tenant, async (tx) => {
          const own = db(tx);
          await oneAtATime(own, tenant, `tariff ${params.id}`);
          const before = await show(own, tenant, params.id);
          unchanged(params.id, before, ifMatch);
          await assign(own, { tenant, tariff: params.id, assignments, at: clock.now(), newId: made });
          const after = await show(own, tenant, params.id);
          await sayChanged({ emit }, tx, params.id);
          changed({ subject: params.id, before: before.assign, after: after.assign });
          return after;
        }),
    ),
    jsonRoute(
      {
        method: 'post',
        path: '/affected',
        summary: 'How many EVSEs and connectors an assignment would reach',
        body: z.object({ assign: z.array(assignment).max(10_000) }),
        gives: affected,
      },
      ({ tenant, body }) => transaction(tenant, (tx) => affectedBy(db(tx), tenant, body.assign)),
    ),
  ];
};

export const tariffRouteGroup = (context: TariffContext): RouteGroup =>
  apiRoutes(
    explainRoute(context),
    previewRoute(context),
    backtestRoute(context),
    ocpiRoute(context),
    ocppRoute(context),
    inForceRoute(context),
    ...basisRoutes(context),
    ...tariffRoutes(context),
  );
