import { createRoute, z } from '@plugga/kit';
import { stationByIdentity } from '../../site/stations.ts';
import type { Charging } from '../../station/charging.ts';
import type { Snapshot } from '../../station/state.ts';
import { read } from '../change.ts';
import type { HttpDeps } from '../deps.ts';
import { router } from '../env.ts';
import { instantText, json } from '../openapi.ts';
import { identityParams } from './stations.ts';

const anything = z.record(z.string(), z.unknown());
const since = { since: instantText };
const evse = z.number().int().openapi({ description: '0 is the station' });
const chargingSchema = z
  .object({
    profiles: z
      .array(z.object({ id: z.number().int(), evse, purpose: z.string(), stackLevel: z.number().int() }))
      .openapi({ description: 'Of ours, as the station has taken or reported them' }),
    limits: z
      .array(
        z.object({
          ...{ evse, source: z.string(), ...since },
          gridCritical: z.boolean().optional(),
          localGeneration: z.boolean().optional(),
          schedules: z.array(anything).optional(),
        }),
      )
      .openapi({ description: 'What the grid or an energy manager holds it to, until it is cleared' }),
    needs: z
      .array(z.looseObject({ evse, needs: anything, decision: z.string(), ...since }))
      .openapi({ description: 'What the vehicle at each EVSE asked for last, and what it was told' }),
    vehicle: z.array(z.looseObject({ evse, schedule: anything, ...since })),
    priority: z.array(z.string()).openapi({ description: 'Transactions that charge by their priority profile' }),
    der: z
      .object({
        alarms: z.array(z.looseObject({ control: z.string(), fault: z.string().optional(), ...since })),
        following: z.array(z.object({ id: z.string(), ...since })),
        controls: z.array(z.looseObject({ id: z.string(), control: z.string(), values: anything })),
      })
      .openapi({ description: 'Rules of the grid code (OCPP 2.1)' }),
  })
  .openapi('StationCharging');

const list = <T>(of: readonly T[] | undefined): T[] => [...(of ?? [])];
const shown = ({
  profiles,
  charging = {},
}: Pick<Snapshot, 'profiles' | 'charging'>): z.output<typeof chargingSchema> => {
  const { limits, needs, vehicle, priority, alarms, following, rules }: Charging = charging;
  return {
    profiles: list(profiles),
    limits: list(limits),
    needs: list(needs),
    vehicle: list(vehicle),
    priority: list(priority),
    der: { alarms: list(alarms), following: list(following), controls: list(rules?.items) },
  };
};

/** What holds and drives charging at a station. */
export const chargingRoutes = (deps: HttpDeps) =>
  router().openapi(
    createRoute({
      method: 'get',
      path: '/stations/{identity}/charging',
      summary: 'Charging profiles, limits of others, what vehicles ask for, rules of the grid',
      request: { params: identityParams },
      responses: { 200: json(chargingSchema, 'As the station has told') },
    }),
    async (c) => {
      const found = await read(deps, c, async (db) => {
        const station = await stationByIdentity(db, c.req.valid('param').identity);
        const row = await db
          .selectFrom('core.stream')
          .select('state')
          .where('station', '=', station.id)
          .executeTakeFirst();
        return shown((row?.state ?? {}) as Pick<Snapshot, 'profiles' | 'charging'>);
      });
      return c.json(found, 200);
    },
  );
