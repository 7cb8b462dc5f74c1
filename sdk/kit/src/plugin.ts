import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Kysely } from 'kysely';
import type { z } from 'zod';
import type {
  Adapter,
  Ask,
  AskedCertificate,
  AuthorizationStatus,
  CertificateState,
  ContractStatus,
  Outcome,
  Quirk,
  VatCompany,
} from './adapter.ts';
import type { CertificateOwn, CommandName, CommandTable, Setpoints } from './command.ts';
import type { CommandId, Decimal, Instant, Iso, SessionId, StationId, TenantId } from './domain.ts';
import type { DataOf, EventDef, Logged, Recorded } from './event.ts';
import type { Billable } from './events.ts';
import type { ChargingNeeds, TokenInput } from './facts.ts';
import type { Amount } from './money.ts';
import type { Outside } from './outside.ts';
import type { StationTariff } from './station-tariff.ts';

declare const open: unique symbol;

/** One open transaction of one tenant. Whatever writes takes it; two that share it commit together. Never await the network while holding one: that is `work`. */
export interface Tx {
  readonly tenant: TenantId;
  readonly [open]: true;
}

// ---- ports ----

/** A typed socket between plugins: who offers it and who needs it never name each other. Port methods that touch data take `tx` first. */
export interface Port<T> {
  readonly id: string;
  readonly many: boolean;
  readonly optional: boolean;
  /** Never read: carries the type. */
  readonly type?: T;
}
interface Flags {
  readonly many?: boolean;
  readonly optional?: boolean;
}
export const definePort =
  <T>() =>
  <const F extends Flags = Record<never, never>>(
    id: string,
    flags?: F,
  ): Port<T> & { many: F['many'] extends true ? true : false; optional: F['optional'] extends true ? true : false } =>
    ({ id, many: flags?.many ?? false, optional: flags?.optional ?? false }) as never;

// oxlint-disable-next-line typescript/no-explicit-any
export type PortMap = Record<string, Port<any>>;
export type SchemaMap = Record<string, z.ZodType>;
type Resolved<P> = P extends Port<infer T> & { many: true }
  ? readonly T[]
  : P extends Port<infer T> & { optional: true }
    ? T | undefined
    : P extends Port<infer T>
      ? T
      : never;
export type Needs<N extends PortMap> = { readonly [K in keyof N]: Resolved<N[K]> };
export type Offers<O extends PortMap> = { readonly [K in keyof O]: O[K] extends Port<infer T> ? T : never };

// ---- events ----

export type Subscription =
  | { readonly kind: 'one'; readonly def: EventDef; readonly run: (event: never, tx: Tx) => Promise<unknown> }
  | {
      readonly kind: 'batch';
      readonly defs: readonly EventDef[];
      readonly run: (events: never, tx: Tx) => Promise<unknown>;
      readonly only?: (event: Logged) => boolean;
    }
  | { readonly kind: 'every'; readonly run: (event: Logged, tx: Tx) => Promise<unknown> };

/** Runs for each event of the type, in the log's order, in the transaction that moves the plugin's cursor on: effects in its schema exactly once. */
export const on = <E extends EventDef>(
  def: E,
  run: (event: Recorded<E>, tx: Tx) => Promise<unknown>,
): Subscription => ({
  kind: 'one',
  def,
  run,
});
/**
 * For high rates: all events of these types of one tenant in one batch at once. `only` sees them as they were logged and leaves
 * out what is of no interest, before a transaction is opened for it.
 */
export const onBatch = <E extends EventDef>(
  defs: readonly E[],
  run: (events: readonly Recorded<E>[], tx: Tx) => Promise<unknown>,
  o: { readonly only?: (event: Logged) => boolean } = {},
): Subscription => ({ kind: 'batch', defs, run, ...o });
/** Every event, unparsed: for webhooks and audit. */
export const onEvery = (run: (event: Logged, tx: Tx) => Promise<unknown>): Subscription => ({ kind: 'every', run });

/** Whom an emitted event is about. A `Recorded` event is one: pass it on. */
export interface Subject {
  readonly stream: string;
  readonly station?: StationId;
  readonly session?: SessionId;
  readonly id?: string;
}

// ---- questions ----

