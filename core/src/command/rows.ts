import type { CommandName, CommandResult, Instant, StationId, TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import type { Transactions } from '../plugins/face.ts';
import type { Clock } from '../ports.ts';
import { redact } from '../redact.ts';

export type Status = 'queued' | 'sent' | 'accepted' | 'rejected' | 'timeout' | 'failed' | 'done';

/** What is known of a command's effect. */
export type Seen =
  | { readonly state: 'awaited'; readonly until: Instant }
  | { readonly state: 'seen' | 'unseen'; readonly effect: string };

export interface Claimed {
  readonly station: StationId;
  readonly actor: string;
  readonly name: CommandName;
  readonly payload: Readonly<Record<string, unknown>>;
}

const SECRET: readonly string[] = ['setNetworkProfile', 'moveNetwork'];

/** The rows that tell the life of each command. */
export function commandRows(o: {
  readonly transactions: Transactions;
  readonly clock: Clock;
  /** The name of this node. */
  readonly node: string;
}) {
  const { transactions, clock } = o;
  const inTenant = <T>(tenant: TenantId, run: (db: ReturnType<Transactions['kyselyOf']>) => Promise<T>): Promise<T> =>
    transactions.run(tenant, { plugin: 'core' }, (tx) => run(transactions.kyselyOf(tx)));

  return {
    /** How it goes on, and how it ended; an end stands, whoever comes later. */
    write: (tenant: TenantId, id: string, status: Status, result?: CommandResult): Promise<void> =>
      inTenant(tenant, async (db) => {
        const open = sql<boolean>`status in ('queued', 'sent')`;
        await db
          .updateTable('core.command_row')
          .set({
            status: sql`case when ${open} then ${status} else status end`,
            updated_at: new Date(clock.now()),
            ...(result === undefined
              ? {}
              : {
                  result: JSON.stringify(result),
                  detail: sql`case when ${open} then ${result.detail ?? null} else detail end`,
                }),
          })
          .where('id', '=', id)
          .execute();
      }),

    /** An effect, once seen, is more than what was answered; what was not seen in time may yet be. */
    writeEffect: (tenant: TenantId, id: string, seen: Seen): Promise<void> =>
      inTenant(tenant, async (db) => {
        const update = db.updateTable('core.command_row').where('id', '=', id);
        if (seen.state === 'awaited')
          await update
            .set({ effect_state: 'awaited', effect_due_at: new Date(seen.until) })
            .where('effect_state', 'is', null)
            .execute();
        else if (seen.state === 'seen')
          await update
            .set({ status: 'done', effect: seen.effect, effect_state: 'seen', updated_at: new Date(clock.now()) })
            .execute();
        else
          await update
            .set({ effect: seen.effect, effect_state: 'unseen', updated_at: new Date(clock.now()) })
            .where((eb) => eb.or([eb('effect_state', 'is', null), eb('effect_state', '<>', 'seen')]))
            .execute();
      }),

    /** Whose it is to run: this node's, if nobody has begun with it. */
    claim: (tenant: TenantId, id: string): Promise<Claimed | undefined> =>
      inTenant(tenant, async (db) => {
        const row = await db
          .updateTable('core.command_row')
          .set({ status: 'sent', node: o.node, updated_at: new Date(clock.now()) })
          .where('id', '=', id)
          .where('status', '=', 'queued')
          .returning(['station', 'actor', 'name', 'payload'])
          .executeTakeFirst();
        if (row === undefined) return undefined;
        const { station, actor, name, payload } = row;
        // Passwords of networks are for the station alone, and it is asked once.
        if (SECRET.includes(name))
          await db
            .updateTable('core.command_row')
            .set({ payload: JSON.stringify(redact(payload)) })
            .where('id', '=', id)
            .execute();
        return {
          station: station as StationId,
          actor,
          name: name as CommandName,
          payload: payload as Claimed['payload'],
        };
      }),
  };
}
