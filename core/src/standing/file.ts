import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { fail } from '@plugga/kit';
import { DatabaseSync } from 'node:sqlite';

/**
 * The file itself. Nothing in it is waited for on disk: what a process wrote survives its own end, whatever that was, and
 * the machine's only if it was closed or the kernel had time. So the boot is recorded, and who opens it on another boot is
 * told that what changes with every message may be old.
 */
export interface StandingFile {
  readonly db: DatabaseSync;
  /** It was not closed before the machine went down: it is whole, but may be as it was some moments earlier. */
  readonly mayBeOld: boolean;
  /** Why an earlier file was thrown away. */
  readonly replaced: string | undefined;
  close(): void;
}

/** A file of another one is thrown away and made anew. */
export const SCHEMA_VERSION = '1';
/** Whoever only looks (`doctor`) is gone by then. */
const PATIENCE_MS = 1_000;
/** SQLITE_BUSY */
const BUSY = 5;

const schema = `
  create table about (key text primary key, value text not null) without rowid;
  create table station (
    id text primary key, identity text not null unique, tenant text not null, credentials text not null,
    generation integer not null default 0, places text, pass integer not null
  ) without rowid;
  create table stream (
    station text primary key, tenant text not null, next_seq integer not null, events_from integer not null, state text
  ) without rowid;
  create table session (
    station text not null, id text not null, over integer not null, listed_at integer not null, first_seq integer not null,
    value text not null, primary key (station, id)
  ) without rowid;
  create table unit (station text not null, seq integer not null, events text not null, primary key (station, seq)) without rowid;
  create table due (
    station text not null, key text not null, at integer not null, seq integer not null, primary key (station, key)
  ) without rowid;
  create table under_way (station text primary key, seq integer not null) without rowid;
  create table token (
    id text primary key, hash blob not null, type text not null, last4 text not null, holder text, status text not null,
    expires_at integer, rank integer not null, seen_at integer not null, pass integer not null
  ) without rowid;
  create index token_hash on token (hash);
  create table accepted (key text primary key, decision text not null, at integer not null) without rowid;
  create index accepted_at on accepted (at);
`;

/** Opens the file, made where there is none, or where what lies there cannot be read. Throws when it can be neither. */
export function openStandingFile(path: string, boot: string | undefined): StandingFile {
  mkdirSync(dirname(path), { recursive: true });
  const found = tryOpen(path);
  const db = found.db ?? create(path);
  const about = (key: string): string | undefined =>
    (db.prepare('select value from about where key = ?').get(key) as { value: string } | undefined)?.value;
  const note = db.prepare('insert or replace into about values (?, ?)');
  const sameBoot = boot !== undefined && about('boot') === boot;
  const mayBeOld = found.db !== undefined && !sameBoot && about('closed') !== 'yes';
  // Before anything is written that may be lost: from here on the machine must not go down unnoticed.
  db.exec('pragma synchronous = full');
  note.run('closed', 'no');
  note.run('boot', boot ?? '');
  db.exec('pragma synchronous = off');
  return {
    db,
    mayBeOld,
    replaced: found.why,
    close: () => {
      db.exec('pragma synchronous = full');
      note.run('closed', 'yes');
      db.exec('pragma wal_checkpoint(truncate)');
      db.close();
    },
  };
}

/** What this kernel calls its present life; undefined where it does not say, and then every start is as after another. */
export function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** With what SQLite keeps beside it. */
export function removeStandingFile(path: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
}

function tryOpen(path: string): { readonly db?: DatabaseSync; readonly why?: string } {
  let db: DatabaseSync | undefined;
  try {
    // Made by us first, so that there is no moment at which others may read it; SQLite gives its side files the same mode.
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    db = new DatabaseSync(path, { timeout: PATIENCE_MS });
    prepare(db);
    const tables = db.prepare('select count(*) as n from sqlite_schema').get() as { n: number };
    if (tables.n === 0) {
      db.close();
      return {};
    }
    const health = db.prepare('pragma quick_check(1)').get() as { quick_check: string };
    const known = db.prepare(`select value from about where key = 'version'`).get() as { value: string } | undefined;
    if (health.quick_check === 'ok' && known?.value === SCHEMA_VERSION) return { db };
    db.close();
    return { why: health.quick_check === 'ok' ? 'it is of another version' : health.quick_check };
  } catch (error) {
    if (db?.isOpen === true) db.close();
    if ((error as { errcode?: number }).errcode === BUSY)
      throw fail('data-in-use', `${path} is held by another process that runs on the same PLUGGA_DATA`, {
        cause: error,
      });
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

function create(path: string): DatabaseSync {
  removeStandingFile(path);
  closeSync(openSync(path, 'wx', 0o600));
  const db = new DatabaseSync(path);
  prepare(db);
  db.exec(`begin; ${schema} insert into about values ('version', '${SCHEMA_VERSION}'); commit`);
  return db;
}

const prepare = (db: DatabaseSync): void =>
  db.exec(
    'pragma journal_mode = wal; pragma synchronous = off; pragma locking_mode = exclusive; pragma secure_delete = on',
  );