/** Asked where the station's own answer needs it, of all at once under one deadline. Silence (undefined, late, thrown) is no answer. */
export interface Questions {
  /** Only the owner of a token answers; the first that is not silent, in config order. Copied into the session. */
  authorize: {
    ask: {
      readonly token: TokenInput;
      readonly station: StationId;
      readonly evse?: number;
      readonly purpose: 'authorize' | 'start' | 'stop';
    };
    answer: {
      readonly decision: 'accept' | 'refuse';
      readonly status?: AuthorizationStatus;
      readonly reason?: string;
      readonly group?: TokenInput;
      readonly reference?: string;
      readonly payer?: string;
      readonly limits?: {
        readonly wh?: number;
        readonly amount?: Decimal;
        readonly seconds?: number;
        readonly soc?: number;
      };
      readonly expiresAt?: Instant;
      readonly message?: string;
    };
  };
  /** All in parallel; one refusal refuses (no credit, reserved for another, budget). Silence admits. */
  admit: {
    ask: { readonly token: TokenInput; readonly tokenId?: string; readonly station: StationId; readonly evse?: number };
    /** `status`: what the station is told of a refusal; `blocked` where it is left out. */
    answer: {
      readonly admit: boolean;
      readonly reason?: string;
      readonly status?: Exclude<AuthorizationStatus, 'accepted'>;
    };
  };
  /**
   * Does the price that was shown still hold for a start there? Asked of a start command that names an offer. The first that is
   * not silent; silence refuses. `details` goes to the caller with the refusal: what is shown instead.
   */
  offer: {
    ask: {
      readonly offer: string;
      readonly station: StationId;
      readonly evse?: number;
      readonly connector?: number;
      readonly tokenId: string;
      readonly channel?: string;
    };
    answer: {
      readonly holds: boolean;
      readonly reason?: string;
      readonly details?: Readonly<Record<string, unknown>>;
    };
  };
  /**
   * What does whoever starts there pay, as a station can reckon it (OCPP 2.1)? With `tokenId` only a tariff that is that
   * driver's own, by their group or by who pays for them; with `tariff` that one, whatever is assigned. `reason` says why it cannot be said to a station: then nothing
   * is. The first that is not silent; silence is no tariff.
   */
  stationTariff: {
    ask: {
      readonly station: StationId;
      readonly evse?: number;
      readonly tokenId?: string;
      readonly group?: string;
      readonly payer?: string;
      readonly tariff?: string;
    };
    answer: { readonly tariff?: StationTariff; readonly reason?: string };
  };
  /**
   * What does a session cost that has just ended, as it will be billed, tax included? Asked where the station's answer to the end
   * takes it. The first that is not silent; silence is for what nobody knows yet, and then the station is told nothing.
   */
  finalCost: {
    ask: { readonly session: SessionId; readonly billable: Billable };
    answer: Amount;
  };
  /** May a session close now? The latest `waitUntil` wins; 'unplug' waits for the plug to be pulled, at most 12 h. */
  settle: {
    ask: {
      readonly session: SessionId;
      readonly evseId?: string;
      readonly connectorId?: string;
      readonly location?: string;
      readonly tokenId?: string;
    };
    answer: { readonly waitUntil: 'now' | 'unplug' | Iso };
  };
  /** The first that is not silent. */
  dataTransfer: {
    ask: {
      readonly station: StationId;
      readonly vendorId: string;
      readonly messageId?: string;
      readonly data?: unknown;
    };
    answer: { readonly status: 'accepted' | 'rejected' | 'unknownMessageId'; readonly data?: unknown };
  };
  /** Is the VAT number, typed in at a station, in force, and whose is it? The first that is not silent; silence refuses. */
  vatNumber: {
    ask: { readonly station: StationId; readonly vatNumber: string };
    answer: { readonly valid: boolean; readonly company?: VatCompany };
  };
  /** Will it be signed? `names`: what the station's certificate may name, its identity and the serial number that it told. The chain follows later, by the command `certificateSigned`. The first that is not silent; silence refuses. */
  signCertificate: {
    ask: {
      readonly station: StationId;
      readonly csr: string;
      readonly names: readonly string[];
      /** None is the certificate that the station shows to us; the others are shown to cars. */
      readonly use?: CertificateOwn;
    };
    answer: { readonly accept: boolean; readonly reason?: string };
  };
  /**
   * Does anybody plan how this vehicle is charged? `accept` and `later` promise a profile, sent by the command `setProfile`:
   * within seconds, or when it is made. The first that is not silent; silence says that nobody plans.
   */
  chargingNeeds: {
    ask: {
      readonly station: StationId;
      readonly evse: number;
      /** The station's, where one is running there. */
      readonly transaction?: string;
      readonly needs: ChargingNeeds;
    };
    answer: { readonly decision: 'accept' | 'later' | 'refuse'; readonly reason?: string };
  };
  /**
   * Is what the vehicle means to take within the profile that it was given? `refuse` promises a profile anew. The first that is not
   * silent; silence takes it.
   */
  vehicleSchedule: {
    ask: Omit<Extract<Ask, { question: 'vehicleSchedule' }>, 'question'> & { readonly station: StationId };
    answer: NonNullable<Outcome['vehicleSchedule']>;
  };
  /** What does that dynamic profile hold now? The first that is not silent; silence refuses, and what held goes on. */
  dynamicSchedule: {
    ask: { readonly station: StationId; readonly profile: number };
    answer: Setpoints;
  };
  /** A contract certificate for a vehicle: its request goes on to a service, whose answer comes back as it is. The first that is not silent; silence and an answer without `exi` are told as failed. */
  contractCertificate: {
    ask: Omit<Extract<Ask, { question: 'contractCertificate' }>, 'question'> & { readonly station: StationId };
    answer: NonNullable<Outcome['contractCertificate']>;
  };
  /**
   * Are these certificates good? One answer for each, in order. `emaid`: they are the contract of a vehicle that identifies
   * itself by that name, with `chain` (PEM) or by their hashes alone; `contract` judges all that was shown. The first that is not
   * silent; silence is told as failed, never as good. `urls` come from outside: they are asked through `context.outside`.
   */
  certificateStatus: {
    ask: {
      readonly station: StationId;
      readonly certificates: readonly AskedCertificate[];
      readonly chain?: string;
      readonly emaid?: string;
    };
    answer: { readonly certificates: readonly CertificateState[]; readonly contract?: ContractStatus };
  };
  /**
   * Is this certificate, shown by a station of security profile 3, one of yours? The core has seen that it is in force and
   * names the station. One refusal refuses (revoked, of another station), whatever authority the installation trusts; silence
   * leaves it to those. All are PEM, `chain` without the station's own.
   */
  stationCertificate: {
    ask: { readonly station: StationId; readonly certificate: string; readonly chain: readonly string[] };
    answer: { readonly accept: boolean; readonly reason?: string };
  };
}
export type QuestionName = keyof Questions;
export type Answerer<K extends QuestionName> = (
  ask: Questions[K]['ask'],
  o: { readonly tenant: TenantId; readonly signal: AbortSignal },
) => Promise<Questions[K]['answer'] | undefined>;

