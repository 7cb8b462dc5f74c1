import { logLock } from '@plugga/core/simulation';
import { tenantCreated } from '@plugga/kit';
import { bookkeeperOf } from './bookkeeper.ts';
import type { Slot } from './real-database.ts';

/** The cards at hand: those of the operator, one that it has blocked, and one of a roaming partner. */
export const TOKENS = { own: ['ABCD01', 'WXYZ02'], refused: 'BLOCKED3', roaming: 'ROAM0004' } as const;

export const tokenIdOf = (tenant: string, nth: number): string => `${tenant}-token-${nth}`;

/** An operator with its stations and tokens, as they are before anything happens. `head`: the log's newest position. */
export async function furnish(
  slot: Slot,
  tenant: string,
  stations: readonly { readonly id: string; readonly timeZone?: string | undefined }[],
  head: string,
): Promise<void> {
  await slot.query(
    `insert into core.tenant (id, name, country_code, party_id, currency, time_zone) values ($1, $1, 'SE', 'SIM', 'SEK', 'UTC')`,
    [tenant],
  );
  await slot.query(
    `insert into core.station_row (id, tenant, identity, allow_insecure, time_zone)
     select s, $1, s, true, z from unnest($2::text[], $3::text[]) as t(s, z)`,
    [tenant, stations.map((it) => it.id), stations.map((it) => it.timeZone ?? null)],
  );
  await slot.query(`insert into core.plugin_cursor (plugin, position, updated_at) values ($1, $2, now())`, [
    bookkeeperOf(tenant),
    head,
  ]);
  // Plugins hear of it as of any new tenant: that of tariffs gives it one to begin with.
  await slot.query(
    `with locked as materialized (select pg_advisory_xact_lock($3))
     insert into core.event_log (event_id, tenant, stream, seq, type, v, at, received_at, actor, data)
     select 'tenant ' || $1, $1, 'core:tenant:' || $1, 1, $2, 1, '2026-01-05T11:00:00Z', '2026-01-05T11:00:00Z', 'core',
       jsonb_build_object('name', $1::text, 'currency', 'SEK', 'starter', true)
     from locked`,
    [tenant, tenantCreated.type, logLock],
  );
  await slot.query(
    `insert into core.token_row (id, tenant, type, value, match_key, last4, status)
     select $1 || '-token-' || (n - 1), $1, 'ISO14443', v, v, right(v, 4), case when v = $3 then 'blocked' else 'accepted' end
     from unnest($2::text[]) with ordinality as t(v, n)`,
    [tenant, [...TOKENS.own, TOKENS.refused], TOKENS.refused],
  );
}
