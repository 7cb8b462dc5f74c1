import { iso, type Instant, type StationId, type TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import type { StationCredentials } from '../charger/face.ts';
import type { Clock, Random } from '../ports.ts';
import type { StationStore } from '../station/registry.ts';
import { createStation, findByIdentity, findById, type StationRecord } from './stations.ts';
import type { Db, Transact } from './transact.ts';

/** How many unknown identities are kept: the newest. */
const KNOCKING_KEPT = 200;

/** What the live part of the core reads and writes of station rows. */
export function createStationStore(o: {
  /** Sees the stations of all tenants: whose a station is, is what is found out here. */
  readonly system: Db;
  readonly transact: Transact;
  readonly clock: Clock;
  readonly random: Random;
  /** Where stations are put that are let in without being known: PLUGGA_ONBOARDING=open. */
  readonly homeTenant: TenantId;
}): StationStore {
  const { system, transact, clock, random } = o;
  const now = () => iso(clock.now());
  const update = (station: StationId) => ({
    set: (
      values: Partial<{
        online: boolean;
        vendor: string;
        model: string;
        firmware: string | null;
        serial: string | null;
      }>,
    ) => system.updateTable('core.station_row').set(values).where('id', '=', station).execute(),
  });
  return {
    find: async (identity) => credentialsOf(await findByIdentity(system, identity)),
    findById: async (station) => credentialsOf(await findById(system, station)),
    adopt: async (identity) => {
      const known = await findByIdentity(system, identity);
      const station =
        known ??
        (await transact(o.homeTenant, async (db) => {
          // Two connections of an unknown station at once: the second one finds what the first has made.
          await sql`select pg_advisory_xact_lock(hashtextextended(${`adopt ${identity}`}, 0))`.execute(db);
          const made = await findByIdentity(db, identity);
          if (made !== undefined) return made;
          const location = await db
            .selectFrom('core.location_row')
            .select('id')
            .orderBy('created_at')
            .orderBy('id')
            .limit(1)
            .executeTakeFirst();
          return createStation(
            db,
            { tenant: o.homeTenant, identity, allowInsecure: true, location: location?.id ?? null },
            random,
          );
        }));
      return credentials(station);
    },
    knocked: async (identity, { address, protocols }) => {
      await system
        .insertInto('core.knocking')
        .values({ identity, address, protocols, times: 1, first_at: now(), last_at: now() })
        .onConflict((conflict) =>
          conflict
            .column('identity')
            .doUpdateSet({ address, protocols, times: sql`core.knocking.times + 1`, last_at: now() }),
        )
        .execute();
      await sql`delete from core.knocking where identity in
        (select identity from core.knocking order by last_at desc, identity offset ${KNOCKING_KEPT})`.execute(system);
    },
    nextGeneration: async (station, protocol) => {
      const row = await system
        .updateTable('core.station_row')
        .set({ generation: sql`generation + 1`, online: true, protocol, last_seen_at: now() })
        .where('id', '=', station)
        .returning('generation')
        .executeTakeFirstOrThrow();
      return row.generation;
    },
    offline: async (station, generation) => {
      await system
        .updateTable('core.station_row')
        .set({ online: false })
        .where('id', '=', station)
        .where('generation', '=', generation)
        .execute();
    },
    booted: async (station, boot) => {
      await update(station).set({
        ...(boot.vendor === undefined ? {} : { vendor: boot.vendor }),
        ...(boot.model === undefined ? {} : { model: boot.model }),
        firmware: boot.firmware ?? null,
        serial: boot.serial ?? null,
      });
    },
    seen: async (lastSeen) => {
      const stations = [...lastSeen.keys()];
      const times = stations.map((station) => iso(lastSeen.get(station) as Instant));
      await sql`update core.station_row s set last_seen_at = seen.at
        from unnest(${stations}::text[], ${times}::timestamptz[]) as seen(id, at)
        where s.id = seen.id and (s.last_seen_at is null or s.last_seen_at < seen.at)`.execute(system);
    },
    due: async (before, limit) => {
      const rows = await system
        .selectFrom('core.due')
        .select((eb) => ['station', eb.fn.min('due_at').as('first')])
        .where('due_at', '<=', new Date(before))
        .groupBy('station')
        .orderBy('first')
        .limit(limit)
        .execute();
      return rows.map((row) => row.station as StationId);
    },
  };
}

const credentialsOf = (station: StationRecord | undefined): StationCredentials | undefined =>
  station === undefined ? undefined : credentials(station);

const credentials = (station: StationRecord): StationCredentials => ({
  station: station.id,
  tenant: station.tenant,
  identity: station.identity,
  securityProfile: station.security_profile,
  allowInsecure: station.allow_insecure,
  disabled: station.disabled,
  keyHash: station.key_hash ?? undefined,
  keySalt: station.key_salt ?? undefined,
});
