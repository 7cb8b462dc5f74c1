// @plugga/core/plugins: the plugin host without stations, for tests of plugins.
export type { CoreTables } from '../db/tables.ts';
export type { Clock, SessionRow } from '../ports.ts';
export type { Host } from './host.ts';
export type { PluginStatus } from './state.ts';
export {
  type GivenEvent,
  openWorkbench,
  type SentCommand,
  type Workbench,
  type WorkbenchOptions,
} from './workbench.ts';
