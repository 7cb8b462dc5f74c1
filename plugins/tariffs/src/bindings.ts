import {
  anyOf,
  columnsOf,
  insertOf,
  type PricedTotal,
  type SessionId,
  type Shape,
  sql,
  type TenantId,
} from '@plugga/kit';
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

const shape: Shape = [
  ...columnsOf('text', 'session', 'tenant', 'tariff', 'offer'),
  ...columnsOf('jsonb', 'total', 'detail'),
  ...columnsOf('integer', 'version'),
  ...columnsOf('boolean', 'final'),
];
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
    .where('session', '=', anyOf(sessions))
    .execute();
  return new Map(rows.map((row) => [row.session, row]));
}

/**
 * Binds sessions to their price for good and keeps final prices; a running price changes nothing of an earlier binding. Which of
 * them were written. In the order of their ids: two who bind the same sessions at once wait for each other, and never in a circle.
 */
export async function keepBindings(
  db: Db,
  tenant: TenantId,
  bindings: ReadonlyMap<SessionId, Bound>,
): Promise<ReadonlySet<SessionId>> {
  if (bindings.size === 0) return new Set();
  const rows = [...bindings]
    .map(([session, it]) => ({ session, tenant, ...it }))
    .toSorted((a, b) => (a.session < b.session ? -1 : 1));
  const kept = await sql<{ session: SessionId }>`${insertOf('tariffs.binding', shape, rows)}
    on conflict (session) do update set tariff = excluded.tariff, version = excluded.version, "offer" = excluded.offer,
      total = excluded.total, detail = excluded.detail, final = true
    where excluded.final
    returning session`.execute(db);
  return new Set(kept.rows.map(({ session }) => session));
}
