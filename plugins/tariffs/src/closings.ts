import {
  type Billable,
  closingOf,
  columnsOf,
  insertOf,
  instantOf,
  type Recorded,
  type SessionId,
  type Shape,
  sql,
  type TenantId,
} from '@plugga/kit';
import type { Wanting } from './binder.ts';
import type { Db } from './versions.ts';

/** What a session closed with, or was corrected to. */
export interface Closing extends Wanting {
  readonly event: Recorded;
  readonly closing: Billable;
}

export const isEnd = (event: Recorded): boolean => closingOf(event) !== undefined;

/** What a session is priced with by its closing. */
export const wantingOf = (session: SessionId, closing: Billable): Wanting => {
  const { payer, channel, token, timeZone, offer } = closing;
  const { location, evseId, connectorId } = closing;
  const startedAt = instantOf(closing.startedAt);
  const visit = { place: { location, evseId, connectorId }, startedAt, payer, channel, group: token?.group };
  return { session, visit, token: token?.id, timeZone, offer };
};

export const closingsIn = (events: readonly Recorded[]): readonly Closing[] =>
  events.flatMap((event): Closing[] => {
    const { billable: closing, cdr } = closingOf(event) ?? {};
    const { session } = event;
    if (closing === undefined || cdr !== true || session === undefined) return [];
    return [{ ...wantingOf(session, closing), event, closing }];
  });

const shape: Shape = [
  ...columnsOf('text', 'session', 'tenant', 'location'),
  ...columnsOf('timestamptz', 'ended_at'),
  ...columnsOf('jsonb', 'billable'),
];

/** Keeps the last of each session: a draft of a tariff is tried on them. */
export async function keepClosings(db: Db, tenant: TenantId, closings: readonly Closing[]): Promise<void> {
  const last = new Map<SessionId, Closing>(closings.map((it) => [it.session, it]));
  if (last.size === 0) return;
  const rows = [...last.values()].map(({ session, closing }) => ({
    ...{ session, tenant, ended_at: closing.endedAt, location: closing.location ?? null, billable: closing },
  }));
  await sql`${insertOf('tariffs.closing', shape, rows)}
    on conflict (session) do update set ended_at = excluded.ended_at, billable = excluded.billable`.execute(db);
}
