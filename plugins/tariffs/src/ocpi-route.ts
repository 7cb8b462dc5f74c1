import { jsonRoute, z, type JsonRoute } from '@plugga/kit';
import { ocpiVersions, ocpiTariff } from './price/ocpi-tariff.ts';
import type { TariffContext } from './routes.ts';
import { namedVersion } from './versions.ts';

/** Rules that a form has no words for, with the text that says them. */
export const saidInText = z.array(z.object({ path: z.string(), text: z.object({ sv: z.string(), en: z.string() }) }));

/** GET /tariffs/{id}/ocpi: the tariff as a partner who knows OCPI only gets it. */
export const ocpiRoute = ({ db, transaction }: TariffContext): JsonRoute =>
  jsonRoute(
    {
      method: 'get',
      path: '/{id}/ocpi',
      summary: 'A tariff in the shape of an OCPI version, and what it cannot say there but in its text',
      params: z.object({ id: z.string().max(64) }),
      query: z.object({
        version: z.enum(ocpiVersions).default('2.2.1'),
        of: z.coerce.number().int().positive().optional().openapi({ description: 'Of the tariff; the newest' }),
      }),
      gives: z
        .object({
          ocpi: z.enum(ocpiVersions),
          version: z.number().int(),
          tariff: z.record(z.string(), z.unknown()),
          onlyInText: saidInText.openapi({
            description: 'Rules that OCPI has no words for: the tariff_alt_text says them',
          }),
        })
        .openapi('OcpiTariff'),
    },
    async ({ tenant, params: { id }, query: { version: ocpi, of } }) => {
      const { version, body, madeAt } = await transaction(tenant, (tx) => namedVersion(db(tx), id, of));
      const { tariff, onlyInText } = ocpiTariff(body, { ocpi, changedAt: madeAt.toISOString() });
      return { ocpi, version, tariff, onlyInText: [...onlyInText] };
    },
  );
