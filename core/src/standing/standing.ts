import { instant, type Instant, type Log, type StationId, type TenantId } from '@plugga/kit';
import type { DatabaseSync } from 'node:sqlite';
import type { StationCredentials } from '../charger/face.ts';
import type { Clock, Stored, Unit } from '../ports.ts';
import { hmacOf } from '../site/installation.ts';
import type { TokenDecision } from '../station/input.ts';
import type { LocalToken } from '../token/local.ts';
import { openStandingFile, removeStandingFile, type StandingFile } from './file.ts';
import { contentOf, nothingIn, standingOnDisk, type StandingFigures } from './figures.ts';
import { stationRows, type Places, type StationRows } from './station-rows.ts';
import { stationStates, type StationStates } from './station-states.ts';
import { tokenRows, type KnownToken, type TokenRows } from './token-rows.ts';

/** What makes the platform this one and no other. */
export interface StandingInstallation {
  /** Keys every hash of ours; whoever reads it can try guesses against them. */
  readonly secret: Buffer;
  readonly homeTenant: TenantId;
  /** The newest restore of a backup: what stations had said before it is not the log's any more. */
  readonly restore?: string;
}

/**
 * What a node must know to serve its stations while the database is away, in one local file. It is never the truth: with the
 * database there, the database is asked, and the file is told what it said. Nothing here throws or waits: a file that cannot
 * be written is given up whole, since one that has missed something must not be believed.
 */
export interface Standing {
  /** Undefined until a database was seen once. */
  installation(): StandingInstallation | undefined;
  /** Of another installation than the file's: the file begins anew. */
  belongsTo(installation: StandingInstallation): void;

  /** About to be given to the database: what becomes of them is not known until they are kept. */
  begun(units: readonly Unit[]): void;
  /** Stored or journaled. Written within a moment; until then, a process that starts on the file does not believe it of those stations. */
  kept(units: readonly Unit[]): void;
  /** Writes at once what was kept. */
  flush(): void;
  load(station: StationId): Stored | undefined;
  keep(station: StationId, stored: Stored): void;
  /** Another node writes for the station, or a unit's fate is not known. */
  forget(station: StationId): void;
  has(station: StationId): boolean;

  find(identity: string): StationCredentials | undefined;
  findById(station: StationId): StationCredentials | undefined;
  /** Whether every station of the installation was in the file when the database was last there. */
  knowsAllStations(): boolean;
  keepStations(
    rows: readonly { readonly credentials: StationCredentials; readonly generation: number }[],
    pass?: number,
  ): void;
  stationGone(station: StationId): void;
  generation(station: StationId): number;
  raiseGeneration(station: StationId, to: number): void;
  places(station: StationId): Places | undefined;
  keepPlaces(station: StationId, places: Places): void;

  /** Tokens of ours of that value, and when the database was last known to have each so. */
  tokens(tenant: TenantId, matchKey: string): readonly (LocalToken & { readonly goodAt: Instant })[];
  keepTokens(tokens: readonly KnownToken[], pass?: number): void;
  eraseToken(id: string): void;
  accepted(key: string): { readonly decision: TokenDecision; readonly at: Instant } | undefined;
  accept(key: string, decision: TokenDecision): void;
  refuse(key: string): void;

  /** A number that is higher than that of every pass before. */
  beginPass(): number;
  /** All rows were kept with it: what was not met is gone, and the file is in step with the database. */
  endPass(pass: number): void;
  /** When it was last in step. */
  inStepAt(): Instant | undefined;
  /** Undefined when the file is in use; else why not. */
  fault(): string | undefined;
  figures(): StandingFigures;
  close(): void;
}

interface Open extends StandingFile {
  readonly stations: StationRows;
  readonly states: StationStates;
  tokens?: TokenRows;
}

/** What is kept of a station waits so long for more of it: under load, many units cost what one does. */
const FLUSH_MS = 250;

