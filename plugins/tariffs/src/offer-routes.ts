import { apiRoutes, fail, jsonRoute, paged, pageOf, pageQuery, timeKeysetOf, z, type RouteGroup } from '@plugga/kit';
import { sql } from 'kysely';
import { failTariff } from './errors.ts';
import { makeOffer, offerShown, offersOf, type OfferRow } from './offers.ts';
import { findPlace } from './place.ts';
import type { TariffContext } from './routes.ts';

const words = z.object({ en: z.string(), sv: z.string() });
const limit = z.object({ exclVat: z.string(), inclVat: z.string().optional() });
const shown = z
  .object({
    id: z.string(),
    tariff: z.string(),
    version: z.number().int(),
    place: z.object({
      location: z.string().nullable(),
      evseId: z.string().nullable(),
      connectorId: z.string().nullable(),
    }),
    token: z.string().nullable(),
    channel: z.string().nullable(),
    shownAt: z.string(),
    validUntil: z.string(),
    valid: z.boolean(),
    shown: z.boolean().openapi({ description: 'False where it only keeps what a moving price was at a start' }),
    used: z.boolean().openapi({ description: 'Whether a session is priced with it' }),
    currency: z.string(),
    components: z
      .array(
        z.object({
          dimension: z.string(),
          text: words,
          unit: z.string(),
          exclVat: z.string(),
          inclVat: z.string(),
          vatPercent: z.string(),
          stepSize: z.number().int().optional(),
          when: words.optional(),
          now: z.boolean(),
          element: z.number().int().optional(),
        }),
      )
      .openapi({ description: 'In the order of AFIR Article 5: per kWh, per minute, per session, others' }),
    minPrice: limit.nullable(),
    maxPrice: limit.nullable(),
    idleGraceMinutes: z.string().nullable(),
    basis: z
      .object({
        name: z.string(),
        version: z.number().int(),
        apply: z.string(),
        price: z.string(),
        from: z.string().optional(),
        until: z.string().optional(),
      })
      .nullable()
      .openapi({ description: 'What moved the price a kWh' }),
  })
  .openapi('Offer');

const asked = z
  .strictObject({
    connectorId: z.string().max(64).optional(),
    evseId: z.string().max(64).optional(),
    location: z.string().max(64).optional(),
    station: z.string().max(255).optional().openapi({ description: 'Its OCPP identity, with `evse` and `connector`' }),
    evse: z.number().int().min(1).optional(),
    connector: z.number().int().min(1).optional(),
    token: z.string().max(64).optional().openapi({ description: "A token's id: the offer is for it alone" }),
    payer: z.string().max(255).optional().openapi({ description: 'Who will pay, as the authorization will say it' }),
    channel: z.enum(['adhoc', 'app', 'partner', 'operator']).optional(),
    validSeconds: z.number().int().min(30).max(86_400).default(900),
  })
  .refine(({ connectorId, evseId, location, station }) => [connectorId, evseId, location, station].some(Boolean), {
    path: ['connectorId'],
    message: 'or evseId, location or station: an offer is for a place',
  })
  .refine(({ station, evse, connector }) => station !== undefined || (evse === undefined && connector === undefined), {
    path: ['station'],
    message: 'evse and connector are numbers at a station',
  });

const listed = pageQuery.extend({
  cursor: z.string().max(200).optional(),
  place: z.string().max(64).optional().openapi({ description: 'The id of a connector, an EVSE or a location' }),
  token: z.string().max(64).optional(),
  tariff: z.string().max(64).optional(),
  valid: z.enum(['true', 'false']).optional(),
});

/** POST /api/v1/offers locks the price of this moment; what was shown is what is billed. */
export const offerRoutes = ({ db, transaction, random, clock }: TariffContext): RouteGroup =>
  apiRoutes(
    jsonRoute(
      {
        method: 'post',
        path: '/',
        summary: 'Shows the price for a place and locks it until it expires',
        body: asked,
        gives: shown,
        status: 201,
      },
      ({ tenant, actor, changed, body: { token, payer, channel, validSeconds, ...place } }) =>
        transaction(tenant, async (tx) => {
          const own = db(tx);
          const found = await findPlace(own, place);
          const group = token === undefined ? undefined : await groupOf(own, token);
          const at = clock.now();
          const row = await makeOffer(
            { db: own, tenant, at, actor, random },
            { ...found, token, payer, channel, group, validMs: validSeconds * 1000 },
          );
          changed({ subject: row.id, after: { tariff: row.tariff, version: row.version, place: row.place } });
          return offerShown(row, at);
        }),
    ),
    jsonRoute(
      {
        method: 'get',
        path: '/',
        summary: 'Offers, the newest first',
        query: listed,
        gives: pageOf(shown),
      },
      ({ tenant, query: { limit, cursor, place, token, tariff, valid } }) =>
        transaction(tenant, async (tx) => {
          const now = clock.now();
          const after = timeKeysetOf(cursor);
          const rows = (await db(tx)
            .selectFrom('offer')
            .selectAll()
            .$if(place !== undefined, (it) => it.where('place', '=', place ?? ''))
            .$if(token !== undefined, (it) => it.where('token', '=', token ?? ''))
            .$if(tariff !== undefined, (it) => it.where('tariff', '=', tariff ?? ''))
            .$if(valid === 'true', (it) => it.where('shown', '=', true).where('valid_until', '>', new Date(now)))
            .$if(valid === 'false', (it) =>
              it.where(({ or, eb }) => or([eb('shown', '=', false), eb('valid_until', '<=', new Date(now))])),
            )
            .$if(after !== undefined, (it) =>
              it.where(sql<boolean>`(shown_at, id) < (${after?.at}::timestamptz, ${after?.id})`),
            )
            .orderBy('shown_at', 'desc')
            .orderBy('id', 'desc')
            .limit(limit + 1)
            .execute()) as OfferRow[];
          return paged(
            rows,
            limit,
            (row) => [row.shown_at.toISOString(), row.id],
            (row) => offerShown(row, now),
          );
        }),
    ),
    jsonRoute(
      {
        method: 'get',
        path: '/{id}',
        summary: 'One offer',
        params: z.object({ id: z.string().max(64) }),
        gives: shown,
      },
      ({ tenant, params }) =>
        transaction(tenant, async (tx) => {
          const row = (await offersOf(db(tx), [params.id])).get(params.id);
          if (row === undefined) throw failTariff('offer-unknown', `there is no offer "${params.id}"`);
          return offerShown(row, clock.now());
        }),
    ),
  );

async function groupOf(db: ReturnType<TariffContext['db']>, token: string): Promise<string | null> {
  const row = await db.selectFrom('core.token').select('group_id').where('id', '=', token).executeTakeFirst();
  if (row === undefined) throw fail('not-found', `there is no token "${token}": name it by its id`);
  return row.group_id;
}
