import fc from 'fast-check';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MemoryDisk, memoryDisk, testClock } from '@plugga/testing';
import type { StationId } from '@plugga/kit';
import { describe, expect, test } from 'vitest';
import type { Unit } from '../ports.ts';
import { folderDisk } from './journal-disk.ts';
import { type Journal, type JournalOptions, openJournal } from './journal.ts';
import { anEvent, aUnit, quiet } from './store.test-support.ts';

const installation = 'abc123';
const open = (disk: JournalOptions['disk'], o: Partial<JournalOptions> = {}): Promise<Journal> =>
  openJournal({ disk, clock: testClock(), log: quiet, installation, node: 'test', reserveBytes: 0, ...o });

const some = (count: number, from = 1): Unit[] =>
  Array.from({ length: count }, (_, n) => aUnit(`S${n % 3}`, from + n, { events: [anEvent({ data: { n } })] }));

/** Everything, in its order, and none of it twice. */
const drainAll = async (journal: Journal): Promise<string[]> => {
  const ids: string[] = [];
  for (;;) {
    const units = await journal.next(7);
    if (units.length === 0) return ids;
    ids.push(...units.map(({ id }) => id));
    await journal.drained(units.length);
  }
};
const idsOf = (units: readonly Unit[]): string[] => units.map(({ id }) => id);
const keep = async (journal: Journal, units: readonly Unit[]): Promise<void> => {
  await Promise.all(units.map((unit) => journal.append(unit)));
};

