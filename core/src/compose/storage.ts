import { join } from 'node:path';
import { fail, type Logged } from '@plugga/kit';
import { lockDataFolder } from '../db/data-lock.ts';
import { refuseUnfinished } from '../backup/unfinished.ts';
import { startEmbedded } from '../db/embedded.ts';
import { folderDisk, type JournalDisk } from '../db/journal-disk.ts';
import { journalFolder, openJournal } from '../db/journal.ts';
import { createLadder, type Ladder, type LadderStore } from '../db/ladder.ts';
import { migrate } from '../db/migrate.ts';
import { appRole } from '../db/migrations/guard.ts';
import { openDatabase, type Database } from '../db/open.ts';
import { realDataFolder } from '../db/postgres-home.ts';
import { createStore, type OpenStore } from '../db/store.ts';
import { openSystem } from '../db/system.ts';
import type { CoreTables } from '../db/tables.ts';
import { createTransactions, type EmitHooks } from '../db/transactions.ts';
import type { Transactions } from '../plugins/face.ts';
import { inTime } from '../plugins/in-time.ts';
import type { Store } from '../ports.ts';
import { keepSaid } from '../site/signed.ts';
import { seed, type Installation } from '../site/seed.ts';
import { transactOf, type Transact } from '../site/transact.ts';
import { bootId } from '../standing/file.ts';
import { openStanding, type Standing } from '../standing/standing.ts';
import { awayError, createReach, type Reach } from '../standing/reach.ts';
import { localOf, standingStore } from '../standing/standing-store.ts';
import type { Around } from './around.ts';

type AppendListener = (events?: readonly Logged[]) => void;
type MutableHooks = { -readonly [K in keyof EmitHooks]: EmitHooks[K] };

/** Where everything is kept. It is all there at once; whether the database answers is another matter. */
export interface Storage {
  readonly databaseUrl: string;
  readonly owner: Database<unknown>;
  readonly database: Database<CoreTables>;
  readonly system: Database<CoreTables>;
  readonly transactions: Transactions;
  /** What is done with events of plugins; whatever is made later adds to it before the first of them. */
  readonly onEmit: MutableHooks;
  /** For what a station waits for: connections of its own, none of which waits long. */
  readonly path: { readonly system: Pick<Database<CoreTables>, 'kysely'>; readonly transact: Transact };
  /** The log as delivery reads it. */
  readonly log: OpenStore;
  readonly standing: Standing;
  readonly reach: Reach;
  /** Whether the database answered at the start; on an embedded one, or without a standing file, nothing else is a start. */
  readonly isThere: boolean;
  /** Schema and first rows; the database must be there. Throws for that of another installation (`isOfOther`). */
  prepare(): Promise<Installation>;
  /** At the end: a database that says nothing is not waited for by whoever is in the middle of something. */
  letGoIfSilent(): Promise<void>;
  /** Events were appended: whoever listens is woken, and told which where that is known. */
  appended(events?: readonly Logged[]): void;
  onAppended(listener: AppendListener): () => void;
  readonly listeners: Set<AppendListener>;
}

const ANOTHER = 'the database that answers is that of another installation than the one whose stations were served';
export const isOfOther = (error: unknown): boolean => error instanceof Error && error.message === ANOTHER;

/** A frozen server accepts connections and says nothing. */
const FIRST_ANSWER_MS = 5_000;
/** When a connection is given up whose answer nobody waits for any more; as long as one may stand in line for it. */
const PATIENCE_MS = 30_000;

/** What stations say goes through these: to the database or, while it is away, to the journal. */
export interface Units {
  readonly ladder: Ladder;
  /** The ladder with the standing file kept in step. */
  readonly store: Store;
}

