import {
  instantOf,
  sessionClosed,
  sessionCorrected,
  type Billable,
  type Recorded,
  type SessionId,
  type TenantId,
} from '@plugga/kit';
import { sql } from 'kysely';
import type { Wanting } from './binder.ts';
import type { Db } from './versions.ts';

/** What a session closed with, or was corrected to. */
export interface Closing extends Wanting {
  readonly event: Recorded;
  readonly closing: Billable;
}

export const isEnd = ({ type }: Recorded): boolean => type === sessionClosed.type || type === sessionCorrected.type;

/** The billable record of a closing that has a CDR. */
const billableOf = (event: Recorded): Billable | undefined => {
  if (event.type === sessionClosed.type) {
    const { cdr, billable } = (event as Recorded<typeof sessionClosed>).data;
    return cdr ? billable : undefined;
  }
  if (event.type === sessionCorrected.type) {
    const { cdr, after } = (event as Recorded<typeof sessionCorrected>).data;
    return cdr === false ? undefined : after;
  }
  return undefined;
};

export const closingsIn = (events: readonly Recorded[]): readonly Closing[] =>
  events.flatMap((event): Closing[] => {
    const closing = billableOf(event);
    const { session } = event;
    if (closing === undefined || session === undefined) return [];
    const { payer, channel, token, timeZone, offer } = closing;
    const { location, evseId, connectorId } = closing;
    const startedAt = instantOf(closing.startedAt);
    const visit = { place: { location, evseId, connectorId }, startedAt, payer, channel, group: token?.group };
    return [{ event, session, visit, token: token?.id, timeZone, offer, closing }];
  });

/** Keeps the last of each session: a draft of a tariff is tried on them. */
export async function keepClosings(db: Db, tenant: TenantId, closings: readonly Closing[]): Promise<void> {
  const last = new Map<SessionId, Closing>(closings.map((it) => [it.session, it]));
  if (last.size === 0) return;
  await db
    .insertInto('closing')
    .values(
      [...last.values()].map(({ session, closing }) => ({
        ...{ session, tenant, ended_at: new Date(closing.endedAt), location: closing.location ?? null },
        billable: JSON.stringify(closing) as never,
      })),
    )
    .onConflict((it) =>
      it.column('session').doUpdateSet({ ended_at: sql`excluded.ended_at`, billable: sql`excluded.billable` }),
    )
    .execute();
}
