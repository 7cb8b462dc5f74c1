export { clip } from './clip.ts';
export { limitBy } from './limit.ts';
export { byStatus, isAnswered, type Members, resultOf, type Verdict } from './plan.ts';
export { refuse } from './refuse.ts';
export { countOf, only21, shapeFault, type StationTakes, takesFault, unitsOf } from './schedule.ts';
export type { JsonSchema } from './schema-set.ts';
export type { Tolerance } from './tolerant.ts';
export { DECIMAL, decimalOf, integerOf, textOf, transactionOf, wordOf } from './values.ts';
export { type Wire, wireOf } from './wire.ts';
