import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type PlatformOptions, startPlatform as start } from '@plugga/core';
import type { Deployment } from '@plugga/kit';
import { testDatabase } from './database.ts';

export interface PlatformTestOptions extends Partial<Deployment> {
  /** Settings by their names: `{ PLUGGA_ONBOARDING: 'open' }`. A DATABASE_URL of yours may be shared by several. */
  readonly env?: Readonly<Record<string, string>>;
  /** The bus between the nodes of a cluster in this process: `inProcessBus({ shared: true })`. */
  readonly bus?: PlatformOptions['bus'];
  readonly log?: PlatformOptions['log'];
  /** `leapingClock()`: for what waits for minutes. */
  readonly clock?: PlatformOptions['clock'];
}

/** The whole platform in this process, on a database and a port of its own. */
export interface PlatformTest {
  /** http://127.0.0.1:port */
  readonly url: string;
  /** Stations connect to `<wsUrl>/<identity>`. */
  readonly wsUrl: string;
  /** The same over TLS: `<wssUrl>/<identity>`; undefined where PLUGGA_TLS_CERT is not set. */
  readonly wssUrl: string | undefined;
  /** Reads the certificates again, as SIGHUP does. */
  reload(): void;
  /** `Authorization: Bearer <adminKey>` may do everything. */
  readonly adminKey: string;
  /** Its name among the nodes of a cluster. */
  readonly node: string;
  /** Resolves when every plugin has handled what is in the log. */
  settled(deadlineMs?: number): Promise<void>;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** For tests with real sockets; a plugin alone is tested faster with `testPlugin`. */
export async function startPlatform(options: PlatformTestOptions = {}): Promise<PlatformTest> {
  const { env = {}, adapters = [], quirks = [], plugins = [], ports, bus, log, clock } = options;
  const adminKey = randomBytes(18).toString('base64url');
  const made = env['DATABASE_URL'] === undefined ? await testDatabase('platform') : undefined;
  const folder = await mkdtemp(join(tmpdir(), 'plugga-platform-'));
  const away = async (): Promise<void> => {
    await made?.drop();
    await rm(folder, { recursive: true, force: true });
  };
  const settings = {
    PLUGGA_PORT: '0',
    PLUGGA_TLS_PORT: '0',
    PLUGGA_DATA: folder,
    ...(made === undefined ? {} : { DATABASE_URL: made.url }),
    PLUGGA_ADMIN_KEY: adminKey,
    PLUGGA_LOG_LEVEL: 'silent',
    PLUGGA_DRAIN_SECONDS: '0',
    ...env,
  };
  try {
    const deployment = { adapters, quirks, plugins, ...(ports === undefined ? {} : { ports }) };
    const platform = await start({
      config: readConfig(settings),
      deployment,
      ...(bus === undefined ? {} : { bus }),
      ...(log === undefined ? {} : { log }),
      ...(clock === undefined ? {} : { clock }),
    });
    const stop = async (): Promise<void> => {
      await platform.stop();
      await away();
    };
    return {
      url: platform.url,
      wsUrl: `${platform.url.replace(/^http/, 'ws')}/ocpp`,
      wssUrl: platform.tlsUrl && `${platform.tlsUrl.replace(/^http/, 'ws')}/ocpp`,
      reload: platform.reload,
      adminKey: settings.PLUGGA_ADMIN_KEY,
      node: platform.node,
      settled: (deadlineMs = 10_000) => platform.settled(deadlineMs),
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await away();
    throw error;
  }
}
