import { fail, instant, type Job, type Log } from '@plugga/kit';
import { createTask, type ScheduledTask } from 'node-cron';
import { newId } from '../id.ts';
import type { Clock, Random } from '../ports.ts';
import type { Leases } from './lease.ts';
import { within } from './scope.ts';

export interface JobsDeps {
  readonly leases: Leases;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  failed(plugin: string, job: string, error: unknown): void;
}

export interface Jobs {
  add(plugin: string, name: string, job: Job): void;
  start(): void;
  /** Runs it now, unless it runs somewhere; false when it does. */
  run(plugin: string, name: string): Promise<boolean>;
  /** Tells running jobs to end and waits for them. */
  stop(): Promise<void>;
}

const holdMs = 60_000;
/** node-cron counts a planned moment as missed a second later; a loaded process is later than that. */
const toleranceMs = 30_000;

interface Planned {
  readonly task: ScheduledTask;
  run(): Promise<void>;
}

/** Plans the jobs of plugins in UTC. Each run is one in the cluster; a job that still runs skips its next moment. */
export function createJobs({ leases, clock, random, log, failed }: JobsDeps): Jobs {
  const planned = new Map<string, Planned>();
  const running = new Set<Promise<void>>();
  const ending = new AbortController();

  /** Renews while it runs; a renewal that fails only means that another may start after `holdMs`. */
  const keep = (lease: string): (() => void) => {
    let cancel = (): void => {};
    const again = (): void => {
      cancel = clock.at(instant(clock.now() + holdMs / 3), () => {
        leases.renew(lease, holdMs).catch((error: unknown) => log.warn('lease not renewed', { job: lease, error }));
        again();
      });
    };
    again();
    return () => cancel();
  };

  const execute = async (plugin: string, name: string, job: Job): Promise<void> => {
    const lease = leaseOf(plugin, name);
    const letGo = keep(lease);
    try {
      await within(plugin, async () => job.run({ signal: ending.signal }));
    } catch (error) {
      failed(plugin, name, error);
    } finally {
      letGo();
      await leases.release(lease);
    }
  };

  return {
    add(plugin, name, job) {
      const lease = leaseOf(plugin, name);
      const run = (): Promise<void> => {
        const execution = execute(plugin, name, job).finally(() => running.delete(execution));
        running.add(execution);
        return execution;
      };
      const task = createTask(job.cron, run, {
        name: lease,
        timezone: 'UTC',
        noOverlap: true,
        distributed: true,
        runCoordinator: { shouldRun: (slot) => !ending.signal.aborted && leases.take(lease, slot, holdMs) },
        missedExecutionTolerance: toleranceMs,
        suppressMissedWarning: true,
        logger: quiet(log),
      });
      planned.set(lease, { task, run });
    },
    start() {
      for (const { task } of planned.values()) void task.start();
    },
    async run(plugin, name) {
      const lease = leaseOf(plugin, name);
      const it = planned.get(lease);
      if (it === undefined) throw fail('not-found', `"${plugin}" has no job "${name}"`);
      if (!(await leases.take(lease, `by hand ${newId(random)}`, holdMs))) return false;
      await it.run();
      return true;
    },
    async stop() {
      ending.abort();
      await Promise.all([...planned.values()].map(({ task }) => task.destroy()));
      await Promise.allSettled(running);
    },
  };
}

const leaseOf = (plugin: string, name: string): string => `job:${plugin}/${name}`;

const quiet = (log: Log) => ({
  debug: () => {},
  info: () => {},
  warn: (message: string) => log.debug(message),
  error: (message: string | Error) => log.warn(String(message)),
});
