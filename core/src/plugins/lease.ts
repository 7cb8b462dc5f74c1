import type { Random } from '@plugga/kit';
import { type Kysely, sql } from 'kysely';
import type { CoreTables } from '../db/tables.ts';

/** One runner in the cluster, by rows of `core.lease` and the database's own clock. */
export interface Leases {
  /**
   * True for one caller a slot (a job's planned moment), and only while nobody holds the name. Held for `holdMs` unless
   * renewed, so that a runner that died lets go.
   */
  take(name: string, slot: string, holdMs: number): Promise<boolean>;
  renew(name: string, holdMs: number): Promise<void>;
  release(name: string): Promise<void>;
}

/** How long it is remembered that a slot was taken: longer than nodes' clocks differ. */
const slotMs = 3_600_000;

export function createLeases(db: Kysely<CoreTables>, random: Random): Leases {
  const owner = Buffer.from(random.bytes(12)).toString('base64url');
  const until = (ms: number) => sql`now() + ${ms} * interval '1 millisecond'`;
  return {
    async take(name, slot, holdMs) {
      const { rows } = await sql<{ taken: boolean }>`
        with slot as (
          insert into core.lease (name, owner, until) values (${`${name}@${slot}`}, ${owner}, ${until(slotMs)})
          on conflict (name) do nothing returning 1
        ), held as (
          insert into core.lease (name, owner, until) select ${name}, ${owner}, ${until(holdMs)} from slot
          on conflict (name) do update set owner = excluded.owner, until = excluded.until
            where lease.until < now() returning 1
        )
        select exists (select from held) as taken`.execute(db);
      return rows[0]?.taken === true;
    },
    async renew(name, holdMs) {
      await sql`update core.lease set until = ${until(holdMs)} where name = ${name} and owner = ${owner}`.execute(db);
    },
    async release(name) {
      await sql`delete from core.lease where (name = ${name} and owner = ${owner})
                or (name like ${`${name}@%`} and until < now())`.execute(db);
    },
  };
}
