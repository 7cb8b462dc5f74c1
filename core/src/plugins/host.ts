import {
  type CliCommand,
  type Deployment,
  fail,
  iso,
  type Log,
  type Outside,
  type QuestionName,
  type Random,
  type UiContribution,
} from '@plugga/kit';
import { isPassing } from '../db/faults.ts';
import type { Database } from '../db/open.ts';
import type { CoreTables } from '../db/tables.ts';
import type { Bus, Clock } from '../ports.ts';
import type { BreakerOptions } from './breaker.ts';
import { configure, schemaOf } from './configure.ts';
import { contributionsOf, listenerOf, needsOf } from './contributions.ts';
import { contextOf, installationOf } from './context.ts';
import { emptySchema } from './empty.ts';
import type { CommandQueue, Delivery, Transactions } from './face.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { inTime } from './in-time.ts';
import { createLeases } from './lease.ts';
import { migratePlugin } from './migrate.ts';
import { order } from './order.ts';
import { type Answering, createQuestions, type QuestionsFace } from './questions.ts';
import { tellRestored } from './restored.ts';
import { type MountedRoutes, routesOf } from './routes.ts';
import { catchStrays, within } from './scope.ts';
import { createSettings, type Settings } from './settings.ts';
import { type Entry, eventsOf, type PluginStatus, statusOf, textOf } from './state.ts';
import { createWeb } from '../web/web.ts';
import { createWork, type Retry, type Work } from './work.ts';

export interface HostDeps {
  readonly deployment: Pick<Deployment, 'plugins' | 'ports'>;
  /** The role that owns the schema; for migrations only. */
  readonly owner: Database<unknown>;
  readonly database: Database<CoreTables>;
  readonly transactions: Transactions;
  readonly delivery: Delivery;
  readonly commands: CommandQueue;
  readonly clock: Clock;
  readonly random: Random;
  readonly bus: Bus;
  readonly outside: Outside;
  readonly publicUrl: string;
  readonly log: Log;
  logOf(plugin: string): Log;
  readonly setupMs?: number;
  readonly stopMs?: number;
  readonly breaker?: BreakerOptions;
  readonly retry?: Retry;
}

/** The plugins of a deployment. None that fails stops another, the core or a station. */
export interface Host {
  readonly ask: QuestionsFace['ask'];
  /** Brings each plugin's schema up to date. */
  migrate(): Promise<void>;
  /** Calls each plugin's `setup`, after those whose ports it needs. Needs no database unless a plugin asks for one. */
  setUp(): Promise<void>;
  /** Lets events, work and jobs reach the plugins. */
  run(): Promise<void>;
  /** Ends all of it, last set up first. */
  stop(): Promise<void>;
  /** In the deployment's order. */
  status(): Promise<readonly PluginStatus[]>;
  routesOf(): readonly MountedRoutes[];
  cli(): ReadonlyMap<string, CliCommand & { readonly plugin: string }>;
  /** Pages of plugins; `module` is the path at which it is served. */
  ui(): readonly (UiContribution & { readonly plugin: string })[];
  /** Builds the pages whose sources have changed, one after the other; the first visitor waits for less. */
  buildWeb(): Promise<void>;
  /** Throws `not-found` for a plugin that is not there. */
  settingsOf(plugin: string): Settings;
  /** Fills the plugin's schema again from the log, while it runs. Throws `conflict` for one whose `replay` is not 'rebuild'. */
  rebuild(plugin: string): Promise<void>;
  /** Runs a job now; false when it runs already, here or on another node. */
  runJob(plugin: string, job: string): Promise<boolean>;
}

