import type { JournalDisk } from '@plugga/core/simulation';
import type { Chance } from './chance.ts';
import type { Probe } from './probe.ts';
import type { Process } from './process.ts';
import type { Faults } from './faults.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

export interface SimulatedDisk {
  of(process: Process): JournalDisk;
  /** The machine goes down: what was not synced may be torn. A process that only dies leaves its pages to the kernel. */
  tear(): void;
  /** Nothing fits until then. */
  fullUntil: number;
}

interface File {
  bytes: Buffer;
  /** Up to here it is on the disk for sure. */
  synced: number;
}

const PLENTY = 1024 ** 4;

const failed = (code: 'ENOSPC' | 'EIO'): Error => Object.assign(new Error(code), { code });

/** The disk of one machine, which outlives its processes: it fills, fails to sync, and tears what was not synced. */
export function simulatedDisk(o: {
  readonly time: Timeline;
  readonly chance: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly probe: Probe | undefined;
}): SimulatedDisk {
  const { time, chance, faults, trace } = o;
  const files = new Map<string, File>();

  /** What was not synced is there in part, or with other bytes in it. */
  const tear = (): void => {
    for (const [name, file] of files) {
      const unsynced = file.bytes.length - file.synced;
      if (unsynced <= 0) continue;
      const kept = chance.below(unsynced + 1);
      if (kept < unsynced) faults.happened('FI-13 torn tail');
      trace.say('disk', `${name} torn: ${kept} of ${unsynced} bytes are left`);
      file.bytes = file.bytes.subarray(0, file.synced + kept);
      if (kept > 8 && chance.of(0.3)) file.bytes = Buffer.concat([file.bytes, Buffer.from(chance.bytes(8))]);
    }
  };

  const self: SimulatedDisk = {
    fullUntil: 0,
    tear,
    of: (process) => {
      const later = <T>(work: () => T): Promise<T> =>
        new Promise((resolve, reject) => {
          time.after(
            chance.between(0, 3),
            () => {
              const failure = o.probe?.('disk');
              if (failure === 'error') return reject(failed('EIO'));
              if (failure === 'crash') return process.crash('at its disk');
              try {
                const done = work();
                if (!process.alive) return;
                if (failure === 'late crash') process.crash('at its disk, when it was done');
                else resolve(done);
              } catch (error) {
                reject(error);
              }
            },
            process,
          );
        });
      const fails = (): boolean => faults.active && chance.of(faults.rates.disk);
      const fileOf = (name: string): File => {
        const known = files.get(name);
        if (known !== undefined) return known;
        const made = { bytes: Buffer.alloc(0), synced: 0 };
        files.set(name, made);
        return made;
      };
      return {
        list: () => later(() => [...files.keys()]),
        read: (name) => later(() => Buffer.from(fileOf(name).bytes)),
        write: (name, at, bytes) =>
          later(() => {
            if (time.now < self.fullUntil || fails()) {
              faults.happened('FI-11 disk full');
              put(fileOf(name), at, bytes.subarray(0, chance.below(bytes.length)));
              throw failed('ENOSPC');
            }
            put(fileOf(name), at, bytes);
          }),
        sync: (name) =>
          later(() => {
            const file = fileOf(name);
            if (fails()) {
              // Power fails while it writes.
              if (chance.of(0.5)) return process.crash('while its disk writes', 'machine');
              faults.happened('FI-12 sync failed');
              // What could not be written is dropped, and the next sync knows nothing of it.
              if (chance.of(0.5)) file.bytes = file.bytes.subarray(0, file.synced);
              throw failed('EIO');
            }
            file.synced = file.bytes.length;
          }),
        truncate: (name, length) =>
          later(() => {
            const file = fileOf(name);
            file.bytes = file.bytes.subarray(0, length);
            file.synced = Math.min(file.synced, length);
          }),
        rename: (from, to) =>
          later(() => {
            const file = files.get(from);
            files.delete(from);
            if (file !== undefined) files.set(to, file);
          }),
        remove: (name) => later(() => void files.delete(name)),
        syncNames: () => later(() => undefined),
        free: () => later(() => (time.now < self.fullUntil ? 0 : PLENTY)),
        close: () => later(() => undefined),
      };
    },
  };
  return self;
}

function put(file: File, at: number, bytes: Uint8Array): void {
  const before = file.bytes.subarray(0, at);
  const gap = Buffer.alloc(Math.max(0, at - before.length));
  const after = file.bytes.subarray(at + bytes.length);
  file.bytes = Buffer.concat([before, gap, bytes, after]);
  file.synced = Math.min(file.synced, at);
}
