import { fail, type TenantId } from '@plugga/kit';
import { type Around, type PlatformOptions, surroundings } from './compose/around.ts';
import { createOperatorSide } from './compose/operators.ts';
import { createStationSide } from './compose/stations.ts';
import { isOfOther, openStorage, openUnits, type Storage } from './compose/storage.ts';
import { commandEffects, createCommands } from './command/queue.ts';
import { createPendingCredentials } from './site/pending-credentials.ts';
import { createDelivery } from './events/delivery.ts';
import { inProcessBus, type OpenBus } from './events/bus.ts';
import { natsBus } from './events/nats-bus.ts';
import { tellEachOther } from './cluster/appended.ts';
import { nodeName } from './cluster/name.ts';
import { createNodes } from './cluster/nodes.ts';
import { hearPrices, tellPrices } from './cluster/prices.ts';
import { newId } from './id.ts';
import { version } from './version.ts';
import { listen } from './http/serve.ts';
import { logOf } from './log.ts';
import { createOutside } from './outside/outside.ts';
import { createHost } from './plugins/host.ts';
import { createLeases } from './plugins/lease.ts';
import { createRetention } from './retention/retention.ts';
import { hmacOf, installationIdOf } from './site/installation.ts';
import type { Installation } from './site/seed.ts';
import { createSecurityNotes } from './site/security-notes.ts';
import { createRefresh } from './standing/refresh.ts';
import { keepTls } from './tls/keeper.ts';

export type { PlatformOptions } from './compose/around.ts';

/** How long a tariff for a station may take to be compiled. */
const TARIFF_MS = 5_000;

export interface Platform {
  /** http://host:port, without a slash at the end. */
  readonly url: string;
  /** https://host:port, where there is a certificate to show. */
  readonly tlsUrl: string | undefined;
  readonly publicUrl: string;
  readonly databaseUrl: string;
  /** `away`: stations are served from the standing file; everything else waits for the database. */
  readonly database: 'there' | 'away';
  /** Made at this very start: shown once, stored nowhere. */
  readonly newAdminKey: string | undefined;
  readonly homeTenant: TenantId;
  /** The name of this node. */
  readonly node: string;
  /** Builds the browser programs of plugins whose sources have changed; the first visitor would do so otherwise. */
  buildWeb(): Promise<void>;
  /** Resolves when nothing that is in the log waits for a plugin any more; rejects after the deadline. */
  settled(deadlineMs: number): Promise<void>;
  /** Reads the TLS listener's certificates again; connections that are open live on. */
  reload(): void;
  stop(): Promise<void>;
}