export async function openStorage(around: Around): Promise<Storage> {
  const { options, config, clock, random, log, metrics, ends } = around;
  const databaseUrl =
    config.databaseUrl === undefined ? await embedded(around) : await locked(around, config.databaseUrl);
  const onLost = (error: Error): void => log.warn('connection to the database lost', { error });
  const open = <D extends { close(): Promise<void> }>(database: D): D => {
    ends(() => database.close());
    return database;
  };
  const working = { url: databaseUrl, role: appRole, onLost };
  const owner = open(openDatabase<unknown>({ url: databaseUrl, max: 3, onLost }));
  const database = open(openDatabase<CoreTables>({ ...working, max: options.poolSize ?? 10 }));
  const system = open(openSystem({ url: databaseUrl, max: 3, onLost }));
  const pathSystem = open(openSystem({ url: databaseUrl, max: 3, patienceMs: PATIENCE_MS, onLost }));
  const pathDatabase = open(openDatabase<CoreTables>({ ...working, max: 3, patienceMs: PATIENCE_MS }));

  const listeners = new Set<AppendListener>();
  const appended = (events?: readonly Logged[]): void => {
    for (const listener of listeners) listener(events);
  };
  const onEmit: MutableHooks = { ...keepSaid };
  const transactions = createTransactions({ pool: database.pool, clock, random, appended, onEmit });
  const pathTransactions = createTransactions({ pool: pathDatabase.pool, clock, random, appended, onEmit });
  const standing = openStanding({ path: join(config.dataDir, 'standing.db'), clock, log, boot: bootId() });
  ends(() => standing.close());
  const store = open(createStore({ url: databaseUrl, clock, random, log, appended, committed: metrics.committed }));

  const answers = () => pathSystem.pool.query('select 1');
  const isThere =
    config.databaseUrl === undefined ||
    standing.installation() === undefined ||
    (await inTime(clock, FIRST_ANSWER_MS, answers(), 'the first answer of the database').then(
      () => true,
      (error: unknown) => {
        log.warn('the database does not answer: starting from the standing file', { error });
        return false;
      },
    ));

  const prepare = async (): Promise<Installation> => {
    // What serves stations already, serves those of one installation: also an empty database is another one's.
    const known = isThere ? undefined : standing.installation();
    if (known !== undefined && (await secretIn(owner)) !== known.secret.toString('base64'))
      throw fail('database-unusable', ANOTHER);
    await refuseUnfinished(owner.kysely);
    const applied = await migrate(owner.kysely, { log });
    if (applied.length > 0) log.info('schema migrated', { migrations: applied.length });
    const { party, onboarding, adminKey } = config;
    const installation = await seed({ transactions, system: system.kysely, random, party, onboarding, adminKey });
    const restore = await newestRestore(system.kysely);
    standing.belongsTo({ ...installation, ...(restore === undefined ? {} : { restore }) });
    return installation;
  };

  const reach = createReach({ clock, log, probe: answers, away: !isThere });
  ends(() => reach.stop());
  const letGoIfSilent = async (): Promise<void> => {
    if ((await reach.ask('whether it is there', answers)) !== undefined) return;
    log.warn('stopping without the database: what it has not got is in the journal');
    await Promise.all([store, owner, database, system, pathSystem, pathDatabase].map((it) => it.letGo()));
  };
  return {
    ...{ databaseUrl, owner, database, system, transactions, standing, reach, isThere, prepare, letGoIfSilent },
    path: { system: pathSystem, transact: transactOf(pathTransactions) },
    log: store,
    onEmit,
    appended,
    listeners,
    onAppended: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export async function openUnits(
  { config, clock, log, metrics, ends }: Pick<Around, 'config' | 'clock' | 'log' | 'metrics' | 'ends'>,
  o: {
    readonly storage: Pick<Storage, 'standing' | 'reach' | 'log'>;
    readonly installation: string;
    readonly node: string;
    readonly isPrepared: () => boolean;
    /** Of the journal; a folder of the data folder unless it is said otherwise. */
    readonly disk?: JournalDisk;
  },
): Promise<Units> {
  const { standing, reach } = o.storage;
  const journal = await openJournal({
    ...{ disk: o.disk ?? folderDisk(journalFolder(config.dataDir)), clock, log, installation: o.installation },
    ...{ node: o.node, synced: metrics.synced },
  });
  // Acknowledged by an earlier process that may have ended before the file had it.
  await journal.each(standing.kept);
  standing.flush();
  const local = localOf(standing);
  const store = onceItIsOurs(o.storage.log, o.isPrepared);
  const ladder = createLadder({ store, journal, clock, log, local });
  ends(() => ladder.close());
  // Whoever starts while the database is away has nobody else to ask.
  ladder.onChange(standing.flush);
  reach.awayWhile(() => ladder.state() === 'journaling' || ladder.state() === 'shut');
  // What an earlier run has left comes before anything that is heard now.
  await ladder.ready();
  return { ladder, store: standingStore({ store: ladder, standing, local, reach }) };
}

/** Nothing is stored in a database whose schema and installation nobody has looked at yet. */
function onceItIsOurs(store: LadderStore, isPrepared: () => boolean): LadderStore {
  const or = <T>(work: () => Promise<T>): Promise<T> =>
    isPrepared() ? work() : Promise.reject(awayError('it has not come yet'));
  return {
    ...store,
    commit: (unit, sending) => or(() => store.commit(unit, sending)),
    merge: (unit) => or(() => store.merge(unit)),
    probe: () => or(store.probe),
  };
}

const newestRestore = async (system: Database<CoreTables>['kysely']): Promise<string | undefined> =>
  (await system.selectFrom('core.restore').select('id').orderBy('restored_at', 'desc').limit(1).executeTakeFirst())?.id;

/** Read before anything is written there. */
async function secretIn({ pool }: Database<unknown>): Promise<string | undefined> {
  const { rows: tables } = await pool.query<{ there: boolean }>(
    `select to_regclass('core.installation') is not null as there`,
  );
  if (tables[0]?.there !== true) return undefined;
  const { rows } = await pool.query<{ value: string }>(`select value from core.installation where key = 'secret'`);
  return rows[0]?.value;
}

/** One process a data folder, whose journal and standing file it is; the embedded database sees to that itself. */
async function locked({ config, ends }: Around, url: string): Promise<string> {
  const lock = await lockDataFolder(await realDataFolder(config.dataDir));
  ends(() => lock.release());
  return url;
}

async function embedded({ options, config, log, ends }: Around): Promise<string> {
  const { fsync } = options;
  const running = await startEmbedded({ dataDir: config.dataDir, log, ...(fsync === undefined ? {} : { fsync }) });
  ends(() => running.stop());
  return running.url;
}
