import { join } from 'node:path';
import { fail, type Instant, type Log, type StationId } from '@plugga/kit';
import type { Clock, Unit } from '../ports.ts';
import type { JournalDisk } from './journal-disk.ts';
import { frameOf } from './journal-frame.ts';
import { type OpenSegment, recover } from './journal-recovery.ts';
import { createReserve } from './journal-reserve.ts';
import { asideOf, FORMAT, type Header, segmentName, unitsIn } from './journal-segment.ts';
import { textOfUnit } from './journal-unit.ts';

/** What is left free for the rest of the machine, the embedded database above all. */
export const RESERVE_BYTES = 64 * 1024 ** 2;
const SEGMENT_BYTES = 16 * 1024 ** 2;
const GROUP_BYTES = 4 * 1024 ** 2;
const READ_ATTEMPTS = 5;

/** Where the journal of a data folder lies. */
export const journalFolder = (dataDir: string): string => join(dataDir, 'journal');

export interface JournalOptions {
  readonly disk: JournalDisk;
  readonly clock: Clock;
  readonly log: Log;
  /** Whose units these are: lower case letters and digits. */
  readonly installation: string;
  readonly node: string;
  readonly reserveBytes?: number;
  readonly segmentBytes?: number;
  /** Told of each group that is on the disk. */
  readonly synced?: (o: { readonly units: number; readonly bytes: number; readonly ms: number }) => void;
}

export interface JournalFigures {
  /** Units that are not drained, those on their way to the disk too. */
  readonly entries: number;
  readonly bytes: number;
  readonly oldest: Instant | undefined;
  /** Files of which something acknowledged cannot be read. */
  readonly damaged: readonly string[];
  /** Files of another installation or of a newer version: left alone. */
  readonly foreign: readonly string[];
}

/** The committer's second sink: what is appended is on this machine's disk, and is drained in the order in which it was appended. */
export interface Journal {
  /** Resolves after fdatasync; rejects with `unavailable` when it is not kept. */
  append(unit: Unit): Promise<void>;
  /** All that is not drained, oldest first; the journal stays as it is. */
  each(take: (units: readonly Unit[]) => void): Promise<void>;
  /** The oldest that are not drained; the same ones until `drained` is called. Empty at the end. */
  next(limit: number): Promise<readonly Unit[]>;
  /** So many of the oldest are stored; a segment is removed once all of it is. */
  drained(count: number): Promise<void>;
  /** Writes and syncs something that says nothing: whether `append` would work now. */
  writable(): Promise<boolean>;
  waits(station: StationId): boolean;
  figures(): JournalFigures;
  close(): Promise<void>;
}

interface Waiting {
  readonly unit: Unit;
  readonly frame: Buffer;
  resolve(): void;
  reject(error: Error): void;
}