/** Throws `plugin-invalid` where the deployment is wrong as a whole: names, ports that several offer, circles. */
export function createHost(deps: HostDeps): Host {
  const { deployment, clock, log } = deps;
  const { setupMs = 30_000, stopMs = 3_000 } = deps;
  const entries = configure(deployment.plugins).map((it): Entry => ({ config: undefined, ...it }));
  const byName = new Map(entries.map((entry) => [entry.plugin.name, entry]));
  const enabled = entries.filter((entry) => entry.state === 'configured').map((entry) => entry.plugin);
  const ordered = order(enabled, deployment.ports);
  const inOrder = ordered.plugins.map((plugin) => byName.get(plugin.name)!);
  const settings = new Map(entries.map(({ plugin }) => [plugin.name, createSettings(plugin, deps)]));
  let work: Work | undefined;
  let jobs: Jobs | undefined;
  let endStrays = (): void => {};
  let routes: readonly MountedRoutes[] = [];
  const web = createWeb({ clock, log });

  const remember = (plugin: string, where: string, error: unknown): void => {
    const entry = byName.get(plugin);
    if (entry) entry.lastError = { at: iso(clock.now()), where, message: textOf(error) };
  };
  const note = (plugin: string, where: string, error: unknown): void => {
    remember(plugin, where, error);
    deps.logOf(plugin).error(`plugin failed: ${where}`, { error });
  };
  const fall = (entry: Entry, state: 'failed' | 'blocked', reason: string): void => {
    entry.state = state;
    entry.reason = reason;
    log[state === 'failed' ? 'error' : 'warn'](`plugin ${state}`, { plugin: entry.plugin.name, reason });
  };
  const alive = (): readonly Entry[] => entries.filter(({ state }) => state === 'set up' || state === 'running');

  for (const { plugin, state, reason } of entries)
    if (state === 'disabled') log.warn('plugin disabled', { plugin: plugin.name, reason });

  const room = installationOf({
    transactions: deps.transactions,
    commands: deps.commands,
    clock,
    random: deps.random,
    outside: deps.outside,
    publicUrl: deps.publicUrl,
    work: () => {
      if (work === undefined) throw fail('unavailable', 'work can be enqueued once the platform has started');
      return work;
    },
  });

  const setUpOne = async (entry: Entry): Promise<void> => {
    const { name } = entry.plugin;
    const found = needsOf(entry, entries, ordered.offering);
    if ('missing' in found) return fall(entry, 'blocked', found.missing);
    const events = eventsOf(entry.plugin);
    const own = { name, config: entry.config, log: deps.logOf(name), settings: settings.get(name)!, events, ...found };
    try {
      entry.contributions = await contributionsOf(entry.plugin, contextOf(room, own), { clock, ms: setupMs });
      entry.state = 'set up';
    } catch (error) {
      note(name, 'setup', error);
      fall(entry, 'failed', `setup: ${textOf(error)}`);
    }
  };

  const questions = createQuestions({
    clock,
    answering: <K extends QuestionName>(question: K) =>
      alive().flatMap(({ plugin: { name }, contributions }): readonly Answering<K>[] => {
        const answer = contributions?.answers?.[question];
        return answer === undefined ? [] : [{ plugin: name, answer: (ask, o) => within(name, () => answer(ask, o)) }];
      }),
    missed: (plugin, question, error) => note(plugin, `answer ${question}`, error),
    ...(deps.breaker === undefined ? {} : { breaker: deps.breaker }),
  });

  const startJobs = (): Jobs => {
    const leases = createLeases(deps.database.kysely, deps.random);
    const failed = (plugin: string, job: string, error: unknown): void => note(plugin, `job ${job}`, error);
    const planned = createJobs({ leases, clock, random: deps.random, log, failed });
    for (const { plugin, contributions } of alive())
      for (const [name, job] of Object.entries(contributions?.jobs ?? {})) planned.add(plugin.name, name, job);
    planned.start();
    return planned;
  };

  const stopOne = async (entry: Entry): Promise<void> => {
    const { name } = entry.plugin;
    const stop = entry.contributions?.stop;
    entry.state = 'stopping';
    try {
      const stopped = within(name, async () => stop?.());
      await inTime(clock, stopMs, stopped, 'stop');
    } catch (error) {
      note(name, 'stop', error);
    }
    entry.state = 'stopped';
  };

  return {
    ask: questions.ask,
    async migrate() {
      for (const entry of inOrder) {
        try {
          await migratePlugin(deps.owner.kysely, entry.plugin, { log: deps.logOf(entry.plugin.name) });
          entry.state = 'migrated';
        } catch (error) {
          if (isPassing(error)) throw error; // the database is away: no fault of the plugin
          note(entry.plugin.name, 'migration', error);
          fall(entry, 'failed', `migration: ${textOf(error)}`);
        }
      }
    },
    async setUp() {
      endStrays = catchStrays((plugin, error) => {
        if (byName.has(plugin)) note(plugin, 'background', error);
      });
      // One after the other: each may use the ports of those before it.
      for (const entry of inOrder)
        if (entry.state === 'migrated' || entry.state === 'configured') await setUpOne(entry);
      const groups = alive().map(({ plugin, contributions }) => ({
        plugin: plugin.name,
        routes: { ...contributions?.routes, ...web.routesOf(plugin.name, contributions?.web) },
      }));
      routes = routesOf(groups, (plugin, where, error) => note(plugin, `route ${where}`, error));
    },
    async run() {
      const { owner, database, transactions, random, bus, retry } = deps;
      await tellRestored({
        db: database.kysely,
        transactions,
        entries: alive(),
        failed: (entry, error) => {
          note(entry.plugin.name, 'restored', error);
          fall(entry, 'failed', `restored: ${textOf(error)}`);
        },
      });
      const failed = (plugin: string, name: string, error: unknown): void => note(plugin, `work ${name}`, error);
      const needed = alive().filter(({ plugin }) => plugin.work !== undefined);
      if (needed.length > 0) {
        const pools = { owner: owner.pool, pool: database.pool };
        const retries = retry === undefined ? {} : { retry };
        work = await createWork({ ...pools, transactions, clock, random, bus, log, failed, ...retries });
      }
      for (const { plugin } of needed) await work?.declare(plugin.name, plugin.work);
      for (const entry of alive()) entry.state = 'running';
      for (const { plugin, contributions } of needed) await work?.start(plugin.name, contributions?.work ?? {});
      await deps.delivery.start(
        alive().map((entry) => listenerOf(entry, ordered.after.get(entry.plugin.name) ?? [], alive(), remember)),
      );
      jobs = startJobs();
    },
    async stop() {
      await web.stop();
      await jobs?.stop();
      await deps.delivery.stop();
      await work?.stop();
      for (const entry of inOrder.toReversed()) if (entry.contributions) await stopOne(entry);
      endStrays();
    },
    async status() {
      const [delivered, works] = await Promise.all([deps.delivery.status(), work?.counts()]);
      return entries.map((entry) => {
        const { name } = entry.plugin;
        return statusOf(entry, {
          ...{ delivered: delivered.get(name), work: works?.get(name) },
          ...{ offering: ordered.offering, paused: questions.paused(name) },
        });
      });
    },
    routesOf: () => routes,
    cli: () => {
      const commands = new Map<string, CliCommand & { readonly plugin: string }>();
      for (const { plugin, contributions } of alive())
        for (const [name, command] of Object.entries(contributions?.cli ?? {})) {
          const other = commands.get(name);
          if (other) throw fail('plugin-invalid', `"${plugin.name}" and "${other.plugin}" have the command "${name}"`);
          commands.set(name, { ...command, plugin: plugin.name });
        }
      return commands;
    },
    ui: () =>
      alive().flatMap(({ plugin, contributions }) =>
        (contributions?.ui ?? []).map((it) => ({
          ...it,
          module: it.module.startsWith('/')
            ? it.module
            : `${web.placeOf(plugin.name, contributions?.web)}/${it.module}`,
          plugin: plugin.name,
        })),
      ),
    buildWeb: () => web.buildAll((plugin, error) => note(plugin, 'build of its pages', error)),
    settingsOf(plugin) {
      const known = settings.get(plugin);
      if (known === undefined) throw fail('not-found', `there is no plugin "${plugin}"`);
      return known;
    },
    async rebuild(name) {
      const entry = byName.get(name);
      if (entry === undefined) throw fail('not-found', `there is no plugin "${name}"`);
      if (entry.plugin.replay !== 'rebuild') throw fail('conflict', `"${name}" is never replayed`);
      if (entry.state !== 'running') throw fail('conflict', `"${name}" is ${entry.state}, not running`);
      await deps.delivery.rebuild(name, { empty: (client) => emptySchema(client, schemaOf(name)) });
    },
    async runJob(plugin, job) {
      if (jobs === undefined) throw fail('unavailable', 'jobs run once the platform has started');
      return jobs.run(plugin, job);
    },
  };
}
