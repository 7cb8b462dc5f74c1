export { handle } from './handle.ts';
export type { Effect, Env, Handled, Input, TokenDecision } from './input.ts';
export { emptyState, snapshotOf, type StationState, viewOf } from './state.ts';
