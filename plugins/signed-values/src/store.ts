import { newId, sql, type CoreViews, type Random, type SessionId, type StationId, type Tx } from '@plugga/kit';
import type { Kysely } from 'kysely';
import type { SignedValueTables } from './migrations.ts';
import type { PublicKey } from './public-key.ts';
import type { Taken } from './taken.ts';

export type Db = Kysely<SignedValueTables & CoreViews>;
export type RecordRow = SignedValueTables['record'];

/** Keeps what is new; gives the sessions that have something new. */
export async function keepTaken(db: Db, tx: Tx, taken: readonly Taken[], random: Random): Promise<Set<SessionId>> {
  if (taken.length === 0) return new Set();
  const distinct = [...new Map(taken.map((it) => [`${it.session} ${it.sha256}`, it])).values()];
  const kept = await db
    .insertInto('record')
    .values(
      distinct.map((it) => ({
        ...{ id: newId(random), tenant: tx.tenant, session: it.session, station: it.station ?? null },
        ...{ value: it.value, sha256: it.sha256, format: it.format, context: it.context ?? null },
        ...{
          meter: it.meter ?? null,
          at: new Date(it.at),
          position: it.position,
          received_at: new Date(it.receivedAt),
        },
      })),
    )
    .onConflict((it) => it.columns(['session', 'sha256']).doNothing())
    .returning('session')
    .execute();
  await keepMeters(db, tx, distinct);
  const told = distinct.flatMap(({ station, told: key, meter, receivedAt }) =>
    station === undefined || key === undefined
      ? []
      : [{ station, name: 'record', key, serial: meter ?? null, seenAt: new Date(receivedAt) }],
  );
  await keepFound(db, tx, told);
  return new Set(kept.map(({ session }) => session));
}

async function keepMeters(db: Db, tx: Tx, taken: readonly Taken[]): Promise<void> {
  const last = new Map(taken.flatMap((it) => (it.meter === undefined ? [] : [[it.meter, it] as const])));
  if (last.size === 0) return;
  await db
    .insertInto('meter')
    .values(
      [...last].map(([serial, { station, receivedAt }]) => ({
        ...{ tenant: tx.tenant, serial, station: station ?? null },
        ...{ first_seen_at: new Date(receivedAt), last_seen_at: new Date(receivedAt) },
      })),
    )
    .onConflict((it) =>
      it.columns(['tenant', 'serial']).doUpdateSet((set) => ({
        station: set.ref('excluded.station'),
        first_seen_at: sql<Date>`coalesce(meter.first_seen_at, excluded.first_seen_at)`,
        last_seen_at: set.ref('excluded.last_seen_at'),
      })),
    )
    .execute();
}

export interface Found {
  readonly station: StationId;
  readonly name: string;
  readonly key: PublicKey;
  readonly serial: string | null;
  readonly seenAt: Date;
}

/** Keys that stations tell: shown to the operator, trusted by nobody. */
export async function keepFound(db: Db, tx: Tx, found: readonly Found[]): Promise<void> {
  const distinct = [...new Map(found.map((it) => [`${it.station} ${it.name} ${it.key.fingerprint}`, it])).values()];
  if (distinct.length === 0) return;
  await db
    .insertInto('found_key')
    .values(
      distinct.map(({ station, name, key, serial, seenAt }) => ({
        ...{ tenant: tx.tenant, station, name, fingerprint: key.fingerprint, spki: key.spki },
        ...{ curve: key.curve.name, serial, first_seen_at: seenAt, last_seen_at: seenAt },
      })),
    )
    .onConflict((it) =>
      it.columns(['station', 'name', 'fingerprint']).doUpdateSet((set) => ({
        serial: sql<string | null>`coalesce(excluded.serial, found_key.serial)`,
        last_seen_at: set.ref('excluded.last_seen_at'),
      })),
    )
    .execute();
}

/** The newest closing of each session. */
export const lastClosings = (db: Db, sessions: readonly SessionId[]) =>
  db
    .selectFrom('closing')
    .distinctOn('session')
    .selectAll()
    .where('session', 'in', sessions)
    .orderBy('session')
    .orderBy('position', 'desc')
    .execute();
