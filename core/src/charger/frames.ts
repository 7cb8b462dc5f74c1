import { instant, type Instant, iso, type Log } from '@plugga/kit';
import type pg from 'pg';
import { faultOf } from '../db/faults.ts';
import type { Clock } from '../ports.ts';
import type { FrameRecorder } from './face.ts';
import { withoutDrivers, withoutSecrets } from './without-secrets.ts';

type Frame = Parameters<FrameRecorder['record']>[0];

export interface Frames extends FrameRecorder {
  /** Frames lost since the start, because the database did not keep up or refused them. */
  dropped(): number;
  /** Writes what is waiting. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const flushMs = 250;
const againMs = 1_000;
const rollMs = 6 * 60 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;
/** What an insert carries at most, so that none is long. */
const batchBytes = 2 * 1024 * 1024;

/**
 * Keeps frames as they went over the wire, in day partitions that it makes and drops. Buffered and never in the way: what
 * is too much is dropped and counted, which loses no fact. `pool` sees the rows of all tenants.
 */
export const createFrameRecorder = (deps: {
  readonly pool: pg.Pool;
  readonly clock: Clock;
  readonly log: Log;
  /** PLUGGA_FRAME_DAYS: days that are older are dropped. */
  readonly keepDays?: number;
  readonly mostBytes?: number;
}): Frames => {
  const { pool, clock, log, keepDays = 30, mostBytes = 32 * 1024 * 1024 } = deps;
  let waiting: Frame[] = [];
  let bytes = 0;
  let dropped = 0;
  let writing: Promise<void> | undefined;
  let cancelFlush: (() => void) | undefined;
  let cancelRoll = (): void => undefined;
  let rolling: Promise<void> = Promise.resolve();

  const roll = async (at: Instant): Promise<void> => {
    await pool.query('select frame.roll($1::date, $2)', [iso(at).slice(0, 10), keepDays]);
  };

  const rollOn = (): void => {
    cancelRoll = clock.at(instant(clock.now() + rollMs), rollOn);
    rolling = roll(clock.now()).catch((error: unknown) => log.error('days of frames not made or dropped', { error }));
  };

  const flushIn = (ms: number): void => {
    cancelFlush ??= clock.at(instant(clock.now() + ms), () => {
      cancelFlush = undefined;
      void flush();
    });
  };

  const flush = (): Promise<void> => (writing ??= writeAll().finally(() => (writing = undefined)));

  const writeAll = async (): Promise<void> => {
    await rolling;
    while (waiting.length > 0) {
      const batch = take();
      try {
        await write(batch);
      } catch (error) {
        if (faultOf(error) !== 'away') {
          dropped += batch.length;
          log.error('frames refused', { frames: batch.length, error });
          continue;
        }
        waiting = [...batch, ...waiting];
        bytes += sizeOf(batch);
        log.warn('frames not written, trying again', { frames: waiting.length, error });
        return flushIn(againMs);
      }
    }
  };

  const take = (): Frame[] => {
    let size = 0;
    const beyond = waiting.findIndex((frame) => (size += frame.bytes.length) > batchBytes);
    const batch = waiting.splice(0, beyond < 0 ? waiting.length : Math.max(beyond, 1));
    bytes -= sizeOf(batch);
    return batch;
  };

  const write = async (frames: readonly Frame[]): Promise<void> => {
    try {
      await insert(pool, frames);
    } catch (error) {
      if ((error as { code?: string }).code !== noPartition) throw error;
      for (const day of new Set(frames.map((frame) => Math.floor(frame.at / dayMs)))) await roll(instant(day * dayMs));
      await insert(pool, frames);
    }
  };

  rollOn();
  return {
    record: (said) => {
      const bytesShown = said.direction === 'out' ? withoutSecrets(said.bytes) : withoutDrivers(said.bytes);
      const frame = { ...said, bytes: bytesShown };
      if (bytes + frame.bytes.length > mostBytes) {
        if (dropped++ % 10_000 === 0) log.warn('frames are dropped: the database does not keep up', { dropped });
        return;
      }
      waiting.push(frame);
      bytes += frame.bytes.length;
      if (bytes > batchBytes) void flush();
      else flushIn(flushMs);
    },
    dropped: () => dropped,
    flush,
    close: async () => {
      cancelRoll();
      await flush();
      await flush(); // what came while the one before was written
      cancelFlush?.();
    },
  };
};

const noPartition = '23514';

/** An array as PostgreSQL reads it, of what needs no quotes: the driver would quote each, thousands a second. */
const list = (values: readonly (number | 'in' | 'out')[]): string => `{${values.join(',')}}`;

const sizeOf = (frames: readonly Frame[]): number => frames.reduce((sum, frame) => sum + frame.bytes.length, 0);

/** All bytes are one parameter, which goes over the wire as it is; the rows are cut out of it. */
const insert = async (pool: pg.Pool, frames: readonly Frame[]): Promise<void> => {
  let next = 1;
  const from = frames.map((frame) => (next += frame.bytes.length) - frame.bytes.length);
  await pool.query({
    name: 'frames',
    // Frames are no facts: this does not wait for the disk.
    text: `
      insert into frame.raw (tenant, station, at, direction, generation, bytes)
      select t, s, to_timestamp(a / 1000), d, g, substring($1::bytea from b for n)
      from unnest($2::text[], $3::text[], $4::double precision[], $5::text[], $6::integer[], $7::integer[], $8::integer[])
        as f(t, s, a, d, g, b, n), set_config('synchronous_commit', 'off', true)`,
    values: [
      Buffer.concat(frames.map((frame) => frame.bytes)),
      frames.map((frame) => frame.tenant),
      frames.map((frame) => frame.station),
      list(frames.map((frame) => frame.at)),
      list(frames.map((frame) => frame.direction)),
      list(frames.map((frame) => frame.generation)),
      list(from),
      list(frames.map((frame) => frame.bytes.length)),
    ],
  });
};
