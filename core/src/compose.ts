import { instant, iso, type Deployment, type Log, type TenantId } from '@plugga/kit';
import { refuseUnfinished } from './backup/unfinished.ts';
import { createFrameRecorder } from './charger/frames.ts';
import { createChargerServer } from './charger/server.ts';
import { realClock, realRandom } from './clock.ts';
import { createCommands } from './command/queue.ts';
import type { Config } from './config.ts';
import { lockDataFolder } from './db/data-lock.ts';
import { startEmbedded } from './db/embedded.ts';
import { folderDisk } from './db/journal-disk.ts';
import { journalFolder, openJournal } from './db/journal.ts';
import { createLadder } from './db/ladder.ts';
import { migrate } from './db/migrate.ts';
import { appRole } from './db/migrations/guard.ts';
import { openDatabase } from './db/open.ts';
import { realDataFolder } from './db/postgres-home.ts';
import { createStore } from './db/store.ts';
import { openSystem } from './db/system.ts';
import type { CoreTables } from './db/tables.ts';
import { createTransactions } from './db/transactions.ts';
import { tellEachOther } from './cluster/appended.ts';
import { createHolders } from './cluster/holders.ts';
import { nodeName } from './cluster/name.ts';
import { createNodes } from './cluster/nodes.ts';
import { inProcessBus, type OpenBus } from './events/bus.ts';
import { natsBus } from './events/nats-bus.ts';
import { newId } from './id.ts';
import { within } from './db/within.ts';
import { createDelivery } from './events/delivery.ts';
import { keepCost } from './site/cost.ts';
import { createApp } from './http/app.ts';
import { listen } from './http/serve.ts';
import { createLive, followChanges } from './live.ts';
import { countedLog, createLog, logOf } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createHost } from './plugins/host.ts';
import { createLeases } from './plugins/lease.ts';
import { createRetention } from './retention/retention.ts';
import { createIdentityStore } from './site/evses.ts';
import { seed } from './site/seed.ts';
import { createStationStore } from './site/station-store.ts';
import { transactOf } from './site/transact.ts';
import { createRegistry } from './station/registry.ts';
import { settleAsk } from './station/settle-ask.ts';
import { createAuthorizer } from './token/authorize.ts';
import { version } from './version.ts';

export interface PlatformOptions {
  readonly config: Config;
  readonly deployment: Deployment;
  readonly log?: Log;
  /** Only tests turn it off: what is acknowledged is then lost with the machine's power. */
  readonly fsync?: boolean;
  /** Working connections beside the committer's own. */
  readonly poolSize?: number;
  /** A bus that several platforms of one process share, as nodes of one cluster; whoever made it closes it. */
  readonly bus?: OpenBus;
}

export interface Platform {
  /** http://host:port, without a slash at the end. */
  readonly url: string;
  readonly publicUrl: string;
  readonly databaseUrl: string;
  /** Made at this very start: shown once, stored nowhere. */
  readonly newAdminKey: string | undefined;
  readonly homeTenant: TenantId;
  /** The name of this node. */
  readonly node: string;
  /** Resolves when nothing that is in the log waits for a plugin any more; rejects after the deadline. */
  settled(deadlineMs: number): Promise<void>;
  stop(): Promise<void>;
}

const HEARTBEAT_SECONDS = 300;
/** How long a plugin may think about what a station waits for. */
const QUESTION_MS = 1_500;
const SETTLE_MS = 5_000;
const READY_MS = 1_000;

