import type { Adapter, Answer, Call, CommandId, Log, Quirk, StationId, TenantId, Tx } from '@plugga/kit';
import type { Transactions } from '../plugins/face.ts';
import type { Host } from '../plugins/host.ts';
import type { QuestionsFace } from '../plugins/questions.ts';
import type { MountedRoutes } from '../plugins/routes.ts';
import type { Settings } from '../plugins/settings.ts';
import type { PluginStatus } from '../plugins/state.ts';
import type { Clock, Random } from '../ports.ts';
import type { Asked } from '../command/queue.ts';
import type { Installation } from '../site/seed.ts';
import type { Db } from '../site/transact.ts';

/** What the operator API asks of the living part of the core; a node that does not hold the socket asks the one that does. */
export interface Live {
  /** Sent whatever is learnt or denied. Throws `station-offline`; a late answer is `{ kind: 'timeout' }`. */
  call(
    tenant: TenantId,
    station: StationId,
    call: Call,
    timeoutSeconds: number,
  ): Promise<{ readonly messageId: string; readonly answer: Answer }>;
  /** Inserted in the transaction, sent after its commit. */
  command(tx: Tx, actor: string, station: StationId, asked: Asked): Promise<CommandId>;
  /** Credentials or location changed, or the station is gone: read again, and close its socket when `close` says why. */
  stationChanged(
    station: { readonly id: StationId; readonly identity: string },
    told?: {
      /** Why its connection is closed. */
      readonly close?: string | undefined;
      /** What its boot is answered from now on. */
      readonly registration?: 'accepted' | 'pending' | 'rejected' | undefined;
    },
  ): void;
  /** EVSE identities were moved: the station's actor reads them again. */
  placesChanged(station: StationId): void;
  /** A token was made, changed or deleted: every node forgets what it knows of it. */
  tokensChanged(tenant: TenantId, token: string): void;
  /** The operator's word about one action: always sent, or learnt anew. */
  teach(
    station: StationId,
    taught: { readonly action: string; readonly state: 'allowed' | 'supported'; readonly actor: string },
  ): Promise<void>;
  /** What was kept raw because the database refused it is handled once more; undefined where nothing came of it. */
  replay(quarantine: string): Promise<{ readonly stored: boolean; readonly detail: string }>;
}

/** What the operator sees and does of the plugin host. */
export interface PluginsFace {
  readonly ask: QuestionsFace['ask'];
  /** In place once the plugins are set up; none when only the core's own document is wanted. */
  routesOf(): readonly MountedRoutes[];
  status(): Promise<readonly PluginStatus[]>;
  /** Their pages, for the consoles that show them. */
  readonly ui: Host['ui'];
  /** Throws `not-found` for a plugin that is not there. */
  settingsOf(plugin: string): Settings;
  /** Fills the plugin's tables again from the log; throws `conflict` for one that is never replayed. */
  rebuild(plugin: string): Promise<void>;
  /** The operator has acted: what is parked under the key is tried again now, or its failing event is left out for good. */
  release(tenant: TenantId, plugin: string, key: string, how: 'retry' | 'skip'): Promise<boolean>;
}

export interface Readiness {
  readonly ready: boolean;
  /** What is and what is not: `{ database: 'ok', ocpp: 'starting' }`. */
  readonly checks: Readonly<Record<string, string>>;
}

/** All that the HTTP application needs; nothing of it is used before the first request. */
export interface HttpDeps {
  readonly transactions: Transactions;
  /** Sees the rows of all tenants: only for the list of tenants and who knocks. */
  readonly system: Db;
  readonly installation: Installation;
  /** PLUGGA_ADMIN_KEY: works beside the key that was made at first start. */
  readonly adminKey: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly live: Live;
  readonly plugins: PluginsFace;
  /** How stations are spoken to. */
  readonly dialects: { readonly adapters: readonly Adapter[]; readonly quirks: readonly Quirk[] };
  readonly version: string;
  publicUrl(): string;
  readiness(): Promise<Readiness>;
  /** The database is known to be away: the API says so at once, instead of asking it. */
  away?(): boolean;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** Counts what a request ended with. */
  counted?(request: { readonly method: string; readonly status: number; readonly seconds: number }): void;
  /** Called after something was appended to the log; returns how to stop. */
  onAppended(listener: () => void): () => void;
}
