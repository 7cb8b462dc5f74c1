import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { appendFile, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** A small disk of its own below a folder, that a test can fill up and empty. */
export interface Disk {
  fill(): Promise<void>;
  empty(): Promise<void>;
  remove(): void;
}

const MIB = 1_048_576;

/** Undefined where this user may not mount: that needs root. */
export const smallDisk = (path: string, mib: number): Disk | undefined => {
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=0700`, 'tmpfs', path], { stdio: 'pipe' });
  } catch {
    return undefined;
  }
  const ballast = join(path, '.ballast');
  return {
    async fill() {
      writeFileSync(ballast, '');
      for (let size = MIB; size >= 1;) {
        const { bavail, bsize } = await statfs(path);
        if (bavail === 0) return;
        if (bavail * bsize < size) size = bavail * bsize;
        await appendFile(ballast, Buffer.alloc(size)).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOSPC') throw error;
          size = Math.floor(size / 2);
        });
      }
    },
    empty: () => rm(ballast, { force: true }),
    remove() {
      rmSync(ballast, { force: true });
      execFileSync('umount', ['--lazy', path], { stdio: 'pipe' });
    },
  };
};
