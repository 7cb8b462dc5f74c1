import { jsonRoute, z, type JsonRoute } from '@plugga/kit';
import { failTariff } from './errors.ts';
import { ocpiVersions, ocpiTariff } from './price/ocpi-tariff.ts';
import type { TariffContext } from './routes.ts';

const words = z.object({ sv: z.string(), en: z.string() });

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
          onlyInText: z
            .array(z.object({ path: z.string(), text: words }))
            .openapi({ description: 'Rules that OCPI has no words for: the tariff_alt_text says them' }),
        })
        .openapi('OcpiTariff'),
    },
    async ({ tenant, params: { id }, query: { version: ocpi, of } }) => {
      const row = await transaction(tenant, (tx) =>
        db(tx)
          .selectFrom('tariff')
          .select(['version', 'body', 'created_at'])
          .where('id', '=', id)
          .$if(of !== undefined, (it) => it.where('version', '=', of ?? 0))
          .orderBy('version', 'desc')
          .limit(1)
          .executeTakeFirst(),
      );
      if (row === undefined)
        throw failTariff(
          'tariff-unknown',
          `there is no ${of === undefined ? '' : `version ${of} of a `}tariff "${id}"`,
        );
      const { tariff, onlyInText } = ocpiTariff(row.body, { ocpi, changedAt: row.created_at.toISOString() });
      return { ocpi, version: row.version, tariff, onlyInText: [...onlyInText] };
    },
  );
