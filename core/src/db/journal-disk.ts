import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** What the journal needs of a disk: files of one folder by name. Tests and the simulation give one that tears, fills and fails. */
export interface JournalDisk {
  list(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array>;
  /** Writes all of it at that place, making the file where there is none; after a rejection any part may be there. */
  write(name: string, at: number, bytes: Uint8Array): Promise<void>;
  /** fdatasync. After a rejection nothing is known of what was written since the one before, and none may be tried again. */
  sync(name: string): Promise<void>;
  truncate(name: string, length: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Makes the names as durable as `sync` makes the contents. */
  syncNames(): Promise<void>;
  /** Bytes that may still be written. */
  free(): Promise<number>;
  close(): Promise<void>;
}

/** One is written at a time; the others are whole. */
const OPEN_FILES = 2;

/** A folder of the file system, made where it is missing; only its owner may read it. */
export const folderDisk = (folder: string): JournalDisk => {
  const handles = new Map<string, FileHandle>();
  const made = mkdir(folder, { recursive: true, mode: 0o700 });
  made.catch(() => undefined); // told by whatever is asked first

  const opened = async (name: string): Promise<FileHandle> => {
    await made;
    const known = handles.get(name);
    if (known !== undefined) return known;
    for (const other of [...handles.keys()].slice(0, -OPEN_FILES)) await release(other);
    const handle = await open(join(folder, name), constants.O_RDWR | constants.O_CREAT, 0o600);
    handles.set(name, handle);
    return handle;
  };
  const release = async (name: string): Promise<void> => {
    const handle = handles.get(name);
    handles.delete(name);
    await handle?.close().catch(() => undefined);
  };

  return {
    list: async () => {
      await made;
      return readdir(folder);
    },
    read: (name) => readFile(join(folder, name)),
    write: async (name, at, bytes) => {
      const handle = await opened(name);
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
    },
    sync: async (name) => (await opened(name)).datasync(),
    truncate: async (name, length) => (await opened(name)).truncate(length),
    rename: async (from, to) => {
      await release(from);
      await rename(join(folder, from), join(folder, to));
    },
    remove: async (name) => {
      await release(name);
      await rm(join(folder, name), { force: true });
    },
    syncNames: async () => {
      const handle = await open(folder, constants.O_RDONLY);
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    free: async () => {
      await made;
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    close: async () => {
      for (const name of [...handles.keys()]) await release(name);
    },
  };
};
