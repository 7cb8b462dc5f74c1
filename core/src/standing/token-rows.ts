import { instant, type Instant, type TenantId } from '@plugga/kit';
import type { DatabaseSync } from 'node:sqlite';
import type { TokenDecision } from '../station/input.ts';
import type { LocalToken } from '../token/local.ts';

/** A token of the database, with its match key: that is hashed here and goes no further. */
export interface KnownToken extends LocalToken {
  readonly tenant: TenantId;
  readonly matchKey: string;
  readonly createdAt: Instant;
}

export interface TokenRows {
  /** All of that value, oldest first, and when the database last had each so. */
  find(tenant: TenantId, matchKey: string): readonly (LocalToken & { readonly seenAt: Instant })[];
  keep(tokens: readonly KnownToken[], at: Instant, pass?: number): void;
  /** Those that the pass did not meet are erased. */
  endPass(pass: number): void;
  /** Erased: nothing of it stays in the file. */
  erase(id: string): void;
  /** What a plugin accepted last, and when. */
  accepted(key: string): { readonly decision: TokenDecision; readonly at: Instant } | undefined;
  accept(key: string, decision: TokenDecision, at: Instant): void;
  refuse(key: string): void;
}

/** Beyond this the ones that were accepted longest ago go. */
const ACCEPTED_KEPT = 50_000;
/** Counting them costs more than keeping a few too many. */
const COUNT_EVERY = 1_000;

interface Row {
  readonly id: string;
  readonly type: string;
  readonly last4: string;
  readonly holder: string | null;
  readonly status: string;
  readonly expires_at: number | null;
  readonly seen_at: number;
}

/** Tokens without their values: found by a keyed hash of what they are matched by. */
export function tokenRows(db: DatabaseSync, hmac: (text: string) => Uint8Array): TokenRows {
  const of = (text: string) => db.prepare(text);
  const byHash = of(
    'select id, type, last4, holder, status, expires_at, seen_at from token where hash = ? order by rank, id limit 20',
  );
  const put = of(`insert or replace into token
    (id, hash, type, last4, holder, status, expires_at, rank, seen_at, pass) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const left = of('delete from token where pass < ?');
  const remove = of('delete from token where id = ?');
  const accepted = of('select decision, at from accepted where key = ?');
  const accept = of('insert or replace into accepted values (?, ?, ?)');
  const refuse = of('delete from accepted where key = ?');
  const prune = of('delete from accepted where key in (select key from accepted order by at desc limit -1 offset ?)');
  let newestPass = (of('select coalesce(max(pass), 0) as pass from token').get() as { pass: number }).pass;
  let countIn = COUNT_EVERY;
  /** It is overwritten where it was, and in what waits to be written there. */
  const wipe = (run: () => void): void => {
    run();
    db.exec('pragma wal_checkpoint(truncate)');
  };
  const hashOf = (tenant: string, matchKey: string) => hmac(`standing ${tenant} ${matchKey}`).subarray(0, 16);
  return {
    find: (tenant, matchKey) =>
      (byHash.all(hashOf(tenant, matchKey)) as unknown as Row[]).map((row) => ({
        id: row.id,
        type: row.type,
        last4: row.last4,
        group: row.holder,
        status: row.status as LocalToken['status'],
        expiresAt: row.expires_at === null ? null : instant(row.expires_at),
        seenAt: instant(row.seen_at),
      })),
    keep: (tokens, at, pass) => {
      newestPass = Math.max(newestPass, pass ?? 0);
      for (const it of tokens)
        put.run(
          it.id,
          hashOf(it.tenant, it.matchKey),
          it.type,
          it.last4,
          it.group,
          it.status,
          it.expiresAt,
          it.createdAt,
          at,
          newestPass,
        );
    },
    endPass: (pass) => wipe(() => void left.run(pass)),
    erase: (id) => wipe(() => void remove.run(id)),
    accepted: (key) => {
      const row = accepted.get(key) as { decision: string; at: number } | undefined;
      return row === undefined
        ? undefined
        : { decision: JSON.parse(row.decision) as TokenDecision, at: instant(row.at) };
    },
    accept: (key, decision, at) => {
      accept.run(key, JSON.stringify(decision), at);
      if (--countIn > 0) return;
      countIn = COUNT_EVERY;
      prune.run(ACCEPTED_KEPT);
    },
    refuse: (key) => void refuse.run(key),
  };
}