/** Starts the whole platform: what is started first is stopped last. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { config, deployment } = options;
  const metrics = createMetrics();
  const log = countedLog(options.log ?? createLog({ level: config.logLevel }), metrics.logged);
  const clock = realClock;
  const random = realRandom;
  const undo: (() => Promise<unknown> | unknown)[] = [];
  const stop = async (): Promise<void> => {
    while (undo.length > 0) {
      const end = undo.pop();
      try {
        await end?.();
      } catch (error) {
        log.error('stopping failed', { error });
      }
    }
  };

  try {
    // ---- the database ----
    const databaseUrl = config.databaseUrl === undefined ? await embedded() : await locked(config.databaseUrl);
    const onLost = (error: Error): void => log.warn('connection to the database lost', { error });
    const owner = openDatabase<unknown>({ url: databaseUrl, max: 3, onLost });
    undo.push(() => owner.close());
    await refuseUnfinished(owner.kysely);
    const applied = await migrate(owner.kysely, { log });
    if (applied.length > 0) log.info('schema migrated', { migrations: applied.length });
    const database = openDatabase<CoreTables>({ url: databaseUrl, role: appRole, max: options.poolSize ?? 10, onLost });
    undo.push(() => database.close());
    const system = openSystem({ url: databaseUrl, max: 3, onLost });
    undo.push(() => system.close());

    // ---- log, transactions, delivery ----
    const appended = new Set<() => void>();
    const tellAppended = (): void => {
      for (const listener of appended) listener();
    };
    const store = createStore({
      url: databaseUrl,
      clock,
      random,
      log,
      appended: tellAppended,
      committed: metrics.committed,
    });
    undo.push(() => store.close());
    const transactions = createTransactions({
      pool: database.pool,
      clock,
      random,
      appended: tellAppended,
      onEmit: keepCost,
    });
    const transact = transactOf(transactions);
    const delivery = createDelivery({
      store,
      pool: database.pool,
      system: system.pool,
      clock,
      random,
      log,
      appended: tellAppended,
      onEmit: keepCost,
    });
    appended.add(() => delivery.wake());
    const installation = await seed({
      transactions,
      system: system.kysely,
      random,
      party: config.party,
      onboarding: config.onboarding,
      adminKey: config.adminKey,
    });
    const { hmac, homeTenant } = installation;

    // ---- other nodes ----
    const node = await nodeName({ ...config, random });
    const bus = options.bus ?? (await openBus({ node, hmac }));
    if (options.bus === undefined) undo.push(() => bus.close());
    metrics.followBus(() => bus.state());
    undo.push(tellEachOther({ bus, clock, node, listeners: appended }));

    // ---- the journal, for when the database is away ----
    const journal = await openJournal({
      disk: folderDisk(journalFolder(config.dataDir)),
      clock,
      log,
      installation: installation.id,
      node,
      synced: metrics.synced,
    });
    const ladder = createLadder({ store, journal, clock, log });
    undo.push(() => ladder.close());
    // What an earlier run has left comes before anything that is heard now.
    await ladder.ready();

    // ---- plugins ----
    const http = await listen(config);
    undo.push(() => http.close());
    const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${http.port}`;
    const publicUrl = config.publicUrl ?? url;
    const host = createHost({
      deployment,
      owner,
      database,
      transactions,
      delivery,
      commands: { send: (...args) => commands.send(...args) },
      clock,
      random,
      bus,
      publicUrl,
      log,
      logOf: (plugin) => logOf(log, { plugin }),
    });
    await host.migrate();
    await host.setUp();
    undo.push(() => host.stop());

    // ---- stations ----
    const authorizer = createAuthorizer({
      transact,
      hmac,
      clock,
      ask: host.ask,
      deadlineMs: QUESTION_MS,
    });
    const frames = createFrameRecorder({ pool: system.pool, clock, log, keepDays: config.frameDays });
    undo.push(() => frames.close());
    const stations = createStationStore({ system: system.kysely, transact, clock, random, homeTenant, node });
    const holders = createHolders({
      bus,
      node,
      whereabouts: stations.whereabouts,
      answer: (...args) => live.answer(...args),
    });
    const nodes = createNodes({
      system: system.kysely,
      node,
      run: newId(random),
      version,
      url: publicUrl,
      clock,
      log,
      busState: () => bus.state(),
      held: () => registry.held(),
    });
    undo.push(() => nodes.leave());
    const registry = createRegistry({
      store: ladder,
      stations,
      holders,
      node,
      identities: createIdentityStore({ system: system.kysely, transact, clock, random }),
      clock,
      log,
      securityNoted: ({ identity, kind, detail }) => log.warn('security', { identity, kind, detail }),
      actor: {
        store: ladder,
        clock,
        random,
        log,
        quirks: deployment.quirks,
        adapters: deployment.adapters,
        heartbeatSeconds: HEARTBEAT_SECONDS,
        hmac,
        awayMs: ladder.awayMs,
        quietSince: ladder.quietSince,
        authorize: (credentials, ask) =>
          authorizer.authorize(credentials.tenant, { ...ask, station: credentials.station }),
        dataTransfer: async (credentials, ask) => {
          const answered = await host.ask(
            'dataTransfer',
            { ...ask, station: credentials.station },
            { tenant: credentials.tenant, deadlineMs: QUESTION_MS },
          );
          return answered?.answer ?? { status: 'unknownVendorId' };
        },
        settle: async ({ tenant }, session, state) => {
          const answered = await host.ask('settle', settleAsk(state, session), { tenant, deadlineMs: SETTLE_MS });
          const until = answered?.answer.waitUntil ?? 'now';
          return until === 'now' || until === 'unplug' ? until : instant(Date.parse(until));
        },
        effectSeen: (credentials, command, effect) => commands.effectSeen(credentials.tenant, command, effect),
        counted: metrics.counted,
      },
    });
    undo.push(() => registry.stop());
    const commands = createCommands({
      transactions,
      system: system.kysely,
      registry,
      holders,
      node,
      alone: bus.state().kind === 'alone',
      clock,
      random,
      log,
      tokenById: authorizer.tokenById,
      authorize: (tenant, station, ask) => authorizer.authorize(tenant, { ...ask, station }),
    });
    undo.push(() => commands.idle());
    undo.push(followChanges({ registry, bus, clock, tokens: authorizer }));

    // ---- faces ----
    const live = createLive({ registry, holders, commands, bus, system: system.kysely, clock });
    let open = false;
    const app = createApp({
      transactions,
      system: system.kysely,
      installation,
      adminKey: config.adminKey,
      clock,
      random,
      log,
      live,
      plugins: { ...host, release: delivery.release },
      version,
      publicUrl: () => publicUrl,
      readiness: async () => {
        const database = await within(clock, READY_MS, 'the database', system.pool.query('select 1')).then(
          () => 'ok',
          (error: unknown) => `away: ${error instanceof Error ? error.message : String(error)}`,
        );
        // A node that hears no other goes on alone: that is said, and is no reason to send it nobody. Nor is a database that is
        // away: stations are served from the journal.
        const state = bus.state();
        const hears = state.kind === 'away' ? `away, alone since ${iso(state.since)}` : 'ok';
        const storage = ladder.state();
        return {
          ready: open && storage !== 'shut',
          checks: {
            ...{ database, storage, ocpp: !open ? 'closed' : storage === 'shut' ? 'shut' : 'ok' },
            ...(state.kind === 'alone' ? {} : { bus: hears }),
          },
        };
      },
      metrics: metrics.text,
      counted: metrics.request,
      onAppended: (listener) => {
        appended.add(listener);
        return () => appended.delete(listener);
      },
    });
    const chargers = createChargerServer({
      stations: registry,
      adapters: deployment.adapters,
      clock,
      random,
      log,
      frames,
      pepper: installation.secret,
      onboarding: config.onboarding,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      count: metrics.door,
    });
    const retention = createRetention({
      pool: system.pool,
      leases: createLeases(database.kysely, random),
      clock,
      random,
      log,
      archiveDays: config.archiveDays,
      quarantineDays: config.quarantineDays,
      tidied: metrics.tidied,
    });
    retention.start();
    undo.push(() => retention.stop());
    metrics.follow({
      stationsOnline: () => chargers.connections,
      storage: ladder.figures,
      pluginLag: async () => (await host.status()).map(({ name, lag, parked }) => ({ plugin: name, lag, parked })),
    });
    await nodes.join();
    chargers.shut(ladder.state() === 'shut');
    ladder.onChange((state) => chargers.shut(state === 'shut'));
    await commands.recover();
    await host.run();
    registry.start();
    nodes.start();
    http.serve({ fetch: (request) => app.fetch(request), plain: chargers.handlePlain });
    chargers.attach(http.server);
    for (const adapter of deployment.adapters) adapter.warm?.();
    undo.push(() => chargers.drain(config.drainSeconds));
    open = true;
    undo.push(() => {
      open = false;
    });
    return {
      url,
      publicUrl,
      databaseUrl,
      newAdminKey: installation.newAdminKey,
      homeTenant,
      node,
      settled: delivery.settled,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }

  /** One process a data folder, whose journal it is; the embedded database sees to that itself. */
  async function locked(url: string): Promise<string> {
    const lock = await lockDataFolder(await realDataFolder(config.dataDir));
    undo.push(() => lock.release());
    return url;
  }

  async function openBus(o: { readonly node: string; readonly hmac: (text: string) => Buffer }): Promise<OpenBus> {
    if (config.natsUrl === undefined) return inProcessBus({ clock, log });
    // Whoever does not know the installation's secret cannot guess its subjects.
    const installation = o.hmac('bus').toString('base64url').slice(0, 16);
    return natsBus({
      ...{ url: config.natsUrl, prefix: `plugga.${installation}`, node: o.node, clock, log },
      ignored: metrics.busIgnored,
    });
  }

  async function embedded(): Promise<string> {
    const running = await startEmbedded({
      dataDir: config.dataDir,
      log,
      ...(options.fsync === undefined ? {} : { fsync: options.fsync }),
    });
    undo.push(() => running.stop());
    return running.url;
  }
}
