import type { JournalDisk } from '@plugga/core/database';

type Operation = 'list' | 'read' | 'write' | 'sync' | 'truncate' | 'rename' | 'remove' | 'syncNames' | 'free';

/** A disk in memory that keeps apart what was written from what was synced, and fails as it is told. */
export interface MemoryDisk extends JournalDisk {
  /** Called before each operation; what it throws, or rejects with, is what the operation fails with. */
  before: ((operation: Operation, name: string) => void | Promise<void>) | undefined;
  /** Bytes that fit; a write that does not fit leaves what does, and fails with ENOSPC. */
  capacity: number;
  /**
   * The power goes: nothing can be done with this disk any more. Returns it as it is afterwards: of what was not synced so many
   * bytes as `keep` says, all when left out.
   */
  crash(keep?: (name: string, unsynced: number) => number): MemoryDisk;
  /** A file as it is now; undefined when there is none. */
  bytes(name: string): Buffer | undefined;
  /** Makes a file, or replaces its contents, as durable as it gets. */
  put(name: string, bytes: Uint8Array): void;
  readonly names: readonly string[];
}

interface File {
  bytes: Buffer;
  synced: Buffer;
}

const full = (): Error => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

export const memoryDisk = (): MemoryDisk => {
  /** As programs see them, and as they are after a crash. */
  const files = new Map<string, File>();
  let durable = new Map<string, File>();
  let gone = false;

  const enter = async (operation: Operation, name = ''): Promise<void> => {
    await disk.before?.(operation, name);
    if (gone) throw new Error('the machine is gone');
  };
  const fileOf = (name: string): File => {
    const file = files.get(name);
    if (file === undefined) throw Object.assign(new Error(`ENOENT: ${name}`), { code: 'ENOENT' });
    return file;
  };
  const used = (): number => [...files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);

  const disk: MemoryDisk = {
    before: undefined,
    capacity: Number.MAX_SAFE_INTEGER,
    list: async () => {
      await enter('list');
      return [...files.keys()];
    },
    read: async (name) => {
      await enter('read', name);
      return Buffer.from(fileOf(name).bytes);
    },
    write: async (name, at, bytes) => {
      await enter('write', name);
      const file = files.get(name) ?? { bytes: Buffer.alloc(0), synced: Buffer.alloc(0) };
      files.set(name, file);
      const room = disk.capacity - used() + file.bytes.length - at;
      const fits = Buffer.from(bytes).subarray(0, Math.max(0, room));
      file.bytes = Buffer.concat([file.bytes.subarray(0, at), fits, file.bytes.subarray(at + fits.length)]);
      if (fits.length < bytes.length) throw full();
    },
    sync: async (name) => {
      await enter('sync', name);
      const file = fileOf(name);
      file.synced = Buffer.from(file.bytes);
    },
    truncate: async (name, length) => {
      await enter('truncate', name);
      const file = fileOf(name);
      file.bytes = Buffer.from(file.bytes.subarray(0, length));
    },
    rename: async (from, to) => {
      await enter('rename', from);
      files.set(to, fileOf(from));
      files.delete(from);
    },
    remove: async (name) => {
      await enter('remove', name);
      files.delete(name);
    },
    syncNames: async () => {
      await enter('syncNames');
      durable = new Map(files);
    },
    free: async () => {
      await enter('free');
      return disk.capacity - used();
    },
    close: () => Promise.resolve(),
    crash: (keep = (_, unsynced) => unsynced) => {
      const after = memoryDisk();
      for (const [name, { bytes, synced }] of durable) {
        // What was cut off without a sync may be there again.
        const kept = bytes.length <= synced.length ? synced : bytes;
        const unsynced = kept.length - synced.length;
        after.put(name, kept.subarray(0, synced.length + Math.min(keep(name, unsynced), unsynced)));
      }
      gone = true;
      return after;
    },
    bytes: (name) => files.get(name)?.bytes,
    put: (name, bytes) => {
      const file = { bytes: Buffer.from(bytes), synced: Buffer.from(bytes) };
      files.set(name, file);
      durable.set(name, file);
    },
    get names() {
      return [...files.keys()].sort();
    },
  };
  return disk;
};
