import { createPublicKey } from 'node:crypto';
import { anyOf, type SessionId, type SignedVerdict } from '@plugga/kit';
import { curveOf } from './curves.ts';
import { openEnvelope } from './envelope.ts';
import { judge, type Claim, type Judged, type Policy } from './judge.ts';
import { readOcmf, type Ocmf } from './ocmf.ts';
import type { PublicKey } from './public-key.ts';
import type { Db, RecordRow } from './store.ts';
import { checkRecord, type RecordCheck } from './verify.ts';

/** A closing that somebody wants a word about. */
export interface Due {
  readonly session: SessionId;
  readonly claim: Claim;
}

/** One record with what was found about it: for the verdict, and for whoever looks at it. */
export interface Looked {
  readonly row: RecordRow;
  readonly record: Ocmf | undefined;
  readonly check: RecordCheck;
}

const keyOfRow = (row: { readonly spki: string; readonly fingerprint: string; readonly curve: string }): PublicKey => ({
  curve: curveOf(row.curve)!,
  ...{ spki: row.spki, fingerprint: row.fingerprint },
  key: createPublicKey({ key: Buffer.from(row.spki, 'hex'), format: 'der', type: 'spki' }),
});

/** Each closing with its verdict: a handful of statements, however many they are. */
export async function judgeAll(db: Db, due: readonly Due[], policy: Policy): Promise<readonly SignedVerdict[]> {
  const looked = await lookAt(db, due);
  const owners = await ownersOf(db, [...looked.values()].flat());
  return due.map(({ session, claim }) => {
    const judged = (looked.get(session) ?? []).map(({ row, record, check }): Judged => {
      const owner = owners.get(row.sha256) ?? session;
      return {
        ...{ id: row.id, sha256: row.sha256, format: row.format, check },
        ...(row.context === null ? {} : { context: row.context }),
        ...(record === undefined ? {} : { record }),
        ...(owner === session ? {} : { elsewhere: owner }),
      };
    });
    return judge(judged, claim, policy);
  });
}

/** The records of those sessions, checked against the keys that held at their time, in the order of the station. */
export async function lookAt(db: Db, due: readonly Due[]): Promise<ReadonlyMap<SessionId, readonly Looked[]>> {
  const sessions = [...new Set(due.map(({ session }) => session))];
  if (sessions.length === 0) return new Map();
  const rows = await db
    .selectFrom('record')
    .select(['id', 'tenant', 'session', 'station', 'value', 'sha256', 'format', 'context', 'meter'])
    .select(['at', 'position', 'received_at'])
    .where('session', '=', anyOf(sessions))
    .orderBy('at')
    .orderBy('position')
    .orderBy('id')
    .execute();
  const of = async <K extends string>(
    values: readonly (K | null)[],
    find: (some: K[]) => Promise<readonly KeyRow[]>,
  ) => {
    const some = [...new Set(values.filter((it) => it !== null))];
    return some.length === 0 ? [] : find(some);
  };
  const registered = await of(
    rows.map(({ meter }) => meter),
    (serials) =>
      db.selectFrom('meter_key').selectAll().where('serial', 'in', serials).where('withdrawn_at', 'is', null).execute(),
  );
  const told = await of(
    rows.map(({ station }) => station),
    (stations) => db.selectFrom('found_key').selectAll().where('station', 'in', stations).limit(1000).execute(),
  );
  const claims = new Map(due.map(({ session, claim }) => [session, claim]));
  const looked = new Map<SessionId, Looked[]>();
  for (const row of rows) {
    const keys = registered.filter((it) => it.serial === row.meter && held(it, claims.get(row.session)!));
    const strangers = told.filter((it) => it.station === row.station);
    const one = { row, ...checked(row, { keys, strangers }) };
    looked.set(row.session, [...(looked.get(row.session) ?? []), one]);
  }
  return looked;
}

interface KeyRow {
  readonly spki: string;
  readonly fingerprint: string;
  readonly curve: string;
  readonly serial: string | null;
  readonly station?: string;
  readonly valid_from?: Date | null;
  readonly valid_until?: Date | null;
}

/** Whether a key holds for any moment of the session. */
const held = ({ valid_from: from, valid_until: until }: KeyRow, claim: Claim): boolean =>
  (from == null || from.getTime() <= claim.endedAt) && (until == null || claim.startedAt < until.getTime());

function checked(
  { value, format }: RecordRow,
  { keys, strangers }: { readonly keys: readonly KeyRow[]; readonly strangers: readonly KeyRow[] },
): Pick<Looked, 'record' | 'check'> {
  const unverified = (code: 'unknown-format' | 'unreadable', detail: string): Pick<Looked, 'record' | 'check'> => ({
    record: undefined,
    check: { result: 'unverified', reasons: [{ code, detail }] },
  });
  const { text, said } = openEnvelope(value);
  if (format !== 'OCMF')
    return unverified(
      'unknown-format',
      `${format}${said === undefined ? '' : ` (the station says ${said.slice(0, 50)})`} is kept, not checked`,
    );
  const read = readOcmf(text);
  if (!read.ok) return unverified('unreadable', read.reason);
  return { record: read.record, check: checkRecord(read.record, keys.map(keyOfRow), strangers.map(keyOfRow)) };
}

/** The session that had the same bytes first: a record proves one of them at most. */
async function ownersOf(db: Db, looked: readonly Looked[]): Promise<ReadonlyMap<string, SessionId>> {
  const hashes = [...new Set(looked.map(({ row }) => row.sha256))];
  if (hashes.length === 0) return new Map();
  const rows = await db
    .selectFrom('record')
    .distinctOn('sha256')
    .select(['sha256', 'session'])
    .where('sha256', 'in', hashes)
    .orderBy('sha256')
    .orderBy('position')
    .execute();
  return new Map(rows.map(({ sha256, session }) => [sha256, session]));
}
