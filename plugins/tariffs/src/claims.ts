import {
  anyOf,
  sessionAuthorized,
  sessionRequested,
  type Instant,
  type Recorded,
  type SessionId,
  type TenantId,
  isEvent,
} from '@plugga/kit';
import { sql } from 'kysely';
import type { Db } from './versions.ts';

/** What is known of who charges beside the session's row. */
export interface Claim {
  readonly offer: string | null;
  readonly channel: string | null;
  readonly payer: string | null;
  readonly group_id: string | null;
}

/** Keeps what requests and authorizations say of the price: most say nothing of it. */
export async function keepClaims(db: Db, tenant: TenantId, events: readonly Recorded[], at: Instant): Promise<void> {
  const rows = new Map<string, Claim & { readonly session: SessionId; readonly token: string }>();
  const add = (session: SessionId, token: string, said: Partial<Claim>): void => {
    const key = `${session} ${token}`;
    const known = rows.get(key) ?? { session, token, offer: null, channel: null, payer: null, group_id: null };
    rows.set(key, { ...known, ...said });
  };
  for (const event of events) {
    const { session } = event;
    if (session === undefined) continue;
    if (isEvent(sessionRequested, event)) {
      const { token, offer, channel } = event.data;
      if (offer !== undefined || channel !== undefined)
        add(session, token?.id ?? '', { offer: offer ?? null, channel: channel ?? null });
    } else if (isEvent(sessionAuthorized, event)) {
      const { token, payer } = event.data;
      if (payer !== undefined || token.group !== undefined)
        add(session, token.id, {
          ...(payer === undefined ? {} : { payer }),
          ...(token.group === undefined ? {} : { group_id: token.group }),
        });
    }
  }
  if (rows.size === 0) return;
  await db
    .insertInto('claim')
    .values([...rows.values()].map((row) => ({ ...row, tenant, created_at: new Date(at) })))
    .onConflict((it) =>
      it.columns(['session', 'token']).doUpdateSet({
        offer: sql`coalesce(excluded.offer, claim.offer)`,
        channel: sql`coalesce(excluded.channel, claim.channel)`,
        payer: sql`coalesce(excluded.payer, claim.payer)`,
        group_id: sql`coalesce(excluded.group_id, claim.group_id)`,
      }),
    )
    .execute();
}

/** By session and token, joined by a blank. */
export async function claimsOf(db: Db, sessions: readonly SessionId[]): Promise<ReadonlyMap<string, Claim>> {
  if (sessions.length === 0) return new Map();
  const rows = await db
    .selectFrom('claim')
    .select(['session', 'token', 'offer', 'channel', 'payer', 'group_id'])
    .where('session', '=', anyOf(new Set(sessions)))
    .execute();
  return new Map(rows.map((row) => [`${row.session} ${row.token}`, row]));
}

/** What was said for the session's own token, else for none in particular. */
export function claimOf(claims: ReadonlyMap<string, Claim>, session: SessionId, token: string | null): Claim {
  const own = claims.get(`${session} ${token ?? ''}`);
  const any = claims.get(`${session} `);
  return {
    offer: own?.offer ?? any?.offer ?? null,
    channel: own?.channel ?? any?.channel ?? null,
    payer: own?.payer ?? any?.payer ?? null,
    group_id: own?.group_id ?? any?.group_id ?? null,
  };
}
