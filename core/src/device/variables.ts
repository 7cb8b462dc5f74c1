import type { CommandResult, StationId, TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import type { Transactions } from '../plugins/face.ts';
import type { Clock } from '../ports.ts';
import type { Db } from '../site/transact.ts';
import type { Known, Written } from './drift.ts';

type Told = Pick<Extract<CommandResult, { readonly variables?: unknown }>, 'variables' | 'unknown' | 'outcomes'>;

/** What a station says of its variables is kept: values, that it has none of that name, and how it took our writing. */
export function createVariables(deps: { readonly transactions: Transactions; readonly clock: Clock }) {
  const { transactions, clock } = deps;
  return {
    keep: async (tenant: TenantId, station: StationId, told: Told): Promise<void> => {
      const { variables = [], unknown = [], outcomes = [] } = told;
      const read = [
        ...variables.map(({ name, value, readonly }) => ({ name, value: value ?? null, readonly, supported: true })),
        ...unknown.map((name) => ({ name, value: null, readonly: false, supported: false })),
      ];
      if (read.length === 0 && outcomes.length === 0) return;
      const updated_at = new Date(clock.now());
      await transactions.run(tenant, { plugin: 'core' }, async (tx) => {
        const db = transactions.kyselyOf(tx);
        if (read.length > 0)
          await db
            .insertInto('core.variable')
            .values(read.map((it) => ({ ...it, tenant, station, updated_at })))
            .onConflict((it) =>
              it.columns(['station', 'name']).doUpdateSet((set) => ({
                value: set.ref('excluded.value'),
                readonly: set.ref('excluded.readonly'),
                supported: set.ref('excluded.supported'),
                updated_at,
              })),
            )
            .execute();
        for (const { name, value, status } of outcomes)
          await db
            .updateTable('core.variable')
            .set({ written_value: value, written_status: status, written_at: updated_at })
            .where('station', '=', station)
            .where(sql<boolean>`lower(name) = lower(${name})`)
            .execute();
      });
    },
  };
}

/** All that is known of a station's variables, secrets too: not for showing. */
export async function knownOf(db: Db, station: string): Promise<readonly Known[]> {
  const rows = await db.selectFrom('core.variable').selectAll().where('station', '=', station).limit(5000).execute();
  return rows.map(({ name, value, readonly, supported, updated_at, written_value, written_status, written_at }) => ({
    ...{ name, value, readonly, supported, readAt: updated_at },
    written:
      written_status === null || written_at === null
        ? undefined
        : { value: written_value ?? '', status: written_status as Written['status'], at: written_at },
  }));
}