export function openStanding(o: {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly boot: string | undefined;
}): Standing {
  const { path, clock, log } = o;
  let open: Open | undefined;
  let fault: string | undefined;
  let belongs: StandingInstallation | undefined;
  let inStepAt: Instant | undefined;
  let writtenAt: Instant | undefined;
  let givenUp = 0;
  let cancelFlush: (() => void) | undefined;

  /** Opens the file as that installation's, or as whatever it is. */
  const begin = (as?: StandingInstallation): void => {
    const file = openStandingFile(path, o.boot);
    const { db } = file;
    open = { ...file, stations: stationRows(db), states: stationStates(db) };
    fault = undefined;
    if (file.replaced !== undefined) log.warn('standing file replaced by a new one', { path, why: file.replaced });
    if (file.mayBeOld) {
      log.warn('the machine went down: states of stations are read from the database again', { path });
      forgetAll(db, open.states);
    }
    const step = about(db, 'in_step_at');
    inStepAt = step === undefined ? undefined : (Number(step) as Instant);
    const secret = about(db, 'secret');
    const home = about(db, 'home_tenant');
    const found =
      secret === undefined || home === undefined
        ? undefined
        : { secret: Buffer.from(secret, 'base64'), homeTenant: home as TenantId };
    if (as !== undefined && found !== undefined && !found.secret.equals(as.secret)) {
      log.warn('standing file of another installation replaced by a new one', { path });
      open = undefined;
      file.close();
      removeStandingFile(path);
      return begin(as);
    }
    belongs = as ?? found;
    if (belongs === undefined) return;
    note(db, 'secret', belongs.secret.toString('base64'));
    note(db, 'home_tenant', belongs.homeTenant);
    if (as !== undefined && (about(db, 'restore') ?? '') !== (as.restore ?? '')) {
      forgetAll(db, open.states);
      note(db, 'restore', as.restore ?? '');
    }
    open.tokens = tokenRows(db, hmacOf(belongs.secret));
  };

  const isOf = ({ secret, homeTenant, restore = '' }: StandingInstallation): boolean =>
    belongs?.homeTenant === homeTenant &&
    belongs.secret.equals(secret) &&
    read('taking it over', ({ db }) => (about(db, 'restore') ?? '') === restore, false);

  const tryBegin = (as: StandingInstallation): void => {
    try {
      begin(as);
    } catch (error) {
      giveUp('opening', error);
    }
  };

  const giveUp = (what: string, error: unknown): void => {
    givenUp += 1;
    fault = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    log.error('standing file given up: while the database is away, stations cannot reconnect', { path, what, error });
    try {
      open?.db.close();
    } catch {
      // It is thrown away.
    }
    open = undefined;
    inStepAt = undefined;
    try {
      removeStandingFile(path);
    } catch (cause) {
      log.error('standing file cannot be removed: remove it before the next start', { path, error: cause });
    }
  };

  const read = <T>(what: string, run: (file: Open) => T, otherwise: T): T => {
    if (open === undefined) return otherwise;
    try {
      return run(open);
    } catch (error) {
      giveUp(what, error);
      return otherwise;
    }
  };
  /** One statement, which is a transaction by itself. */
  const put = (what: string, run: (file: Open) => void): void => {
    read(what, run, undefined);
    if (open !== undefined) writtenAt = clock.now();
  };
  const write = (what: string, run: (file: Open) => void): void =>
    put(what, (file) => {
      file.db.exec('begin immediate');
      run(file);
      file.db.exec('commit');
    });

  const flush = (): void => {
    cancelFlush?.();
    cancelFlush = undefined;
    if (open?.states.waits === true) write('kept', ({ states }) => states.flush());
  };
  /** What is asked of states, or changed beside them, comes after what was kept before. */
  const states = (file: Open): StationStates => {
    if (file.states.waits) file.states.flush();
    return file.states;
  };

  begin();
  return {
    installation: () => belongs,
    belongsTo: (installation) => {
      if (isOf(installation)) return;
      if (open !== undefined) read('taking it over', (file) => file.close(), undefined);
      open = undefined;
      tryBegin(installation);
      belongs = installation;
    },

    begun: (units) => put('begun', ({ states }) => states.begun(units)),
    kept: (units) => {
      if (open === undefined) return;
      if (!open.states.kept(units)) return flush();
      cancelFlush ??= clock.at(instant(clock.now() + FLUSH_MS), flush);
    },
    flush,
    load: (station) => {
      flush();
      return read('load', (file) => file.states.load(station), undefined);
    },
    keep: (station, stored) => write('keep', (file) => states(file).keep(station, stored)),
    forget: (station) => write('forget', (file) => states(file).forget(station)),
    has: (station) => {
      flush();
      return read('has', (file) => file.states.has(station), false);
    },

    find: (identity) => read('find', ({ stations }) => stations.find(identity), undefined),
    findById: (station) => read('findById', ({ stations }) => stations.findById(station), undefined),
    knowsAllStations: () => inStepAt !== undefined,
    keepStations: (rows, pass) => write('stations', ({ stations }) => stations.keep(rows, pass)),
    stationGone: (station) =>
      write('station gone', (file) => {
        file.stations.gone(station);
        states(file).forget(station);
      }),
    generation: (station) => read('generation', ({ stations }) => stations.generation(station), 0),
    raiseGeneration: (station, to) => put('generation', ({ stations }) => stations.raiseGeneration(station, to)),
    places: (station) => read('places', ({ stations }) => stations.places(station), undefined),
    keepPlaces: (station, places) => put('places', ({ stations }) => stations.keepPlaces(station, places)),

    tokens: (tenant, matchKey) =>
      read(
        'tokens',
        ({ tokens }) =>
          (tokens?.find(tenant, matchKey) ?? []).map(({ seenAt, ...token }) => ({
            ...token,
            goodAt: inStepAt !== undefined && inStepAt > seenAt ? inStepAt : seenAt,
          })),
        [],
      ),
    keepTokens: (rows, pass) => write('tokens', ({ tokens }) => tokens?.keep(rows, clock.now(), pass)),
    eraseToken: (id) => put('erase', ({ tokens }) => tokens?.erase(id)),
    accepted: (key) => read('accepted', ({ tokens }) => tokens?.accepted(key), undefined),
    accept: (key, decision) => put('accept', ({ tokens }) => tokens?.accept(key, decision, clock.now())),
    refuse: (key) => put('refuse', ({ tokens }) => tokens?.refuse(key)),

    beginPass: () => {
      if (open === undefined && belongs !== undefined) tryBegin(belongs);
      return read(
        'pass',
        ({ db }) => {
          const pass = Number(about(db, 'pass') ?? 0) + 1;
          note(db, 'pass', String(pass));
          return pass;
        },
        0,
      );
    },
    endPass: (pass) => {
      write('pass', (file) => {
        const { stations, db } = file;
        for (const station of stations.endPass(pass)) states(file).forget(station);
        note(db, 'in_step_at', String(clock.now()));
        inStepAt = clock.now();
      });
      put('pass', ({ tokens }) => tokens?.endPass(pass));
    },
    inStepAt: () => inStepAt,
    fault: () => fault,
    figures: () => ({
      ...read('figures', ({ db }) => contentOf(db), nothingIn),
      bytes: standingOnDisk(path)?.bytes ?? 0,
      ...{ writtenAt, inStepAt, fault, givenUp },
    }),
    close: () => {
      flush();
      read('close', (file) => file.close(), undefined);
      open = undefined;
    },
  };
}

const about = (db: DatabaseSync, key: string): string | undefined =>
  (db.prepare('select value from about where key = ?').get(key) as { value: string } | undefined)?.value;

const note = (db: DatabaseSync, key: string, value: string): void =>
  void db.prepare('insert or replace into about values (?, ?)').run(key, value);

function forgetAll(db: DatabaseSync, states: StationStates): void {
  for (const { station } of db.prepare('select station from stream').all() as unknown as { station: StationId }[])
    states.forget(station);
}
