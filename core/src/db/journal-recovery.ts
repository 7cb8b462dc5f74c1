import type { Instant, Log, StationId } from '@plugga/kit';
import type { JournalDisk } from './journal-disk.ts';
import { FORMAT, type Header, inspect } from './journal-segment.ts';

/** A segment that waits to be drained, or is being written. */
export interface OpenSegment {
  readonly name: string;
  /** Up to here it is synced. */
  end: number;
  entries: number;
  /** How often it could not be read. */
  failures: number;
  readonly damaged: boolean;
  readonly oldest: Instant | undefined;
}

export interface Recovered {
  /** Oldest first. */
  readonly segments: readonly OpenSegment[];
  readonly waiting: Map<StationId, number>;
  readonly damaged: string[];
  readonly foreign: string[];
  readonly lastNumber: number;
  /** The newest segment that is not written any more. */
  readonly before: Header['after'];
}

/** What an earlier process has left: torn tails are cut, what is empty is removed, what is not ours is left alone. */
export const recover = async (o: {
  readonly disk: JournalDisk;
  readonly log: Log;
  readonly installation: string;
}): Promise<Recovered> => {
  const { disk, log } = o;
  const found = await inspect(disk);
  const segments: OpenSegment[] = [];
  const waiting = new Map<StationId, number>();
  const damaged = [...found.aside];
  const foreign: string[] = [];
  let before: Header['after'];
  // What is left lying is known for what it is, by its length here and in the header that follows.
  const untidy = (file: string) => (error: unknown) => log.warn('journal: a file cannot be tidied up', { file, error });

  for (const segment of found.segments) {
    const { name, end, size, entries, oldest } = segment;
    if (segment.installation !== o.installation || (segment.header?.format ?? FORMAT) > FORMAT) {
      foreign.push(name);
      continue;
    }
    if (entries === 0 && !segment.damaged) {
      await disk.remove(name).catch(untidy(name));
      continue;
    }
    if (segment.damaged) damaged.push(name);
    else if (end < size) {
      await cut(disk, name, end).catch(untidy(name));
      log.warn('journal: a torn tail was cut', { file: name, bytes: size - end });
    }
    for (const [station, count] of segment.stations) waiting.set(station, (waiting.get(station) ?? 0) + count);
    segments.push({ name, end, entries, failures: 0, damaged: segment.damaged, oldest });
    before = { name, length: end };
  }
  if (damaged.length > 0)
    log.error('journal: files are damaged, units that were acknowledged are lost', { files: damaged });
  if (foreign.length > 0)
    log.error('journal: files of another installation or a newer version are not drained', { files: foreign });
  return { segments, waiting, damaged, foreign, lastNumber: found.lastNumber, before };
};

const cut = async (disk: JournalDisk, name: string, end: number): Promise<void> => {
  await disk.truncate(name, end);
  await disk.sync(name);
};
