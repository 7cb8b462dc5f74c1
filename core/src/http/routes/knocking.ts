import { createRoute, fail, z, pageOf, pageQuery } from '@plugga/kit';
import { sql } from 'kysely';
import { locationById } from '../../site/locations.ts';
import { hashStationKey, makeStationKey } from '../../site/station-key.ts';
import { createStation } from '../../site/stations.ts';
import { change, read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router, type ApiContext } from '../env.ts';
import { listedBy } from '../list.ts';
import { body, instantText, json } from '../openapi.ts';
import { identityParams } from './stations.ts';
import { stationSchema, stationShown } from './station-schema.ts';

const knocking = z
  .object({
    identity: z.string(),
    address: z.string().nullable(),
    protocols: z.string().nullable(),
    times: z.number().int(),
    firstAt: instantText,
    lastAt: instantText,
  })
  .openapi('KnockingStation');

const adoption = z.strictObject({
  location: z.string().nullable().optional(),
  /** Without a key: whoever knows the identity is the station. */
  allowInsecure: z.boolean().default(false),
});

/** Unknown stations that tried to connect. Nobody knows whose they are: the tenant that runs the installation sees and adopts them. */
export const knockingRoutes = (deps: HttpDeps) => {
  const atHome = (c: ApiContext) => c.get('caller').tenant === deps.installation.homeTenant;
  return router()
    .openapi(
      createRoute({
        method: 'get',
        path: '/knocking',
        summary: 'Unknown identities that tried to connect, the latest first',
        request: { query: pageQuery },
        responses: { 200: json(pageOf(knocking), 'At most the 200 newest are kept') },
      }),
      async (c) => {
        const page = await read(deps, c, (db) =>
          listedBy(
            db
              .selectFrom('core.knocking')
              .select(['identity', 'address', 'protocols', 'times', 'first_at', 'last_at'])
              .where(sql<boolean>`${atHome(c)}`),
            { newest: 'last_at', id: 'identity', of: 'all' },
            c.req.valid('query'),
            (row) => ({
              identity: row.identity,
              address: row.address,
              protocols: row.protocols,
              times: row.times,
              firstAt: row.first_at.toISOString(),
              lastAt: row.last_at.toISOString(),
            }),
          ),
        );
        return c.json(page, 200);
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/knocking/{identity}/adopt',
        summary: 'Makes the unknown identity a station; its key is shown once',
        request: { params: identityParams, body: { ...body(adoption), required: false } },
        responses: { 201: json(stationSchema.extend({ key: z.string().nullable() }), 'The station and its key') },
      }),
      async (c) => {
        const { identity } = c.req.valid('param');
        const { location = null, allowInsecure = false } = c.req.valid('json') ?? {};
        const adopted = await change(deps, c, {
          action: 'station.adopted',
          status: 201,
          run: async (db, tx) => {
            const known = await db
              .selectFrom('core.knocking')
              .select('identity')
              .where('identity', '=', identity)
              .executeTakeFirst();
            if (known === undefined || !atHome(c)) throw fail('not-found', `no station "${identity}" is knocking`);
            if (location !== null) await locationById(db, location);
            const key = allowInsecure ? null : makeStationKey(deps.random);
            const station = await createStation(
              db,
              {
                tenant: c.get('caller').tenant,
                identity,
                location,
                securityProfile: allowInsecure ? 0 : 1,
                allowInsecure,
                credentials: key === null ? undefined : hashStationKey(key, deps.installation.secret, deps.random),
              },
              deps.random,
            );
            deps.transactions.afterCommit(tx, () => deps.live.stationChanged(station));
            const after = stationShown(station, [], deps.publicUrl());
            return { subject: identity, after, body: { ...after, key } };
          },
        });
        return c.json(adopted, 201);
      },
    );
};
