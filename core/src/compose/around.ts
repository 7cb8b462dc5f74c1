import type { Deployment, Log } from '@plugga/kit';
import { realClock, realRandom } from '../clock.ts';
import type { Config } from '../config.ts';
import { countedLog, createLog } from '../log.ts';
import type { OpenBus } from '../events/bus.ts';
import { createMetrics, type Metrics } from '../metrics.ts';
import type { Clock, Random } from '../ports.ts';

export interface PlatformOptions {
  readonly config: Config;
  readonly deployment: Deployment;
  readonly log?: Log;
  /** Only tests turn it off: what is acknowledged is then lost with the machine's power. */
  readonly fsync?: boolean;
  /** Working connections beside the committer's own. */
  readonly poolSize?: number;
  /** Only tests turn it on or back. */
  readonly clock?: Clock;
  /** A bus that several platforms of one process share, as nodes of one cluster; whoever made it closes it. */
  readonly bus?: OpenBus;
}

/** What every part is given; nothing of it needs to be started. */
export interface Around {
  readonly options: PlatformOptions;
  readonly config: Config;
  readonly deployment: Deployment;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  /** What was started is ended when the platform stops: the last first. */
  ends(end: () => Promise<unknown> | unknown): void;
}

export function surroundings(options: PlatformOptions): Around & { stop(): Promise<void> } {
  const metrics = createMetrics();
  const log = countedLog(options.log ?? createLog({ level: options.config.logLevel }), metrics.logged);
  const undo: (() => Promise<unknown> | unknown)[] = [];
  return {
    ...{ options, config: options.config, deployment: options.deployment, log, metrics },
    ...{ clock: options.clock ?? realClock, random: realRandom },
    ends: (end) => void undo.push(end),
    stop: async () => {
      while (undo.length > 0) {
        const end = undo.pop();
        try {
          await end?.();
        } catch (error) {
          log.error('stopping failed', { error });
        }
      }
    },
  };
}
