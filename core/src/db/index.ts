// @plugga/core/database: the database alone, for tests and tools that need no platform.
export { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts';
export { type Finding, lookAt } from './lint-migration.ts';
export { folderDisk, type JournalDisk } from './journal-disk.ts';
export { type Journal, type JournalOptions, openJournal } from './journal.ts';
export {
  createLadder,
  type Ladder,
  type LadderDeps,
  type LadderFigures,
  type LadderState,
  type LadderStore,
} from './ladder.ts';
export { migrate } from './migrate.ts';
export { type CoreMigration, migrations } from './migrations/index.ts';
export { type Database, openDatabase, type OpenOptions } from './open.ts';
export { createStore, type OpenStore, type StoreDeps } from './store.ts';
export { openStanding, type Standing } from '../standing/standing.ts';
