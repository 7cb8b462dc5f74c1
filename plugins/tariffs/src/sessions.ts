import { anyOf, type Instant, type SessionId } from '@plugga/kit';
import type { Wanting } from './binder.ts';
import { claimOf, claimsOf } from './claims.ts';
import type { Db } from './versions.ts';

/** A session that charges, as the core shows it now. */
export interface RunningSession extends Wanting {
  readonly energyWh: number;
}

/** Of these sessions those that have started and not ended. */
export async function sessionsAt(
  db: Db,
  sessions: readonly SessionId[],
): Promise<ReadonlyMap<SessionId, RunningSession>> {
  if (sessions.length === 0) return new Map();
  const rows = await db
    .selectFrom('core.session as s')
    .leftJoin('core.token as t', 't.id', 's.token')
    .leftJoin('core.location as l', 'l.id', 's.location')
    .select(['s.id', 's.started_at', 's.energy_wh', 's.location', 's.evse_id', 's.connector_id', 's.token'])
    .select(['t.group_id', 'l.time_zone'])
    .where('s.id', '=', anyOf(sessions))
    .where('s.status', '=', 'active')
    .execute();
  const claims = await claimsOf(
    db,
    rows.map(({ id }) => id),
  );
  return new Map(
    rows.flatMap((row): [SessionId, RunningSession][] => {
      if (row.started_at === null) return [];
      const { payer, channel, group_id, offer } = claimOf(claims, row.id, row.token);
      const place = { location: row.location, evseId: row.evse_id, connectorId: row.connector_id };
      const startedAt = row.started_at.getTime() as Instant;
      const visit = { place, startedAt, payer, channel, group: row.group_id ?? group_id };
      const { token, energy_wh, time_zone } = row;
      return [
        [row.id, { session: row.id, visit, token, offer, timeZone: time_zone ?? 'UTC', energyWh: energy_wh ?? 0 }],
      ];
    }),
  );
}
