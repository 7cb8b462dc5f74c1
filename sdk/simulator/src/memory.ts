import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What survives a power cut of a station: its registers, transactions, undelivered messages and configuration, as JSON text. */
export interface Memory {
  load(): string | undefined;
  save(text: string): void;
}

/** Survives a power cut of the virtual station, not of this process. */
export const memoryInProcess = (): Memory => {
  let kept: string | undefined;
  return { load: () => kept, save: (text) => void (kept = text) };
};

/** Survives this process too. */
export const memoryInFile = (path: string): Memory => ({
  load() {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  },
  save(text) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  },
});
