// @plugga/core/database: the database alone, for tests and tools that need no platform.
export { type Embedded, type EmbeddedOptions, startEmbedded } from './embedded.ts';
export { type Finding, lookAt } from './lint-migration.ts';
export { migrate } from './migrate.ts';
export { migrations } from './migrations/index.ts';
export { type Database, openDatabase, type OpenOptions } from './open.ts';
