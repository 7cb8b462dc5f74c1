import type { X509Certificate } from 'node:crypto';
import type pg from 'pg';
import { createCertificateCheck } from '../charger/client-certificate.ts';
import type { Stations } from '../charger/face.ts';
import { createFrameRecorder, type Frames } from '../charger/frames.ts';
import { createHolders, type Holders } from '../cluster/holders.ts';
import type { OpenBus } from '../events/bus.ts';
import { createChargerServer, type ChargerServer } from '../charger/server.ts';
import type { Host } from '../plugins/host.ts';
import { createIdentityStore } from '../site/evses.ts';
import type { Hmac } from '../site/installation.ts';
import { createStationStore } from '../site/station-store.ts';
import type { Transact } from '../site/transact.ts';
import { awayError } from '../standing/reach.ts';
import type { StandingInstallation } from '../standing/standing.ts';
import { standingIdentities, standingStations } from '../standing/standing-stations.ts';
import { createRegistry, type Registry } from '../station/registry.ts';
import type { ActorDeps } from '../station/actor-face.ts';
import { createAuthorizer, type Authorizer } from '../token/authorize.ts';
import type { Around } from './around.ts';
import { createRelay } from './relay.ts';
import { createSettle } from './settle.ts';
import type { Storage, Units } from './storage.ts';

/** What serves stations: with the database or, while it is away, with the standing file. */
export interface StationSide {
  readonly holders: Holders;
  readonly authorizer: Authorizer;
  readonly registry: Registry;
  readonly chargers: ChargerServer;
}

const HEARTBEAT_SECONDS = 300;
/** How long a plugin may think about what a station waits for. */
const QUESTION_MS = 1_500;

export function createStationSide(
  around: Pick<Around, 'config' | 'deployment' | 'clock' | 'random' | 'log' | 'metrics' | 'ends'>,
  o: {
    readonly storage: Pick<Storage, 'path' | 'standing' | 'reach'> & { readonly system: { readonly pool: pg.Pool } };
    readonly units: Units;
    readonly installation: StandingInstallation & { readonly hmac: Hmac };
    /** Silent while no plugin runs. */
    readonly ask: Host['ask'];
    readonly effects: Pick<
      ActorDeps,
      'effectSeen' | 'effectAwaited' | 'effectUnseen' | 'deviceTold' | 'customerTold' | 'networkSettles'
    >;
    readonly node: string;
    readonly bus: OpenBus;
    /** What another node asks of a station that is held here. */
    readonly answer: Parameters<typeof createHolders>[0]['answer'];
    /** Who may vouch for stations of security profile 3, beside the plugins. */
    readonly anchors?: () => readonly X509Certificate[];
    /** Where what is seen at the door is kept; in the log of the process unless it is said otherwise. */
    readonly securityNoted?: Stations['securityNoted'];
    /** Where frames are kept; in the database unless it is said otherwise. */
    readonly frames?: Frames;
  },
): StationSide {
  const { config, deployment, clock, random, log, metrics, ends } = around;
  const { storage, installation, ask } = o;
  const { path, standing, reach } = storage;
  const { store, ladder } = o.units;
  const { hmac, homeTenant } = installation;
  const inTime: Transact = async (tenant, run) => {
    const done = await reach.ask('the tokens', () => path.transact(tenant, run));
    if (done === undefined) throw awayError('tokens cannot be read');
    return done.answer;
  };
  const authorizer = createAuthorizer({
    ...{ transact: inTime, hmac, clock, ask, deadlineMs: QUESTION_MS },
    ...{ away: reach.away, policy: config.offlineTokens, standing },
  });
  const frames = o.frames ?? createFrameRecorder({ pool: storage.system.pool, clock, log, keepDays: config.frameDays });
  ends(() => frames.close());
  const { node, bus } = o;
  const stations = standingStations({
    ...{ standing, reach, onboarding: config.onboarding, log, node },
    rows: createStationStore({
      ...{ system: path.system.kysely, transact: path.transact, clock, random, homeTenant, node },
    }),
  });
  const holders = createHolders({
    ...{ bus, node, whereabouts: stations.whereabouts },
    answer: (station, generation, asked) => {
      // From now on another node writes for it: what is kept here is not whole any more.
      if (asked.kind === 'takenOver') standing.forget(station);
      return o.answer(station, generation, asked);
    },
  });
  const registry: Registry = createRegistry({
    ...{ store, stations, holders, node, clock, log, away: reach.away },
    isKnown: (identity) => standing.find(identity) !== undefined,
    identities: standingIdentities({
      ...{ standing, reach },
      identities: createIdentityStore({ system: path.system.kysely, transact: path.transact, clock, random }),
    }),
    securityNoted:
      o.securityNoted ?? (({ identity, kind, detail }) => log.warn('security', { identity, kind, detail })),
    actor: {
      ...{ store, clock, random, log, hmac, awayMs: ladder.awayMs, quietSince: ladder.quietSince },
      ...{ quirks: deployment.quirks, adapters: deployment.adapters, heartbeatSeconds: HEARTBEAT_SECONDS },
      ...{ ...o.effects, counted: metrics.counted },
      authorize: (credentials, asked) =>
        authorizer.authorize(credentials.tenant, { ...asked, station: credentials.station }),
      stationTariff: async ({ tenant, station }, asked) =>
        (await ask('stationTariff', { ...asked, station }, { tenant, deadlineMs: QUESTION_MS }))?.answer,
      finalCost: async ({ tenant }, asked) =>
        // What nobody can look up now is told with the bill.
        reach.away() ? undefined : (await ask('finalCost', asked, { tenant, deadlineMs: QUESTION_MS }))?.answer,
      relay: createRelay(ask, clock),
      settle: createSettle({ ask, reach, registry: () => registry, log }),
    },
  });
  ends(() => registry.stop());
  ends(
    ladder.onRefused((station) => {
      const misled = registry.live(station)?.refused();
      misled?.catch((error: unknown) => log.error('not read anew', { station, error }));
    }),
  );
  const chargers = createChargerServer({
    ...{ stations: registry, adapters: deployment.adapters, clock, random, log, frames },
    ...{ pepper: installation.secret, onboarding: config.onboarding, heartbeatSeconds: HEARTBEAT_SECONDS },
    checkCertificate: createCertificateCheck({
      anchors: o.anchors ?? (() => []),
      vouch: async ({ tenant, station }, certificate, chain) =>
        (await ask('stationCertificate', { station, certificate, chain }, { tenant, deadlineMs: QUESTION_MS }))?.answer,
      away: reach.away,
      now: () => clock.now(),
    }),
    count: metrics.door,
  });
  chargers.shut(ladder.state() === 'shut');
  ladder.onChange((state) => chargers.shut(state === 'shut'));
  return { authorizer, holders, registry, chargers };
}
