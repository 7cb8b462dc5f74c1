// The whole core under a seed: its own modules on a real database, with a clock, a line, a store and stations that fail.
export type { Protocol } from './dialect.ts';
export { FAULTS, type FaultName } from './faults.ts';
export type { Asked, Make, MixedMake, OddAnswer } from './make.ts';
export { billSeeds, type PluginBooks, type PluginBooksOptions } from './plugin-books.ts';
export { FAILURES, type Failure, type Port } from './probe.ts';
export { type RealDatabase, realDatabase } from './real-database.ts';
export { prepareForSeeds, runSeeds, type RunOptions } from './run.ts';
export { runScenario, scenariosOf, type ScenarioRun } from './scenario.ts';
export { runSeed, type SeedOptions, type SeedResult } from './seed.ts';
export { shown, summaryOf, type Summary } from './report.ts';