describe('the journal', () => {
  test('what was appended is drained unchanged and in order, also by the next process, and its files are gone then', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plugga-journal-'));
    try {
      const raw = Buffer.from([0, 255, 1, 254]);
      const units = [aUnit('S', 1, { raw, action: 'StartTransaction', stationState: { a: 1 } }), ...some(20)];
      const first = await open(folderDisk(folder), { segmentBytes: 2_000 });
      await keep(first, units);
      expect(first.figures()).toMatchObject({ entries: 21, damaged: [], foreign: [] });
      await first.close();
      const second = await open(folderDisk(folder));
      expect(second.figures().entries).toBe(21);
      expect(second.waits('S' as StationId)).toBe(true);
      const [unit] = await second.next(1);
      const { raw: frame, ...rest } = unit!;
      expect(frame).toEqual(raw);
      expect(JSON.stringify(rest)).toBe(JSON.stringify({ ...units[0], raw: undefined }));
      expect(await drainAll(second)).toEqual(idsOf(units));
      expect(second.waits('S' as StationId)).toBe(false);
      expect(await readdir(folder)).toEqual([]);
      await second.close();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('all that is queued goes in one write and one sync, and nothing is acknowledged before it', async () => {
    const disk = memoryDisk();
    const journal = await open(disk);
    await journal.append(aUnit('S', 1));
    const calls: string[] = [];
    let letGo = (): void => undefined;
    disk.before = (operation) => {
      calls.push(operation);
      return operation === 'sync' ? new Promise((resolve) => (letGo = resolve)) : undefined;
    };
    let acknowledged = 0;
    const appends = some(50, 2).map((unit) => journal.append(unit).then(() => (acknowledged += 1)));
    while (!calls.includes('sync')) await new Promise(setImmediate);
    expect(acknowledged).toBe(0);
    letGo();
    await Promise.all(appends);
    expect(calls.filter((it) => it !== 'free')).toEqual(['write', 'sync']);
    disk.before = undefined;
    expect((await (await open(disk.crash(() => 0))).next(100)).length).toBe(51);
  });

  test('what comes while a group is written is the next group, before and after a drain', async () => {
    const journal = await open(memoryDisk());
    const units = some(40);
    const appended: Promise<void>[] = [];
    const drained: string[] = [];
    for (const [n, unit] of units.entries()) {
      appended.push(journal.append(unit));
      if (n % 5 !== 0) continue;
      const next = await journal.next(3);
      drained.push(...idsOf(next));
      await journal.drained(next.length);
    }
    await Promise.all(appended);
    expect([...drained, ...(await drainAll(journal))]).toEqual(idsOf(units));
    expect(journal.figures()).toMatchObject({ entries: 0, bytes: 0, oldest: undefined });
  });
});

/** A journal of three segments as a crash leaves it, and what is in which file. */
const written = async (disk: MemoryDisk, units: readonly Unit[]): Promise<void> => {
  const journal = await open(disk, { segmentBytes: 1_500 });
  for (const unit of units) await journal.append(unit);
};

describe('PB-19: recovery', () => {
  const units = some(12);

  test('any prefix of the last file gives exactly the units that are whole in it, and is clean after it', async () => {
    const whole = memoryDisk();
    await written(whole, units);
    const last = whole.names.at(-1)!;
    const bytes = whole.bytes(last)!;
    const ahead = await drainAll(await open(without(whole, last)));
    for (let length = 0; length <= bytes.length; length += 1) {
      const disk = copyOf(whole);
      disk.put(last, bytes.subarray(0, length));
      const journal = await open(disk);
      expect(journal.figures().damaged).toEqual([]);
      const ids = await drainAll(journal);
      expect(ids).toEqual(idsOf(units).slice(0, ids.length));
      expect(ids.length).toBeGreaterThanOrEqual(ahead.length);
      const missing = units.slice(ids.length).length;
      if (length === bytes.length) expect(missing).toBe(0);
      // The next start finds nothing to mend.
      expect(await drainAll(await open(disk))).toEqual([]);
    }
  });

  test('a torn tail of whatever bytes gives exactly what was written before it', async () => {
    const whole = memoryDisk();
    await written(whole, units);
    const last = whole.names.at(-1)!;
    const bytes = whole.bytes(last)!;
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (tail, zeros) => {
        const disk = copyOf(whole);
        disk.put(last, Buffer.concat([bytes, zeros ? Buffer.alloc(tail.length) : tail]));
        const journal = await open(disk);
        expect(disk.bytes(last)).toEqual(bytes);
        expect(journal.figures()).toMatchObject({ entries: 12, damaged: [] });
        expect(await drainAll(journal)).toEqual(idsOf(units));
      }),
      { numRuns: 200 },
    );
  });

  test('any flipped byte costs the record that it is in and no other, never gives a wrong one, and is said unless it is a torn tail', async () => {
    const whole = memoryDisk();
    await written(whole, units);
    const texts = new Map(units.map((unit) => [unit.id, JSON.stringify(unit)]));
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, where, bits) => {
        const disk = copyOf(whole);
        const name = disk.names[which % disk.names.length]!;
        const bytes = Buffer.from(disk.bytes(name)!);
        bytes[where % bytes.length]! ^= bits;
        disk.put(name, bytes);
        const journal = await open(disk);
        const ids: string[] = [];
        for (let next = await journal.next(5); next.length > 0; next = await journal.next(5)) {
          for (const unit of next) expect(JSON.stringify(unit)).toBe(texts.get(unit.id));
          ids.push(...idsOf(next));
          await journal.drained(next.length);
        }
        const lost = idsOf(units).filter((id) => !ids.includes(id));
        expect(ids).toEqual(idsOf(units).filter((id) => !lost.includes(id)));
        expect(lost.length).toBeLessThanOrEqual(1);
        const { damaged } = journal.figures();
        const isTail = lost[0] === units.at(-1)?.id;
        if (isTail) expect(damaged).toEqual([]);
        else expect(damaged).toEqual([`${name}.damaged`]);
        expect(disk.names).toEqual(damaged);
      }),
      { numRuns: 400 },
    );
  });

  test('a crash between any two steps loses nothing that was acknowledged', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.nat({ max: 400 }), async (steps, tear) => {
        const disk = memoryDisk();
        let left = steps;
        disk.before = (operation) => {
          if (operation === 'free' || operation === 'list' || operation === 'read') return;
          left -= 1;
          if (left < 0) throw new Error('the machine is gone');
        };
        const acknowledged: string[] = [];
        const stored = new Set<string>();
        const journal = await open(disk, { segmentBytes: 900 });
        for (const [n, unit] of units.entries()) {
          await journal.append(unit).then(
            () => acknowledged.push(unit.id),
            () => undefined,
          );
          if (n !== 7 || left < 0) continue;
          const next = await journal.next(4);
          for (const { id } of next) stored.add(id);
          await journal.drained(next.length).catch(() => undefined);
        }
        disk.before = undefined;
        const after = await open(disk.crash((_, unsynced) => Math.min(unsynced, tear)));
        expect(after.figures().damaged).toEqual([]);
        const ids = await drainAll(after);
        expect(acknowledged.filter((id) => !ids.includes(id) && !stored.has(id))).toEqual([]);
        expect(ids).toEqual(idsOf(units).filter((id) => ids.includes(id)));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a disk that fails', () => {
  test('a full disk refuses the group, leaves nothing of it, and goes on when there is room', async () => {
    const disk = memoryDisk();
    const journal = await open(disk);
    const [first, ...rest] = some(5);
    await journal.append(first!);
    const before = disk.bytes(disk.names[0]!)!;
    disk.capacity = before.length + 150;
    const outcomes = await Promise.allSettled(rest.map((unit) => journal.append(unit)));
    expect(outcomes.map((it) => it.status)).toEqual(Array.from({ length: 4 }, () => 'rejected'));
    expect(disk.bytes(disk.names[0]!)).toEqual(before);
    expect(await journal.writable()).toBe(true); // what says nothing is small
    disk.capacity = before.length + 10;
    expect(await journal.writable()).toBe(false);
    expect(journal.waits('S1' as StationId)).toBe(false);
    disk.capacity = 1e9;
    await keep(journal, rest);
    expect(await drainAll(journal)).toEqual(idsOf([first!, ...rest]));
  });

  test('the reserve is left free', async () => {
    const disk = memoryDisk();
    disk.capacity = 10_000;
    const clock = testClock();
    const journal = await open(disk, { reserveBytes: 9_000, clock });
    await journal.append(aUnit('S', 1));
    disk.capacity = 9_300;
    await clock.advance(300); // the figure of free space is a little stale
    await expect(journal.append(aUnit('S', 2))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await journal.writable()).toBe(false);
  });

  test('a sync that fails is never tried again: its group is refused for ever, a fresh file takes the next', async () => {
    const disk = memoryDisk();
    const journal = await open(disk);
    const [first, refused, later] = some(3) as [Unit, Unit, Unit];
    await journal.append(first);
    const synced: string[] = [];
    disk.before = (operation, name) => {
      if (operation !== 'sync') return;
      synced.push(name);
      if (synced.length === 1) throw new Error('EIO');
    };
    await expect(journal.append(refused)).rejects.toMatchObject({ code: 'unavailable' });
    expect(synced).toEqual([disk.names[0]]);
    await journal.append(later);
    expect(synced.slice(1)).toEqual([disk.names[1], disk.names[1]]);
    // Though all of the refused group had reached the disk: somebody else may have taken its place since.
    disk.before = undefined;
    const after = disk.crash();
    expect(await drainAll(await open(after))).toEqual(idsOf([first, later]));
    expect(after.names).toEqual([]);
  });

  test('a file that cannot be read at all is tried some times, then set aside, and the rest is drained', async () => {
    const disk = memoryDisk();
    const journal = await open(disk, { segmentBytes: 400 });
    const units = some(4);
    for (const unit of units) await journal.append(unit);
    const [bad] = disk.names;
    let reads = 0;
    disk.before = (operation, name) => {
      if (operation === 'read' && name === bad && (reads += 1) > 0) throw new Error('EIO');
    };
    const failures: unknown[] = [];
    let ids: string[] | undefined;
    while (ids === undefined) ids = await drainAll(journal).catch((error: unknown) => void failures.push(error));
    expect(failures).toHaveLength(4);
    expect(ids).toEqual(idsOf(units).slice(-ids.length));
    expect(ids.length).toBeGreaterThan(0);
    expect(disk.names).toEqual([`${bad}.damaged`]);
  });

  test('a file that turns unreadable while it waits is set aside after what can be read of it', async () => {
    const disk = memoryDisk();
    const journal = await open(disk);
    const units = some(3);
    for (const unit of units) await journal.append(unit);
    const bytes = Buffer.from(disk.bytes(disk.names[0]!)!);
    bytes[bytes.length >> 1]! ^= 1;
    disk.put(disk.names[0]!, bytes);
    expect(await drainAll(journal)).toHaveLength(2);
    expect(journal.figures().damaged).toEqual(disk.names);
    expect(disk.names[0]).toMatch(/\.damaged$/);
  });
});

