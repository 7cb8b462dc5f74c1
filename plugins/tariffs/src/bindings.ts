import type { PricedTotal, SessionId, TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import type { PriceDetail } from './migrations.ts';
import type { Db } from './versions.ts';

/** What a session is priced with, and the last final price made. */
export interface Bound {
  readonly tariff: string;
  readonly version: number;
  readonly offer: string | null;
  readonly total: PricedTotal | null;
  readonly final: boolean;
  readonly detail: PriceDetail | null;
}

const columns = ['session', 'tariff', 'version', 'offer', 'total', 'final', 'detail'] as const;

export async function bindingOf(db: Db, session: SessionId): Promise<Bound | undefined> {
  const row = await db.selectFrom('binding').select(columns).where('session', '=', session).executeTakeFirst();
  return row && { ...row, total: row.total as PricedTotal | null };
}

export type Binding = Pick<Bound, 'tariff' | 'version' | 'offer'>;

export async function bindingsOf(db: Db, sessions: readonly SessionId[]): Promise<ReadonlyMap<SessionId, Binding>> {
  if (sessions.length === 0) return new Map();
  const rows = await db
    .selectFrom('binding')
    .select(['session', 'tariff', 'version', 'offer'])
    .where('session', 'in', [...new Set(sessions)])
    .execute();
  return new Map(rows.map((row) => [row.session, row]));
}

/** Binds sessions to their price for good and keeps final prices; a running price changes nothing of an earlier binding. */
export async function keepBindings(db: Db, tenant: TenantId, bindings: ReadonlyMap<SessionId, Bound>): Promise<void> {
  if (bindings.size === 0) return;
  const json = (value: unknown) => (value === null ? null : (JSON.stringify(value) as never));
  await db
    .insertInto('binding')
    .values(
      [...bindings].map(([session, { total, detail, ...bound }]) => ({
        ...{ session, tenant, ...bound },
        ...{ total: json(total), detail: json(detail) },
      })),
    )
    .onConflict((it) =>
      it
        .column('session')
        .doUpdateSet({
          ...{ tariff: sql`excluded.tariff`, version: sql`excluded.version`, offer: sql`excluded.offer` },
          ...{ total: sql`excluded.total`, detail: sql`excluded.detail`, final: true },
        })
        .where(sql<boolean>`excluded.final`),
    )
    .execute();
}
