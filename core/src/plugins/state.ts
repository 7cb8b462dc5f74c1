import type { AnyPlugin, Contributions, EventDef, PortMap, QuestionName, SchemaMap } from '@plugga/kit';
import type { DeliveryStatus } from './face.ts';
import { type Offering, portsOf } from './order.ts';
import type { WorkCounts } from './work.ts';

/** known → configured → migrated → set up → running → stopping → stopped; or, with a reason, disabled, failed, blocked. */
export type PluginState =
  | 'configured'
  | 'migrated'
  | 'set up'
  | 'running'
  | 'stopping'
  | 'stopped'
  /** Not enabled, or its config is not valid. */
  | 'disabled'
  /** Its migration or set-up failed. */
  | 'failed'
  /** A port that it needs is not there. */
  | 'blocked';

export interface PluginError {
  readonly at: string;
  /** `route GET /api/v1/tariffs`, `job nightly`, `handler session.closed`. */
  readonly where: string;
  readonly message: string;
}

/** As `GET /api/v1/plugins` shows it. */
export interface PluginStatus {
  readonly name: string;
  readonly version: string;
  readonly state: PluginState;
  readonly reason: string | null;
  /** Events that it has not handled yet. */
  readonly lag: number;
  /** Sessions or streams whose events are set aside after a failure. */
  readonly parked: number;
  /** The plugin whose parked events hold back events of this one. */
  readonly waitsFor: string | null;
  readonly work: { readonly waiting: number; readonly failed: number };
  readonly lastError: PluginError | null;
  readonly needs: readonly { readonly port: string; readonly from: readonly string[] }[];
  readonly offers: readonly string[];
  /** Types of the events that it may emit. */
  readonly emits: readonly string[];
  /** Questions that it is not asked at present, because it was late too often. */
  readonly pausedQuestions: readonly QuestionName[];
}

export type AnyContributions = Contributions<PortMap, SchemaMap> & {
  readonly offers?: Readonly<Record<string, unknown>>;
  readonly work?: Readonly<Record<string, never>>;
};

/** One plugin in the host. */
export interface Entry {
  readonly plugin: AnyPlugin;
  readonly version: string;
  readonly config: unknown;
  state: PluginState;
  reason?: string;
  lastError?: PluginError;
  contributions?: AnyContributions;
}

/** Types of the events that a plugin declares. */
export const eventsOf = ({ events = [] }: AnyPlugin): readonly string[] =>
  (events as readonly EventDef[]).map(({ type }) => type);

export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An entry with what delivery, work and questions know of it. */
export function statusOf(
  { plugin, version, state, reason, lastError }: Entry,
  known: {
    readonly delivered: DeliveryStatus | undefined;
    readonly work: WorkCounts | undefined;
    readonly offering: Offering;
    readonly paused: readonly QuestionName[];
  },
): PluginStatus {
  const { lag, parked, waits } = known.delivered ?? { lag: 0, parked: 0 };
  return {
    ...{ name: plugin.name, version, state, reason: reason ?? null, lag, parked, waitsFor: waits ?? null },
    work: known.work ?? { waiting: 0, failed: 0 },
    lastError: lastError ?? null,
    needs: portsOf(plugin.needs).map(({ id }) => ({ port: id, from: known.offering.get(id) ?? [] })),
    offers: portsOf(plugin.offers).map(({ id }) => id),
    emits: eventsOf(plugin),
    pausedQuestions: known.paused,
  };
}