/** Opens the folder: a torn tail is cut, what an earlier process left waits to be drained first. */
export const openJournal = async (o: JournalOptions): Promise<Journal> => {
  const { disk, clock, log, reserveBytes = RESERVE_BYTES, segmentBytes = SEGMENT_BYTES } = o;
  const found = await recover(o);
  const { waiting, damaged, foreign } = found;
  const reserve = createReserve({ disk, clock, reserveBytes });
  /** Not drained, oldest first; the last of them may be the active one. */
  const segments: OpenSegment[] = [...found.segments];
  let { before, lastNumber } = found;
  let active: OpenSegment | undefined;
  let reading: { readonly units: readonly Unit[]; index: number } | undefined;
  let queue: Waiting[] = [];
  let underWay = 0;
  let lane: Promise<unknown> = Promise.resolve();
  let closed = false;

  /** One thing at a time happens to the files. */
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const done = lane.then(work);
    lane = done.catch(() => undefined);
    return done;
  };

  const count = (station: StationId, by: 1 | -1): void => {
    const left = (waiting.get(station) ?? 0) + by;
    if (left <= 0) waiting.delete(station);
    else waiting.set(station, left);
  };

  const begin = async (): Promise<OpenSegment> => {
    lastNumber += 1;
    const at = clock.now();
    const name = segmentName(lastNumber, o.installation);
    const { installation, node } = o;
    const header: Header = {
      format: FORMAT,
      installation,
      node,
      at,
      ...(before === undefined ? {} : { after: before }),
    };
    const frame = frameOf(JSON.stringify({ header }));
    try {
      await disk.write(name, 0, frame);
      await disk.sync(name);
      await disk.syncNames();
    } catch (error) {
      await disk.remove(name).catch(() => undefined);
      throw error;
    }
    const begun = { name, end: frame.length, entries: 0, failures: 0, damaged: false, oldest: at };
    segments.push(begun);
    return begun;
  };

  const seal = (): void => {
    if (active !== undefined) before = { name: active.name, length: active.end };
    active = undefined;
  };

  /** What a failed write has left is taken back; where that fails too, the segment is never written again. */
  const takeBack = async (segment: OpenSegment): Promise<void> => {
    try {
      await disk.truncate(segment.name, segment.end);
      await disk.sync(segment.name);
    } catch {
      seal();
    }
  };

  const write = async (bytes: Buffer): Promise<OpenSegment> => {
    await reserve.take(bytes.length);
    active ??= await begin();
    const segment = active;
    try {
      await disk.write(segment.name, segment.end, bytes);
    } catch (error) {
      await takeBack(segment);
      throw error;
    }
    try {
      await disk.sync(segment.name);
    } catch (error) {
      // The kernel may have dropped what it could not write and call the next sync a success.
      seal();
      throw error;
    }
    segment.end += bytes.length;
    if (segment.end >= segmentBytes) seal();
    return segment;
  };

  /** What cannot be read for good must not keep all that is behind it from the database. */
  const read = async (segment: OpenSegment): Promise<Uint8Array> => {
    try {
      return await disk.read(segment.name);
    } catch (error) {
      segment.failures += 1;
      if (segment.failures < READ_ATTEMPTS) throw error;
      log.error('journal: a file cannot be read, it is set aside', { file: segment.name, error });
      return Buffer.alloc(0);
    }
  };

  const takeGroup = (): Waiting[] => {
    let bytes = 0;
    let taken = 0;
    for (const { frame } of queue) {
      if (taken > 0 && bytes + frame.length > GROUP_BYTES) break;
      bytes += frame.length;
      taken += 1;
    }
    const group = queue.slice(0, taken);
    queue = queue.slice(taken);
    return group;
  };

  /** All that is queued when the lane is free goes in one write and one sync. */
  const writeGroup = async (): Promise<void> => {
    const group = takeGroup();
    if (group.length === 0) return;
    underWay = group.length;
    const bytes = Buffer.concat(group.map(({ frame }) => frame));
    const began = clock.now();
    try {
      const segment = await write(bytes);
      segment.entries += group.length;
      underWay = 0;
      o.synced?.({ units: group.length, bytes: bytes.length, ms: clock.now() - began });
      for (const { resolve } of group) resolve();
    } catch (cause) {
      const error = fail('unavailable', `the journal cannot be written: ${textOf(cause)}`, { cause });
      for (const { unit, reject } of group) {
        count(unit.station, -1);
        reject(error);
      }
    }
    underWay = 0;
    if (queue.length > 0) void exclusive(writeGroup);
  };

  return {
    append: (unit) => {
      if (closed) return Promise.reject(fail('unavailable', 'the platform is stopping'));
      const frame = frameOf(textOfUnit(unit));
      count(unit.station, 1);
      return new Promise((resolve, reject) => {
        queue.push({ unit, frame, resolve, reject });
        if (queue.length === 1) void exclusive(writeGroup);
      });
    },
    each: (take) =>
      exclusive(async () => {
        for (const { name, end } of segments) take(unitsIn(await disk.read(name), end).units);
      }),
    next: (limit) =>
      exclusive(async () => {
        while (reading === undefined) {
          const [oldest] = segments;
          if (oldest === undefined) return [];
          if (oldest === active) seal();
          const { units, broken } = unitsIn(await read(oldest), oldest.end);
          if ((broken || units.length < oldest.entries) && !oldest.damaged) {
            damaged.push(oldest.name);
            log.error('journal: a file is damaged, units that were acknowledged are lost', {
              file: oldest.name,
              units: oldest.entries - units.length,
            });
            segments[0] = { ...oldest, damaged: true };
          }
          reading = { units, index: 0 };
          if (units.length === 0) await finish();
        }
        return reading.units.slice(reading.index, reading.index + limit);
      }),
    drained: (done) =>
      exclusive(async () => {
        if (reading === undefined) throw fail('broken-assumption', 'nothing of the journal is being drained');
        for (const { station } of reading.units.slice(reading.index, reading.index + done)) count(station, -1);
        reading.index += done;
        if (reading.index >= reading.units.length) await finish();
      }),
    writable: () =>
      exclusive(async () => {
        try {
          reserve.look();
          await write(frameOf(JSON.stringify({ test: clock.now() })));
          return true;
        } catch {
          return false;
        }
      }),
    waits: (station) => waiting.has(station),
    figures: () => ({
      entries:
        queue.length + underWay + segments.reduce((sum, { entries }) => sum + entries, 0) - (reading?.index ?? 0),
      bytes: segments.reduce((sum, { end }) => sum + end, 0),
      oldest: segments.find(({ entries }) => entries > 0)?.oldest,
      damaged,
      foreign,
    }),
    close: async () => {
      closed = true;
      while (queue.length > 0) await exclusive(writeGroup);
      await lane;
      await disk.close();
    },
  };

  /** The oldest segment is stored whole: away with it, or aside where something in it could not be read. */
  async function finish(): Promise<void> {
    const done = segments.shift();
    reading = undefined;
    if (done === undefined) return;
    try {
      if (done.damaged) {
        await disk.rename(done.name, asideOf(done.name));
        damaged.splice(damaged.indexOf(done.name), 1, asideOf(done.name));
      } else await disk.remove(done.name);
      await disk.syncNames();
    } catch (error) {
      // It is drained once more after the next start, which stores nothing twice.
      log.warn('journal: a drained file cannot be removed', { file: done.name, error });
    }
  }
};

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
