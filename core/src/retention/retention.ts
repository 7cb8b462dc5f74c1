import type { Log } from '@plugga/kit';
import type pg from 'pg';
import { createJobs } from '../plugins/jobs.ts';
import type { Leases } from '../plugins/lease.ts';
import type { Clock, Random } from '../ports.ts';
import { archive } from './archive.ts';
import { tidy } from './tidy.ts';

export interface RetentionDeps {
  /** Sees the rows of all tenants. */
  readonly pool: pg.Pool;
  readonly leases: Leases;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** PLUGGA_ARCHIVE_DAYS. */
  readonly archiveDays: number;
  /** PLUGGA_QUARANTINE_DAYS. */
  readonly quarantineDays: number;
  /** Told when a job has come to its end. */
  readonly tidied?: (o: {
    readonly job: string;
    readonly rows: Readonly<Record<string, number>>;
    readonly at: number;
  }) => void;
}

export type RetentionJob = 'archive' | 'tidy';

export interface Retention {
  start(): void;
  /** Runs it now, unless it runs somewhere; false when it does. */
  run(job: RetentionJob): Promise<boolean>;
  /** Lets a batch that is under way come to its end. */
  stop(): Promise<void>;
}

const owner = 'core';
/** Often and little: a platform that is down at its moment loses an hour. */
const plan: Readonly<Record<RetentionJob, string>> = { archive: '23 * * * *', tidy: '43 * * * *' };

/** Keeps the database from growing without end: each job runs once in the cluster. Days of frames are the recorder's. */
export const createRetention = (deps: RetentionDeps): Retention => {
  const { clock, log, pool } = deps;
  const jobs = createJobs({
    ...deps,
    failed: (_, job, error) => log.error('retention failed, it is tried again in an hour', { job, error }),
  });
  const work: Readonly<Record<RetentionJob, (signal: AbortSignal) => Promise<Readonly<Record<string, number>>>>> = {
    archive: async (signal) => ({ archived: await archive({ pool, clock, days: deps.archiveDays, signal }) }),
    tidy: (signal) => tidy({ pool, clock, log, quarantineDays: deps.quarantineDays, signal }),
  };
  for (const [job, cron] of Object.entries(plan) as [RetentionJob, string][])
    jobs.add(owner, job, {
      cron,
      run: async ({ signal }) => {
        const began = clock.now();
        const rows = await work[job](signal);
        await noteEnd(pool, job);
        deps.tidied?.({ job, rows, at: clock.now() });
        if (Object.values(rows).some((count) => count > 0))
          log.info('retention done', { job, ...rows, ms: clock.now() - began });
      },
    });
  return { start: jobs.start, run: (job) => jobs.run(owner, job), stop: jobs.stop };
};

/** For `plugga doctor`. */
const noteEnd = async (pool: pg.Pool, job: RetentionJob): Promise<void> => {
  await pool.query(
    `insert into core.installation (key, value) values ($1, to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
     on conflict (key) do update set value = excluded.value`,
    [`retention-${job}`],
  );
};