// ---- context ----

/** Read-only, versioned views of the core, in the plugin's `db(tx)`. Times are Date, ids text. */
export interface CoreViews {
  'core.session': {
    id: SessionId;
    station: StationId;
    identity: string;
    evse: number | null;
    connector: number | null;
    evse_id: string | null;
    connector_id: string | null;
    location: string | null;
    status: 'pending' | 'active' | 'ended' | 'closed' | 'void';
    token: string | null;
    transaction_id: string | null;
    started_at: Date | null;
    ended_at: Date | null;
    energy_wh: number | null;
    power_w: number | null;
    flags: string[];
  };
  'core.station': {
    id: StationId;
    identity: string;
    vendor: string | null;
    model: string | null;
    firmware: string | null;
    location: string | null;
    online: boolean;
  };
  'core.evse': { id: string; station: StationId; evse: number; location: string | null };
  'core.connector': {
    id: string;
    evse_id: string;
    station: StationId;
    evse: number;
    connector: number;
    status: string;
  };
  /** What a station has told of its variables (1.6: configuration keys), by `Component/Variable@evse` or by the key. */
  'core.setting': {
    station: StationId;
    name: string;
    value: string | null;
    /** The highest that its value can be, where the station has said. */
    highest: number | null;
    unit: string | null;
  };
  'core.location': { id: string; name: string; time_zone: string; country: string | null };
  'core.token': { id: string; type: string; last4: string; group_id: string | null; status: string };
  'core.reading': {
    session: SessionId | null;
    station: StationId;
    at: Date;
    measurand: string;
    value: string;
    unit: string | null;
    phase: string | null;
  };
  'core.command': { id: CommandId; station: StationId; name: string; status: string; created_at: Date };
}

export interface Commands {
  /** Queues a command for a station; its life cycle is told by `command.changed` events. */
  send<K extends CommandName>(tx: Tx, station: StationId, name: K, command: CommandTable[K]): Promise<CommandId>;
}