/**
 * Starts the whole platform: what is started first is stopped last. Every part is made first, which needs no database. Where
 * it answers, all is brought up; where it does not and the standing file knows the installation, stations are served alone
 * and the rest is brought up when it has come.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { stop, ...around } = surroundings(options);
  try {
    return { ...(await start(around)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(around: Around): Promise<Omit<Platform, 'stop'>> {
  const { config, clock, random, log, ends } = around;

  // ---- what is kept, and whose it is ----
  const storage = await openStorage(around);
  const { reach, standing } = storage;
  let prepared = storage.isThere ? await storage.prepare() : undefined;
  const installation = prepared ?? fromStanding(storage);
  const isThere = prepared !== undefined;

  // ---- other nodes ----
  const node = await nodeName({ ...config, random });
  const bus = around.options.bus ?? (await openBus(around, { node, hmac: installation.hmac }));
  if (around.options.bus === undefined) ends(() => bus.close());
  around.metrics.followBus(() => bus.state());
  ends(tellEachOther({ bus, clock, node, listeners: storage.listeners }));

  // ---- the journal, for when the database is away ----
  const units = await openUnits(around, {
    ...{ storage, installation: installation.id, node, isPrepared: () => prepared !== undefined },
  });

  // ---- plugins and their events ----
  const tls = config.tls === undefined ? undefined : keepTls({ files: config.tls, clock, log });
  const http = await listen({
    ...{ host: config.host, port: config.port },
    tls: tls && config.tls && { port: config.tls.port, material: tls.material },
  });
  ends(() => http.close());
  if (http.tls !== undefined) tls?.start(http.tls.renew);
  ends(() => tls?.stop());
  const hostInUrl = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `http://${hostInUrl}:${http.port}`;
  const tlsUrl = http.tls && `https://${hostInUrl}:${http.tls.port}`;
  const publicUrl = config.publicUrl ?? url;
  const { owner, database, transactions } = storage;
  const delivery = createDelivery({
    ...{ store: storage.log, pool: database.pool, system: storage.system.pool, clock, random, log },
    ...{ appended: storage.appended, onEmit: Object.assign(storage.onEmit, tellPrices(bus)) },
  });
  storage.onAppended(delivery.wake);
  const host = createHost({
    ...{ deployment: around.deployment, owner, database, transactions, delivery, clock, random, bus, publicUrl, log },
    outside: createOutside({ allow: config.egressAllow }),
    commands: { send: (...args) => commands.send(...args) },
    logOf: (plugin) => logOf(log, { plugin }),
  });
  ends(() => host.stop());

  // ---- stations ----
  const notes = createSecurityNotes({ transactions, clock, log, away: reach.away });
  ends(() => notes.stop());
  const stations = createStationSide(around, {
    ...{ storage, units, installation, ask: host.ask, node, bus },
    ...{ anchors: tls?.anchors, securityNoted: notes.noted },
    answer: (...args) => operators.live.answer(...args),
    effects: commandEffects(() => commands),
  });
  const { registry, authorizer, holders, chargers } = stations;
  ends(hearPrices(bus, registry));
  const nodes = createNodes({
    ...{ system: storage.path.system.kysely, node, run: newId(random), version, url: publicUrl, clock, log },
    busState: () => bus.state(),
    held: () => registry.held(),
  });
  ends(() => (reach.away() ? undefined : nodes.leave()));
  const commands = createCommands({
    ...{ transactions, system: storage.system.kysely, registry, holders, node, clock, random, log },
    alone: bus.state().kind === 'alone',
    credentials: createPendingCredentials({
      ...{ transact: storage.path.transact, secret: installation.secret, random },
      changed: (station, identity) => operators.live.stationChanged({ id: station, identity }),
    }),
    tokenById: authorizer.tokenById,
    stationTariff: async (tenant, ask) =>
      (await host.ask('stationTariff', ask, { tenant, deadlineMs: TARIFF_MS }))?.answer,
    publicUrl,
    authorize: (tenant, station, ask) => authorizer.authorize(tenant, { ...ask, station }),
  });
  ends(() => commands.idle());
  const refresh = createRefresh({ standing, reach, system: storage.path.system.kysely, clock, log });
  ends(() => refresh.stop());

  // ---- operators, and whoever looks after the process ----
  const operators = createOperatorSide(around, {
    ...{ storage, units, stations, commands, delivery, host, bus, refresh, publicUrl },
    serve: (fetch) => http.serve({ fetch, plain: chargers.handlePlain }),
  });

  const retention = createRetention({
    ...{ pool: storage.system.pool, leases: createLeases(database.kysely, random), clock, random, log },
    ...{ archiveDays: config.archiveDays, quarantineDays: config.quarantineDays, tidied: around.metrics.tidied },
  });
  ends(() => retention.stop());

  /** What needs the database, once it is there and its schema is ours. */
  const bringUp = async (known: Installation): Promise<void> => {
    await host.migrate();
    await host.setUp();
    await nodes.join();
    await commands.recover();
    await host.run();
    nodes.start();
    operators.open(known);
    retention.start();
    refresh.start();
  };
  if (prepared !== undefined) await bringUp(prepared);
  else
    reach.before(async () => {
      prepared ??= await storage.prepare().catch((error: unknown) => {
        if (isOfOther(error)) operators.refuse(error);
        throw error;
      });
      await bringUp(prepared);
    });

  registry.start();
  operators.start();
  for (const server of http.servers) chargers.attach(server);
  for (const adapter of around.deployment.adapters) adapter.warm?.();
  ends(() => storage.letGoIfSilent());
  ends(() => chargers.drain(config.drainSeconds));
  operators.ready(true);
  ends(() => operators.ready(false));
  return {
    ...{ url, tlsUrl, publicUrl, databaseUrl: storage.databaseUrl, newAdminKey: prepared?.newAdminKey },
    node,
    reload: () => tls?.reload(),
    ...{ homeTenant: installation.homeTenant, settled: delivery.settled },
    buildWeb: host.buildWeb,
    database: isThere ? 'there' : 'away',
  };
}

function fromStanding({ standing }: Storage) {
  const known = standing.installation();
  if (known === undefined) throw fail('unavailable', 'the standing file knows no installation');
  const hmac = hmacOf(known.secret);
  return { ...known, hmac, id: installationIdOf(hmac) };
}

async function openBus(
  { config, clock, log, metrics }: Around,
  o: { readonly node: string; readonly hmac: (text: string) => Buffer },
): Promise<OpenBus> {
  if (config.natsUrl === undefined) return inProcessBus({ clock, log });
  // Whoever does not know the installation's secret cannot guess its subjects.
  const installation = o.hmac('bus').toString('base64url').slice(0, 16);
  return natsBus({
    ...{ url: config.natsUrl, tls: config.natsTls, prefix: `plugga.${installation}`, node: o.node, clock, log },
    ignored: metrics.busIgnored,
  });
}
