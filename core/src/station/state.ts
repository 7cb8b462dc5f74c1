import type {
  commandChanged,
  ConnectorStatus,
  DataOf,
  Decimal,
  InstalledProfile,
  Instant,
  reservationChanged,
  SessionId,
  StationId,
  stationBooted,
  StationView,
  TokenRef,
} from '@plugga/kit';
import type { Due, SessionRow } from '../ports.ts';
import type { Session } from '../session/session.ts';
import type { Flood } from './floods.ts';
import type { AvailabilityWish } from './availability.ts';
import type { Report } from '../device/reports.ts';
import type { Charging } from './charging.ts';
import type { LearntActions } from './learnt.ts';
import type { Alert, Severities } from './monitors.ts';
import type { Came, NetworkMove } from './network.ts';
import { transactionOn } from './transaction-on.ts';

/** One status of a connector as it was told: when, what. */
export type StatusAt = readonly [at: Instant, status: ConnectorStatus];

export interface Connector {
  readonly evse: number;
  readonly connector: number;
  /** The newest by the station's own timestamp, however late it came. */
  readonly status: ConnectorStatus;
  readonly at: Instant;
  readonly raw?: string;
  readonly error?: {
    readonly code: string;
    readonly vendor?: string;
    readonly vendorCode?: string;
    readonly info?: string;
  };
  /** The newest statuses, oldest first: a session that opens late reads from here. */
  readonly history: readonly StatusAt[];
  /** The register while it charges without a transaction. */
  readonly rising?: { readonly since: Instant; readonly from: Decimal; readonly at: Instant; readonly to: Decimal };
}

/** A stop that named nobody who can be found, until its session turns up. */
export interface Orphan {
  readonly event: string;
  readonly transaction: string;
  readonly at: Instant;
  readonly timeSource: 'station' | 'received';
  readonly evse?: number;
  readonly token?: TokenRef;
  readonly meterStop?: Decimal;
  readonly reason?: string;
}

/** A stop that named nobody and was found to be a session's: the same stop is told again when our answer was lost. */
export interface LinkedStop {
  readonly session: SessionId;
  readonly transaction: string;
  readonly at: Instant;
  readonly meterStop?: Decimal;
  readonly reason?: string;
}

/** What is to be seen of a command that was accepted. */
export type Awaits = NonNullable<DataOf<typeof commandChanged>['awaits']>;
export type Awaited = Awaits & { readonly command: string; readonly name: string };

/** A command that the station has been sent and has not answered yet, and what was seen of it already. */
export interface Watched {
  readonly command: string;
  readonly name: string;
  readonly message?: string | undefined;
  readonly evse?: number | undefined;
  readonly request?: number | undefined;
  readonly outcome?: { readonly seen: string } | { readonly failed: string } | undefined;
}

export type Reservation = Omit<DataOf<typeof reservationChanged>, 'status'>;

/** What a station is beside its sessions. Plain JSON: stored whole when it changes. */
export interface Snapshot {
  readonly boot?: Omit<DataOf<typeof stationBooted>, 'registration'> & { readonly at: Instant };
  readonly registration?: 'accepted' | 'pending' | 'rejected';
  readonly protocol?: string;
  readonly generation?: number;
  readonly came?: Came;
  /** The network profile that it is to come by. */
  readonly network?: NetworkMove | undefined;
  readonly connectors: readonly Connector[];
  /** Variables as last read: all configuration keys of 1.6, what the controllers of a 2.x station say of themselves. */
  readonly variables: Readonly<Record<string, string>>;
  /** Reports of variables and monitors that come in parts, the newest; of monitors with their numbers. */
  readonly reports?: readonly Report<number>[];
  readonly severities?: Severities;
  /** What somebody is to look at. */
  readonly alerts?: readonly Alert[];
  readonly orphans: readonly Orphan[];
  /** The newest, so that a repeat is known when its session is no longer at hand. */
  readonly linked: readonly LinkedStop[];
  /** Nothing at the station has started later, by its own time: a start after it is no repeat. */
  readonly latestStart?: Instant;
  /** A reset that was accepted; the next boot is its effect. */
  readonly reset?: string;
  /** Charging profiles that it has taken from us. */
  readonly profiles?: readonly InstalledProfile[];
  /** What it has reported of them when it was asked. */
  readonly profileReports?: readonly Report<InstalledProfile>[];
  /** What holds and drives charging there beside them. */
  readonly charging?: Charging;
  /** Reservations that it has taken, until they are used, cancelled or over. */
  readonly reservations?: readonly Reservation[];
  /** What is known of actions that we send, beside its make's dialect; of this firmware only. */
  readonly learnt?: LearntActions;
  /** Commands that it has accepted and whose effect is to be seen. */
  readonly awaited?: readonly Awaited[];
  /** What was taken out of service, and what is in service in spite of that. */
  readonly availability?: readonly AvailabilityWish[];
}