describe('whose journal it is', () => {
  test('a journal of another installation is neither drained nor touched, and is said', async () => {
    const disk = memoryDisk();
    const theirs = await open(disk, { installation: 'other' });
    await keep(theirs, some(3));
    const files = disk.names.map((name) => [name, disk.bytes(name)] as const);
    const lines: string[] = [];
    const log = { ...quiet, error: (line: string) => void lines.push(line) };
    const ours = await open(disk, { log });
    expect(lines).toEqual(['journal: files of another installation or a newer version are not drained']);
    expect(ours.figures()).toMatchObject({ entries: 0, foreign: files.map(([name]) => name) });
    await keep(ours, some(2));
    expect(await drainAll(ours)).toHaveLength(2);
    expect(disk.names.map((name) => [name, disk.bytes(name)])).toEqual(files);
    expect(await drainAll(await open(disk, { installation: 'other' }))).toHaveLength(3);
  });

  test('a unit that is no JSON is kept with its raw frame, as something that the database will refuse', async () => {
    const journal = await open(memoryDisk());
    const raw = Buffer.from('[2]');
    await journal.append(aUnit('S', 1, { events: [anEvent({ data: { big: 10n } })], raw, action: 'DataTransfer' }));
    expect(await journal.next(1)).toMatchObject([
      { station: 'S', raw, action: 'DataTransfer', events: [{ data: expect.stringContaining('\0') as string }] },
    ]);
  });
});

const copyOf = (from: MemoryDisk): MemoryDisk => {
  const disk = memoryDisk();
  for (const name of from.names) disk.put(name, from.bytes(name)!);
  return disk;
};

const without = (from: MemoryDisk, name: string): MemoryDisk => {
  const disk = memoryDisk();
  for (const other of from.names) if (other !== name) disk.put(other, from.bytes(other)!);
  return disk;
};
