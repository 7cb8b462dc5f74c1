import { statSync } from 'node:fs';
import type { Instant } from '@plugga/kit';
import { DatabaseSync } from 'node:sqlite';
import { SCHEMA_VERSION } from './file.ts';

/** What a standing file holds. */
export interface StandingContent {
  readonly stations: number;
  /** Those of them whose state is in it too: the others are closed with 1013 while the database is away. */
  readonly states: number;
  readonly tokens: number;
  /** Tokens of others that a plugin has accepted. */
  readonly accepted: number;
}

/** What there is to say of a standing file, read when somebody asks. */
export interface StandingFigures extends StandingContent {
  /** With what SQLite keeps beside it. */
  readonly bytes: number;
  /** When it was last told something; undefined before the first time. */
  readonly writtenAt: Instant | undefined;
  readonly inStepAt: Instant | undefined;
  /** Undefined while it is in use; else why not. */
  readonly fault: string | undefined;
  /** How often it was given up since the start. */
  readonly givenUp: number;
}

export const nothingIn: StandingContent = { stations: 0, states: 0, tokens: 0, accepted: 0 };

export function contentOf(db: DatabaseSync): StandingContent {
  const row = db
    .prepare(
      `select (select count(*) from station) as stations, (select count(*) from stream) as states,
        (select count(*) from token) as tokens, (select count(*) from accepted) as accepted`,
    )
    .get() as unknown as StandingContent;
  return { ...row };
}

/** Size and last change of the file as it lies there; undefined where there is none. */
export function standingOnDisk(path: string): { readonly bytes: number; readonly changedAt: number } | undefined {
  const main = statSync(path, { throwIfNoEntry: false });
  if (main === undefined) return undefined;
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false });
  return { bytes: main.size + (log?.size ?? 0), changedAt: Math.max(main.mtimeMs, log?.mtimeMs ?? 0) };
}

/** A file that nobody has opened, or why that cannot be said: a platform runs on it, or what lies there cannot be read. */
export type StandingInspected =
  | (StandingContent & {
      readonly kind: 'whole';
      readonly inStepAt: Instant | undefined;
      readonly secret: Buffer | undefined;
    })
  | { readonly kind: 'inUse' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** SQLITE_BUSY */
const BUSY = 5;

/** Looks into the file without changing what it holds. */
export function inspectStanding(path: string): StandingInspected {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { readOnly: true });
    const about = new Map(
      (db.prepare('select key, value from about').all() as unknown as { key: string; value: string }[]).map(
        ({ key, value }) => [key, value],
      ),
    );
    if (about.get('version') !== SCHEMA_VERSION) return { kind: 'unreadable', why: 'it is of another version' };
    const health = db.prepare('pragma quick_check(1)').get() as { quick_check: string };
    if (health.quick_check !== 'ok') return { kind: 'unreadable', why: health.quick_check };
    const step = about.get('in_step_at');
    const secret = about.get('secret');
    return {
      kind: 'whole',
      ...contentOf(db),
      inStepAt: step === undefined ? undefined : (Number(step) as Instant),
      secret: secret === undefined ? undefined : Buffer.from(secret, 'base64'),
    };
  } catch (error) {
    if ((error as { errcode?: number }).errcode === BUSY) return { kind: 'inUse' };
    return { kind: 'unreadable', why: error instanceof Error ? error.message : String(error) };
  } finally {
    if (db?.isOpen === true) db.close();
  }
}
