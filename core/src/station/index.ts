export { evolve } from './evolve.ts';
export { handle } from './handle.ts';
export type { Effect, Env, Handled, Input, TokenDecision } from './input.ts';
export { absorb, needs, replay, restore } from './restore.ts';
export { sessionRow } from '../session/row.ts';
export { statusOf } from '../session/session.ts';
export { emptyState, snapshotOf, type StationState, viewOf } from './state.ts';
