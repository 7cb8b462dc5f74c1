import { instant, type Instant, type StationId, type TenantId } from '@plugga/kit';
import { testDatabase } from '@plugga/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { realClock } from '../clock.ts';
import { openDatabase } from '../db/open.ts';
import { openSystem } from '../db/system.ts';
import { quiet } from '../db/store.test-support.ts';
import { createFrameRecorder } from './frames.ts';

const database = await testDatabase('frames');
const owner = openDatabase<unknown>({ url: database.url });
const system = openSystem({ url: database.url, max: 2 });
afterAll(async () => {
  await Promise.all([owner.close(), system.close()]);
  await database.drop();
});

const day = (text: string): Instant => instant(Date.parse(`${text}T12:00:00Z`));
const at = (now: Instant) => ({ ...realClock, now: () => now, at: () => () => undefined });
const frame = (o: { at: Instant; bytes: Uint8Array; tenant?: TenantId }) => ({
  tenant: 'a' as TenantId,
  station: 's1' as StationId,
  direction: 'in' as const,
  generation: 3,
  ...o,
});
const recorder = (now: Instant, mostBytes?: number) =>
  createFrameRecorder({
    pool: system.pool,
    clock: at(now),
    log: quiet,
    keepDays: 30,
    ...(mostBytes ? { mostBytes } : {}),
  });
const partitions = async () =>
  (
    await owner.pool.query(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'frame.raw'::regclass order by 1`,
    )
  ).rows.map((row) => row.name as string);

describe('the recorder of frames', () => {
  test('keeps every byte, of each tenant, in the partition of its day', async () => {
    const frames = recorder(day('2026-11-20'));
    const bytes = [
      Buffer.from('[2,"1","A",{}]'),
      Buffer.from([0, 255, 10, 0xc3]),
      Buffer.alloc(0),
      Buffer.alloc(5_000_000, 7),
    ];
    for (const [n, it] of bytes.entries())
      frames.record(frame({ at: day('2026-11-20'), bytes: it, ...(n === 1 ? { tenant: 'b' as TenantId } : {}) }));
    await frames.close();
    const { rows } = await owner.pool.query(
      'select tenant, station, at, direction, generation, bytes from frame.raw_20261120 order by id',
    );
    const sorted = (all: readonly Buffer[]) => all.map((it) => it.toString('latin1')).toSorted();
    expect(sorted(rows.map((row) => row.bytes)).join('|') === sorted(bytes).join('|')).toBe(true);
    expect(rows.filter((row) => row.tenant === 'b')).toMatchObject([
      { station: 's1', direction: 'in', generation: 3, bytes: bytes[1] },
    ]);
  });

  test('drops days that are older than it is told to keep, and makes the ones to come', async () => {
    await recorder(day('2026-12-20')).close();
    expect(await partitions()).toEqual(
      ['raw_20261120', 'raw_20261121', 'raw_20261122', 'raw_20261220', 'raw_20261221', 'raw_20261222'].map(
        (name) => `frame.${name}`,
      ),
    );
    await recorder(day('2026-12-22')).close();
    expect(await partitions()).not.toContain('frame.raw_20261121');
    expect(await partitions()).toContain('frame.raw_20261122');
  });

  test('a frame of a day that has no partition yet makes one', async () => {
    const frames = recorder(day('2027-01-05'));
    frames.record(frame({ at: day('2027-01-05'), bytes: Buffer.from('x') }));
    await frames.flush();
    expect(frames.dropped()).toBe(0);
    expect((await owner.pool.query('select from frame.raw_20270105')).rowCount).toBe(1);
  });

  test('what is more than its buffer holds is dropped and counted, what waited is written', async () => {
    const frames = recorder(day('2027-01-06'), 1_000);
    for (let n = 0; n < 5; n++) frames.record(frame({ at: day('2027-01-06'), bytes: Buffer.alloc(400) }));
    expect(frames.dropped()).toBe(3);
    await frames.close();
    expect((await owner.pool.query('select from frame.raw_20270106')).rowCount).toBe(2);
  });
});
