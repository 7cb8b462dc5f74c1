import { anyOf, type Recorded, type SessionId, type TenantId } from '@plugga/kit';
import { sql } from 'kysely';
import { foldRunning, nothing, type Needs, type Running } from './running.ts';
import type { Db } from './versions.ts';

/** What is known of each session so far, with what these events say put in and kept: nothing is read twice. */
export async function follow(
  db: Db,
  tenant: TenantId,
  sessions: ReadonlyMap<SessionId, { readonly needs: Needs; readonly events: readonly Recorded[] }>,
): Promise<ReadonlyMap<SessionId, Running>> {
  if (sessions.size === 0) return new Map();
  const rows = await db
    .selectFrom('running')
    .select(['session', 'state'])
    .where('session', '=', anyOf(sessions.keys()))
    .execute();
  const before = new Map(rows.map(({ session, state }) => [session, state as Running]));
  const after = new Map(
    [...sessions].map(([session, { needs, events }]) => [
      session,
      events.reduce<Running>((state, event) => foldRunning(state, event, needs), before.get(session) ?? nothing),
    ]),
  );
  const changed = [...after].filter(([session, state]) => state !== before.get(session) && state !== nothing);
  if (changed.length > 0)
    await db
      .insertInto('running')
      .values(changed.map(([session, state]) => ({ session, tenant, state: JSON.stringify(state) as never })))
      .onConflict((it) => it.column('session').doUpdateSet({ state: sql`excluded.state` }))
      .execute();
  return after;
}

/** What is closed is known from its closing. */
export async function forget(db: Db, sessions: readonly SessionId[]): Promise<void> {
  if (sessions.length === 0) return;
  await db
    .with('gone', (it) => it.deleteFrom('running').where('session', '=', anyOf(sessions)))
    .deleteFrom('claim')
    .where('session', '=', anyOf(sessions))
    .execute();
}
