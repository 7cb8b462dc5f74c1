import { instant, iso, jsonRoute, z, type JsonRoute } from '@plugga/kit';
import { basesOf, movedBy } from './basis.ts';
import { tariffFor } from './choose.ts';
import { displayOf } from './display.ts';
import { failTariff } from './errors.ts';
import { findPlace } from './place.ts';
import type { TariffContext } from './routes.ts';

const words = z.object({ en: z.string(), sv: z.string() });
const inForce = z
  .object({
    tariff: z.string(),
    version: z.number().int(),
    by: z.string().openapi({ description: 'What it is assigned to: `connector`, `location`, `tenant`' }),
    at: z.string(),
    timeZone: z.string(),
    currency: z.string(),
    components: z.array(
      z.looseObject({
        ...{ dimension: z.string(), text: words, unit: z.string(), exclVat: z.string(), inclVat: z.string() },
        when: words.optional(),
        now: z.boolean().openapi({ description: 'Whether it is what a session that begins then pays first' }),
      }),
    ),
    basis: z.looseObject({ name: z.string(), price: z.string() }).nullable(),
  })
  .openapi('TariffInForce');

const asked = z
  .object({
    location: z.string().max(64).optional(),
    evseId: z.string().max(64).optional(),
    connectorId: z.string().max(64).optional(),
    group: z.string().max(255).optional(),
    payer: z.string().max(255).optional(),
    channel: z.enum(['adhoc', 'app', 'partner', 'operator']).optional(),
    at: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Now where it is left out' }),
  })
  .refine(({ location, evseId, connectorId }) => [location, evseId, connectorId].some(Boolean), {
    path: ['location'],
    message: 'or evseId or connectorId: a price is that of a place',
  });

/** GET /tariffs/in-force: the prices of a place at a minute. Unlike an offer it locks nothing. */
export const inForceRoute = ({ db, transaction, clock }: TariffContext): JsonRoute =>
  jsonRoute(
    {
      method: 'get',
      path: '/in-force',
      summary: 'Which tariff a session that begins at a place and a minute gets, and its prices; nothing is locked',
      query: asked,
      gives: inForce,
    },
    ({ tenant, query: { at: given, group, payer, channel, ...place } }) =>
      transaction(tenant, async (tx) => {
        const own = db(tx);
        const at = given === undefined ? clock.now() : instant(Date.parse(given));
        const { place: found, timeZone } = await findPlace(own, place);
        const chosen = await tariffFor(own, tenant, { place: found, group, payer, channel, startedAt: at });
        if (chosen === undefined)
          throw failTariff('offer-impossible', `no tariff is in force there at ${iso(at)}: assign one`);
        const basis = (await basesOf(own, [chosen.tariff.id])).get(chosen.tariff.id);
        const tariff = movedBy(chosen.tariff, basis, at);
        const { currency, components } = displayOf(tariff.body, at, { timeZone });
        return {
          ...{ tariff: tariff.id, version: tariff.version, by: chosen.by, at: iso(at), timeZone, currency },
          components: [...components],
          basis: tariff.basis ?? null,
        };
      }),
  );
