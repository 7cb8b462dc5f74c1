import { instant, platformRestored, type StationId, type TenantId } from '@plugga/kit';
import type pg from 'pg';
import type { Kysely } from 'kysely';
import { createStore } from '../db/store.ts';
import { appRole } from '../db/migrations/guard.ts';
import { openDatabase } from '../db/open.ts';
import type { CoreTables } from '../db/tables.ts';
import { createTransactions } from '../db/transactions.ts';
import { newId } from '../id.ts';
import type { Clock, Random } from '../ports.ts';
import { recordChange } from '../site/audit.ts';
import { hmacOf, installationSecret } from '../site/installation.ts';
import { markAllOffline } from '../site/stations.ts';
import { handle } from '../station/handle.ts';
import { restore as stateOf } from '../station/restore.ts';
import { openSystem } from '../db/system.ts';
import type { Log } from '@plugga/kit';
import type { Header } from './format.ts';

/** Positions that events of the lost time had must never be given again: a reader outside goes on after the one it had. */
const positionsSkipped = 1_000_000_000n;

export interface MarkOptions {
  readonly url: string;
  readonly owner: { readonly kysely: Kysely<unknown>; readonly pool: pg.Pool };
  readonly header: Header;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly numbersAfter: number | undefined;
}

export interface Restore {
  readonly id: string;
  readonly backupAt: string;
  readonly restoredAt: string;
  readonly position: string;
  /** Sessions that were not closed: they may have ended, and been billed, meanwhile. */
  readonly unfinished: number;
}

/**
 * Says in the data themselves that they are a restored backup: to readers of the log, to plugins, to operators, and to each
 * session that was not closed, which is not billed by itself unless its own stop still comes.
 */
export async function markRestored(o: MarkOptions): Promise<Restore> {
  const { clock, random, header } = o;
  const id = newId(random);
  const now = clock.now();
  const position = BigInt(header.position);
  const resumedAfter = position + positionsSkipped;
  const system = openSystem({ url: o.url, max: 2 });
  const app = openDatabase<CoreTables>({ url: o.url, role: appRole, max: 1 });
  try {
    await markAllOffline(system.kysely);
    await system.kysely.deleteFrom('core.lease').execute();
    await system.kysely.deleteFrom('core.node').execute();
    await o.owner.pool.query(`select setval('core.event_log_id_seq', $1::bigint)`, [resumedAfter.toString()]);
    const tenants = await system.kysely.selectFrom('core.tenant').select('id').orderBy('id').execute();
    await system.kysely
      .insertInto('core.restore')
      .values({
        id,
        backup: header.id,
        backup_at: new Date(header.at),
        position: header.position,
        resumed_after: resumedAfter.toString(),
        restored_at: new Date(now),
        tenants: tenants.map((tenant) => tenant.id),
        numbers_after: o.numbersAfter?.toString() ?? null,
      })
      .execute();
    const said = {
      restore: id,
      backupAt: header.at,
      restoredAt: new Date(now).toISOString(),
      position: header.position,
    };
    const transactions = createTransactions({ pool: app.pool, clock, random });
    for (const tenant of tenants)
      await transactions.run(tenant.id as TenantId, { plugin: 'core' }, async (tx) => {
        const { type, v } = platformRestored;
        transactions.emit(tx, { plugin: 'core', type, v, data: said, subject: { stream: `tenant:${tenant.id}` } });
        const change = { tenant: tenant.id, actor: 'cli', action: 'platform.restored', subject: id, after: said };
        await recordChange(transactions.kyselyOf(tx), change);
      });
    const unfinished = await flagUnfinished(o, id, system.kysely);
    return { id, backupAt: header.at, restoredAt: said.restoredAt, position: header.position, unfinished };
  } finally {
    await Promise.all([system.close(), app.close()]);
  }
}

/** As a station's own actor would: through the fold, in one unit a station. */
async function flagUnfinished(o: MarkOptions, restore: string, db: Kysely<CoreTables>): Promise<number> {
  const { clock, random, log } = o;
  const store = createStore({ url: o.url, clock, random, log, readers: 1 });
  const hmac = hmacOf(await installationSecret(db, random));
  let flagged = 0;
  try {
    const stations = await db
      .selectFrom('core.session_row')
      .select(['station', 'tenant'])
      .distinct()
      .where('status', 'in', ['pending', 'active', 'ended'])
      .execute();
    for (const { station, tenant } of stations) {
      const state = stateOf(await store.load(station as StationId));
      const handled = handle(
        state,
        { kind: 'restored', restore },
        {
          tenant: tenant as TenantId,
          station: station as StationId,
          now: clock.now(),
          newId: () => newId(random),
          hmac,
          registration: state.registration ?? 'pending',
          heartbeatSeconds: 300,
          identityOf: () => ({ timeZone: 'UTC' }),
          quietSince: instant(clock.now()),
          online: false,
        },
      );
      const { events, sessions, due, dueGone } = handled;
      flagged += events.filter(({ type }) => type === 'session.flagged').length;
      await store.commit({
        ...{ id: newId(random), tenant: tenant as TenantId, station: station as StationId },
        ...{ firstSeq: handled.firstSeq, events, sessions, due, dueGone },
      });
    }
  } finally {
    await store.close();
  }
  return flagged;
}
