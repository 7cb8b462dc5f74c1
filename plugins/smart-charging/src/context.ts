import type { Context } from '@plugga/kit';
import type { Settings, Work } from './index.ts';
import type { PlanTables } from './migrations.ts';

export type PlanContext = Pick<
  Context<unknown, Settings, Record<never, never>, Work, PlanTables>,
  'clock' | 'commands' | 'db' | 'enqueue' | 'log' | 'settings' | 'transaction'
>;
export type PlanRow = PlanTables['plan'];

/** How a value goes into a jsonb column. */
export const json = (value: unknown) => JSON.stringify(value) as never;
