import { instant, type Instant, iso } from '@plugga/kit';
import type { CommandsFace } from '../command/queue.ts';
import type { Delivery } from '../plugins/face.ts';
import { createApp } from '../http/app.ts';
import { createAwayApp } from '../http/away.ts';
import type { Readiness } from '../http/deps.ts';
import { newId } from '../id.ts';
import { createLive, followChanges } from '../live.ts';
import type { Host } from '../plugins/host.ts';
import type { createDelivery } from '../events/delivery.ts';
import type { OpenBus } from '../events/bus.ts';
import type { Installation } from '../site/seed.ts';
import type { Refresh } from '../standing/refresh.ts';
import { version } from '../version.ts';
import type { Around } from './around.ts';
import type { StationSide } from './stations.ts';
import type { Storage, Units } from './storage.ts';

/** Passes come every ten minutes: three of them have failed. */
const OUT_OF_STEP_MS = 30 * 60_000;

type Fetch = (request: Request) => Response | Promise<Response>;

/** HTTP: before the database was ever there it says so, afterwards it is the whole API. */
export interface OperatorSide {
  readonly live: ReturnType<typeof createLive>;
  start(): void;
  open(installation: Installation): void;
  /** The database that came is not ours: no station is served any more. */
  refuse(error: unknown): void;
  ready(ready: boolean): void;
}

export function createOperatorSide(
  around: Around,
  o: {
    readonly storage: Storage;
    readonly units: Units;
    readonly stations: StationSide;
    readonly commands: CommandsFace;
    readonly delivery: ReturnType<typeof createDelivery> & Delivery;
    readonly host: Host;
    readonly bus: OpenBus;
    readonly refresh: Refresh;
    readonly publicUrl: string;
    readonly serve: (fetch: Fetch) => void;
  },
): OperatorSide {
  const { config, clock, random, log, metrics, ends } = around;
  const { storage, stations, commands, host, bus, refresh, delivery } = o;
  const { reach, standing, transactions, system } = storage;
  const { registry, authorizer, holders, chargers } = stations;
  const { ladder } = o.units;
  let isOpen = false;
  let ready = false;
  let refused: string | undefined;

  const live = createLive({ registry, holders, commands, bus, system: system.kysely, clock });
  ends(followChanges({ registry, bus, refresh, clock, tokens: authorizer }));
  metrics.follow({
    stationsOnline: () => chargers.connections,
    storage: ladder.figures,
    standing: () => ({ ...standing.figures(), now: clock.now() }),
    pluginLag: async () =>
      isOpen && !reach.away()
        ? (await host.status()).map(({ name, lag, parked }) => ({ plugin: name, lag, parked }))
        : [],
  });

  /** Ready is who serves stations: the API answers 503 by itself while the database is away. */
  const readiness = (): Promise<Readiness> => {
    const fault = standing.fault();
    const { state, awayMs } = ladder.figures();
    const isServing = ready && refused === undefined && state !== 'shut' && (!reach.away() || fault === undefined);
    // A node that hears no other goes on alone: that is said, and is no reason to send it nobody.
    const others = bus.state();
    const hears = others.kind === 'away' ? `away, alone since ${iso(others.since)}` : 'ok';
    const since = awayMs === 0 ? '' : `, ${state} since ${iso(instant(clock.now() - awayMs))}`;
    return Promise.resolve({
      ready: isServing,
      checks: {
        database:
          refused ?? (reach.away() ? `away${since}` : state === 'draining' ? 'ok, the journal is drained' : 'ok'),
        standing: fault ?? standingStep(standing.inStepAt(), reach.away() ? undefined : clock.now()),
        storage: state,
        ocpp: isServing ? 'ok' : state === 'shut' ? 'shut' : 'closed',
        ...(others.kind === 'alone' ? {} : { bus: hears }),
      },
    });
  };
  const why = (): string => refused ?? 'the database is away; stations are served without it';
  const given = { version, readiness, metrics: metrics.text };

  return {
    live,
    start: () => {
      if (isOpen) return;
      const app = createAwayApp({ ...given, why, newId: () => newId(random) });
      o.serve((request) => app.fetch(request));
    },
    open: (installation) => {
      const app = createApp({
        ...{ ...given, transactions, system: system.kysely, installation, adminKey: config.adminKey },
        ...{ clock, random, log, live, publicUrl: () => o.publicUrl, counted: metrics.request },
        ...{ plugins: { ...host, release: delivery.release }, onAppended: storage.onAppended },
        away: () => reach.away(),
        dialects: around.deployment,
      });
      isOpen = true;
      o.serve((request) => app.fetch(request));
    },
    refuse: (error) => {
      if (refused !== undefined) return;
      refused = error instanceof Error ? error.message : String(error);
      log.error('stations are not served any more: this database cannot be used', { error });
      void chargers.drain(0);
    },
    ready: (is) => {
      ready = is;
    },
  };
}

/** How whole the standing file is; `now` only while the database is there, without which nothing can be in step. */
function standingStep(inStepAt: Instant | undefined, now: Instant | undefined): string {
  if (inStepAt === undefined) return 'being filled';
  if (now === undefined || now - inStepAt <= OUT_OF_STEP_MS) return 'ok';
  return `not in step with the database since ${iso(inStepAt)}`;
}
