import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, type Launch, type Launched, launchPlatform, type Platform } from '../e2e/process.ts';

/** Keeps a platform running, as an init system does: whatever ends it, it is started again on the same data and port. */
export interface Keeper {
  /** Undefined while it starts. */
  readonly platform: Platform | undefined;
  /** Of the first start; the same at each further one. */
  readonly port: number;
  /** How often it was started, and how often it became ready. */
  readonly starts: number;
  readonly readies: number;
  /** Ends that nobody caused, each with the end of the log; `running` once it had been ready. */
  readonly ends: readonly { readonly when: 'starting' | 'running'; readonly log: string }[];
  /** How many lives have logged what fits. */
  logged(pattern: RegExp): number;
  /** SIGKILL to the platform alone, whatever it is doing; says what that was. */
  kill(): Promise<'starting' | 'running'>;
  up(step: string, withinMs: number): Promise<Platform>;
  stop(): Promise<void>;
}

const AGAIN_MS = 500;

/** Resolves when it is ready for the first time. */
export const keep = async (launch: Launch): Promise<Keeper> => {
  const ends: { when: 'starting' | 'running'; log: string }[] = [];
  const logs: (() => string)[] = [];
  let port = launch.port ?? 0;
  let platform: Platform | undefined;
  let current: Launched | undefined;
  let killed = false;
  let stopping = false;
  let starts = 0;
  let readies = 0;

  const live = async (): Promise<void> => {
    while (!stopping) {
      killed = false;
      starts += 1;
      const launched = (current = launchPlatform({ ...launch, port }));
      logs.push(launched.child.log);
      const became = await launched.ready.catch(() => undefined);
      if (became !== undefined) {
        readies += 1;
        ({ port } = became);
        platform = became;
      }
      await launched.child.exited;
      const when = platform === undefined ? 'starting' : 'running';
      platform = undefined;
      if (killed || stopping) continue;
      ends.push({ when, log: launched.child.log().slice(-2_000) });
      await sleep(AGAIN_MS);
    }
  };
  const living = live();

  const up = (step: string, withinMs: number): Promise<Platform> =>
    eventually(`the platform is ready: ${step}`, withinMs, () => {
      if (platform === undefined) throw new Error(`it is not\n${current?.child.log().slice(-2_000)}`);
      return platform;
    });

  const keeper: Keeper = {
    get platform() {
      return platform;
    },
    get port() {
      return port;
    },
    get starts() {
      return starts;
    },
    get readies() {
      return readies;
    },
    ends,
    logged: (pattern) => logs.filter((log) => pattern.test(log())).length,
    async kill() {
      const when = platform === undefined ? 'starting' : 'running';
      const launched = current;
      if (launched === undefined) return when;
      killed = true;
      launched.child.process.kill('SIGKILL');
      await launched.child.exited;
      return when;
    },
    up,
    async stop() {
      stopping = true;
      if (platform === undefined) current?.child.process.kill('SIGKILL');
      else await platform.stop();
      await living;
    },
  };
  await up('first start', 60_000);
  return keeper;
};