export interface Log {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
export interface Clock {
  now(): Instant;
}
export interface Random {
  /** Cryptographically strong outside of tests. */
  bytes(count: number): Uint8Array;
}

export interface Context<C, S, N extends PortMap, W extends SchemaMap, DB, V extends EventDef = EventDef> {
  readonly config: C;
  readonly needs: Needs<N>;
  readonly commands: Commands;
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  /** Never while a transaction is open. */
  readonly outside: Outside;
  /** Base of every URL that is handed out, without a slash at the end. */
  readonly publicUrl: string;
  /** Per tenant, live, audited. */
  settings(tx: Tx): Promise<S>;
  /** Own schema and the core's views. */
  db(tx: Tx): Kysely<DB & CoreViews>;
  transaction<T>(tenant: TenantId, run: (tx: Tx) => Promise<T>): Promise<T>;
  /** Of the events that the plugin declares. Appended to the log as the last thing of the transaction, on the stream `<plugin>:<subject stream>`. */
  emit<E extends V>(tx: Tx, def: E, subject: Subject, data: DataOf<E>): Promise<void>;
  /** Done later, outside of the transaction, at least once; `key` replaces a waiting item of that key. */
  enqueue<K extends keyof W & string>(
    tx: Tx,
    work: K,
    payload: z.output<W[K]>,
    o?: { key?: string; after?: Instant },
  ): Promise<void>;
}

// ---- contributions ----

export interface RouteGroup {
  /** api: a key with the scope, under /api/v1; public: anybody, at the path itself; own: the plugin checks (partners). */
  readonly auth: 'api' | 'public' | 'own';
  /** The largest body that it takes, in MiB; 1 when left out. */
  readonly bodyMiB?: number;
  mount(app: OpenAPIHono<PluginEnv>): void;
}
/** What a route has changed, as the audit shows it: what, and how it was before and is now. */
export interface AuditedChange {
  readonly subject: string;
  readonly before?: unknown;
  readonly after?: unknown;
}
/** What a plugin's routes find on Hono's context: `c.get('caller')`. Public routes of one tenant's pages get that of the installation. */
export interface PluginEnv {
  Variables: {
    caller: { tenant: TenantId; actor: string; scopes: readonly string[] };
    requestId: string;
    changed?: AuditedChange;
  };
}
export interface Job {
  /** Cron in UTC, five or six fields. One runner in the cluster; never overlaps itself. */
  readonly cron: string;
  run(o: { readonly signal: AbortSignal }): Promise<void>;
}
export interface CliCommand {
  readonly summary: string;
  readonly usage: string;
  /** Progress to stderr, data to stdout; returns the exit code. */
  run(o: {
    readonly args: readonly string[];
    readonly json: boolean;
    out(text: string): void;
    err(text: string): void;
  }): Promise<number>;
}
/** Programs of the plugin for browsers: `web/` of its package, built by Vite into `dist/web`, which its tarball carries. */
export interface WebContribution {
  /** The folder of the package. */
  readonly root: string;
  /** Where it is served; `/ui/<plugin>` when left out. With an `index.html` every path below it is that page. */
  readonly at?: `/${string}`;
}
export interface UiContribution {
  readonly host: 'console' | 'driver';
  /** Of the console: a group of its menu (now, network, people, money, system), or a page of it (station, session) on which it is a part. */
  readonly slot: string;
  /** Its word in the address, kebab-case; `index` when left out. */
  readonly path?: string;
  readonly title: { readonly en: string; readonly sv: string };
  /** An ES module with `mount(element, host) => unmount`: a file of the plugin's `web` (`pages.js`), or a path at which its routes serve one (`/points.js`). */
  readonly module: string;
}

/** What a plugin is told once after a restore: of what happened between the two times nothing is known here. */
export interface Restored {
  readonly restore: string;
  readonly backupAt: Instant;
  readonly restoredAt: Instant;
  /** Where the operator knows it: numbers up to this one were given out, so a series goes on after it. */
  readonly numbersAfter?: number;
}

export type Worker<P> = (
  payload: P,
  o: { readonly tenant: TenantId; readonly signal: AbortSignal; readonly attempt: number; readonly id: string },
) => Promise<void>;

// Where a plugin of any kind is expected, `T` is any: each was, or is, checked where it is made.
type When<T, K extends string, V> = 0 extends 1 & T
  ? { readonly [P in K]?: V }
  : keyof T extends never
    ? { readonly [P in K]?: never }
    : { readonly [P in K]: V };

/** What was promised and is not given is a compile error. */
export type Contributions<O extends PortMap, W extends SchemaMap> = {
  readonly on?: readonly Subscription[];
  /** No Tx while asked: a hold is taken on `session.authorized`. */
  readonly answers?: { readonly [K in QuestionName]?: Answerer<K> };
  readonly routes?: Readonly<Record<`/${string}`, RouteGroup>>;
  readonly jobs?: Readonly<Record<string, Job>>;
  readonly cli?: Readonly<Record<string, CliCommand>>;
  readonly ui?: readonly UiContribution[];
  readonly web?: WebContribution;
  /**
   * Once for each tenant after the installation was restored from a backup, before anything else reaches the plugin. What it
   * gave to the outside after the backup (numbers, above all) is known there and no longer here.
   */
  readonly restored?: (restored: Restored, tx: Tx) => Promise<unknown>;
  readonly stop?: () => Promise<void>;
} & When<O, 'offers', Offers<O>> &
  When<W, 'work', { readonly [K in keyof W]: Worker<z.output<W[K]>> }>;

declare const tablesOf: unique symbol;
export interface Tables<DB> {
  readonly [tablesOf]?: DB;
}
/** Types of the plugin's own tables: `tables: tables<{ binding: { session: SessionId } }>()`. */
export const tables = <DB>(): Tables<DB> => ({});

export interface Definition<
  C extends z.ZodType = z.ZodType,
  S extends z.ZodType = z.ZodType,
  N extends PortMap = PortMap,
  O extends PortMap = PortMap,
  W extends SchemaMap = SchemaMap,
  DB = unknown,
  V extends EventDef = EventDef,
> {
  /** kebab-case; also its database schema and its name in the log. */
  readonly name: string;
  /** As in its package.json. */
  readonly version?: string;
  readonly config?: C;
  readonly settings?: S;
  readonly needs?: N;
  readonly offers?: O;
  readonly work?: W;
  /** What it may emit: its word to those who listen. Shown by `GET /api/v1/plugins`; to emit another is a compile error. */
  readonly events?: readonly V[];
  /** Whether its schema may be emptied and filled again from the log. Money is never replayed. Default never. */
  readonly replay?: 'rebuild' | 'never';
  /** Forward only, run in the plugin's schema. Row-level security is added to every table that has a `tenant` column; a table without one is refused. */
  readonly migrations?: Migrations;
  readonly tables?: Tables<DB>;
  setup(
    context: Context<z.output<C>, z.output<S>, N, W, DB, V>,
  ): Contributions<NoInfer<O>, NoInfer<W>> | Promise<Contributions<NoInfer<O>, NoInfer<W>>>;
}
/** One step of a schema, with what must be known of it beside its statements. */
export interface MigrationStep {
  up(db: Kysely<unknown>): Promise<unknown>;
  /** Rules of `plugga migrate plan` that it breaks although the version before goes on running, each with the reason. */
  readonly excused?: Readonly<Record<string, string>>;
  /** It takes away what programs relied on: the newest migration that the oldest program must know that may still run. */
  readonly oldest?: string;
}
/** By name, in order of name: `{ '0001-binding': async (db) => … }`. */
export type Migrations = Readonly<Record<string, MigrationStep['up'] | MigrationStep>>;

export const definePlugin = <
  C extends z.ZodType = z.ZodObject<Record<never, never>>,
  S extends z.ZodType = z.ZodObject<Record<never, never>>,
  N extends PortMap = Record<never, never>,
  O extends PortMap = Record<never, never>,
  W extends SchemaMap = Record<never, never>,
  DB = Record<never, never>,
  V extends EventDef = never,
>(
  definition: Definition<C, S, N, O, W, DB, V>,
): Definition<C, S, N, O, W, DB, V> => definition;

// A list of plugins holds definitions of many type arguments; each was type-checked where it was made.
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyPlugin = Definition<any, any, any, any, any, any, any>;

/** plugga.config.ts: the only file that names adapters, quirks and plugins of a deployment. */
export interface Deployment {
  readonly adapters: readonly Adapter[];
  readonly quirks: readonly Quirk[];
  /** A plugin, or one with its config. The order is that of answers where the first wins. */
  readonly plugins: readonly (
    | AnyPlugin
    | { readonly plugin: AnyPlugin; readonly config?: unknown; readonly enabled?: boolean }
  )[];
  /** Which plugin's offer serves a single port that several offer: `{ pricing: 'tariffs' }`. */
  readonly ports?: Readonly<Record<string, string>>;
}
export const defineDeployment = (deployment: Deployment): Deployment => deployment;
