export { createClient, type Client } from './client.ts';
export type { EventsOptions, LiveEvent } from './events.ts';
export type { InputOf, ItemOf, OutputOf } from './operations.ts';
export { ProblemError, type Problem } from './problem.ts';
export type { Connection } from './request.ts';