/**
 * One station in memory. Everything but the last three members is the fold of the station's events; those three are about
 * work in progress and are made anew after a restart.
 */
export interface StationState extends Snapshot {
  /** The seq of the next event. */
  readonly nextSeq: number;
  /** Open ones and the newest others, by their first fact. */
  readonly sessions: readonly Session[];
  /** Rules that wait for time, as they are stored. */
  readonly timers: ReadonlyMap<string, Due>;
  /** Closed ones of which only the row is at hand; `absorb` brings the rest. */
  readonly shelf: readonly SessionRow[];
  /** Ended sessions whose `settle` question is out, and since when. */
  readonly asked: ReadonlyMap<string, Instant>;
  /** Sessions with a gap in their events whose station was asked about it, and when. */
  readonly gapsAsked?: ReadonlyMap<string, Instant>;
  /** Commands that are on their way: what they lead to may come before their answer. */
  readonly watched?: readonly Watched[];
  /** What is told again and again, by its kind. */
  readonly floods?: ReadonlyMap<string, Flood>;
  /** A start's message whose answer was seen to arrive; told to the log with the next unit. */
  readonly proven?: string;
  /** The newest message that told a start again, and whose start it is. */
  readonly retold?: { readonly message: string; readonly session: SessionId };
}

export const emptyState: StationState = {
  nextSeq: 1,
  connectors: [],
  variables: {},
  orphans: [],
  linked: [],
  sessions: [],
  timers: new Map(),
  shelf: [],
  asked: new Map(),
};

const SNAPSHOT = [
  'boot',
  'registration',
  'protocol',
  'generation',
  'came',
  'network',
  'connectors',
  'variables',
  'reports',
  'severities',
  'alerts',
  'orphans',
  'linked',
  'latestStart',
  'reset',
  'profiles',
  'profileReports',
  'charging',
  'reservations',
  'learnt',
  'awaited',
  'availability',
] as const satisfies readonly (keyof Snapshot)[];

export const snapshotOf = (state: StationState): Snapshot =>
  Object.fromEntries(
    SNAPSHOT.filter((key) => state[key] !== undefined).map((key) => [key, state[key]]),
  ) as unknown as Snapshot;

export const snapshotChanged = (before: StationState, after: StationState): boolean =>
  SNAPSHOT.some((key) => before[key] !== after[key]);

export const connectorAt = (state: Snapshot, evse: number, connector = 1): Connector | undefined =>
  state.connectors.find((it) => it.evse === evse && it.connector === connector);

/** A variable by its name, whatever its case: stations spell configuration keys as they like. */
export function variableOf(state: Snapshot, name: string): string | undefined {
  const exact = state.variables[name];
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  const key = Object.keys(state.variables).find((it) => it.toLowerCase() === lower);
  return key === undefined ? undefined : state.variables[key];
}

/** What an adapter may know of the station. */
export const viewOf = (
  state: StationState,
  o: {
    readonly station: StationId;
    readonly identity: string;
    readonly protocol: string;
    /** Of the station's location. */
    readonly timeZone?: string;
  },
): StationView => ({
  id: o.station,
  identity: o.identity,
  protocol: o.protocol,
  vendor: state.boot?.vendor,
  model: state.boot?.model,
  firmware: state.boot?.firmware,
  timeZone: o.timeZone,
  variable: (name) => variableOf(state, name),
  transactionOn: (evse) => transactionOn(state, evse),
  profiles: state.profiles ?? [],
});

/** The newest session of a transaction, by the id that the station knows it by. */
export const sessionOf = (state: StationState, transaction: string): Session | undefined =>
  state.sessions.findLast((it) => it.transaction?.id === transaction);

/** The transaction of one of our sessions, by the id that the station knows it by. */
export const transactionOf = (state: StationState, session: string): string | undefined =>
  state.sessions.find((it) => it.id === session)?.transaction?.id;
