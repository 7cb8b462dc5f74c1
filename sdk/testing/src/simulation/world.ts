import type { Adapter, Quirk, TenantId } from '@plugga/kit';
import type { Chance } from './chance.ts';
import type { SimulatedDatabase } from './database.ts';
import type { Faults } from './faults.ts';
import type { Machine } from './machine.ts';
import type { Probe } from './probe.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

/** What all nodes of a seed have in common. */
export interface World {
  readonly tenant: TenantId;
  readonly time: Timeline;
  readonly chance: Chance;
  /** Of the ids that the node draws: those of no two worlds on one database are alike. */
  readonly ids: Chance;
  readonly faults: Faults;
  readonly trace: Trace;
  readonly database: SimulatedDatabase;
  readonly machine: Machine;
  readonly adapters: readonly Adapter[];
  readonly quirks: readonly Quirk[];
  /** What plugins answer to `settle`. */
  readonly settle: 'now' | 'unplug' | 'silent';
  /** Fails one point where the core awaits a port. */
  readonly probe?: Probe;
  /** How far the server's clock is from the world's. */
  clockAhead: number;
}
