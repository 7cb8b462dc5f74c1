import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JournalDisk } from '@plugga/core/simulation';
import type { SimulatedDisk } from './disk.ts';
import type { Process } from './process.ts';

/** One machine: its disk, its standing file, and its present life. It outlives its processes. */
export interface Machine {
  readonly disk: SimulatedDisk;
  /** What the kernel calls its present life. */
  readonly boot: string;
  diskOf(process: Process): JournalDisk;
  /** The path of the file, free to be opened: who held it before is dead. */
  standingFile(): string;
  /** How to let go of the file when whoever opened it has died. */
  opened(close: () => void): void;
  letGo(): void;
  /** It goes down with whatever runs on it. */
  goDown(): void;
  close(): void;
}

/** In memory where the system offers that: what fsync costs is not what is simulated. */
const MEMORY = '/dev/shm';

/** The standing file is a real one: SQLite is not what is simulated. */
export function machine(disk: SimulatedDisk): Machine {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'plugga-simulation-'));
  const path = join(folder, 'standing.db');
  let boots = 1;
  let isClean = true;
  let left: (() => void) | undefined;
  return {
    disk,
    get boot() {
      return `boot ${boots}`;
    },
    diskOf: (process) => disk.of(process),
    standingFile: () => {
      left?.();
      left = undefined;
      if (!isClean) forget(path);
      isClean = true;
      return path;
    },
    opened: (close) => {
      left = close;
    },
    letGo: () => {
      left = undefined;
    },
    goDown: () => {
      boots += 1;
      isClean = false;
      disk.tear();
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** A file that nobody had the time to close. */
function forget(path: string): void {
  const file = new DatabaseSync(path);
  try {
    file.exec(`update about set value = 'no' where key = 'closed'`);
  } finally {
    file.close();
  }
}
