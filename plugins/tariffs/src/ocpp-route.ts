import { jsonRoute, tariffType, z, type JsonRoute } from '@plugga/kit';
import { basesOf, movedBy } from './basis.ts';
import { failTariff } from './errors.ts';
import { saidInText } from './ocpi-route.ts';
import { toOcpp } from './price/to-ocpp.ts';
import type { TariffContext } from './routes.ts';
import { offerOf } from './version.ts';
import { namedVersion } from './versions.ts';

const ocppVersions = ['2.1'] as const;

/** GET /tariffs/{id}/ocpp: the tariff as a station that reckons itself is told it now, with what moves its price put in. */
export const ocppRoute = ({ db, transaction, clock }: TariffContext): JsonRoute =>
  jsonRoute(
    {
      method: 'get',
      path: '/{id}/ocpp',
      summary: 'A tariff as a station of OCPP 2.1 is told it now, and what it cannot say there but in its text',
      params: z.object({ id: z.string().max(64) }),
      query: z.object({
        version: z.enum(ocppVersions).default('2.1'),
        of: z.coerce.number().int().positive().optional().openapi({ description: 'Of the tariff; the newest' }),
      }),
      gives: z
        .object({
          ocpp: z.enum(ocppVersions),
          version: z.number().int(),
          tariff: z.record(z.string(), z.unknown()).openapi({ description: 'TariffType' }),
          onlyInText: saidInText.openapi({
            description: 'Rules that OCPP has no words for: its description says them',
          }),
        })
        .openapi('OcppTariff'),
    },
    ({ tenant, params: { id }, query: { version: ocpp, of } }) =>
      transaction(tenant, async (tx) => {
        const own = db(tx);
        const { madeAt: _, ...named } = await namedVersion(own, id, of);
        const moved = movedBy(named, (await basesOf(own, [id])).get(id), clock.now());
        const compiled = toOcpp({ id: offerOf(moved), body: moved.body });
        if ('refused' in compiled) throw failTariff('tariff-unsayable', compiled.refused);
        const { tariff, onlyInText } = compiled;
        return { ocpp, version: named.version, tariff: { ...tariffType(tariff) }, onlyInText: [...onlyInText] };
      }),
  );
