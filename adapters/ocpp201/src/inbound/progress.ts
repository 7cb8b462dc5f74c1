import type { Fact } from '@plugga/kit';

type Progress = Extract<Fact, { kind: 'progress' }>;

/** -1, or none: a status that was triggered while nothing is under way (2.0.1 L01.FR.20, N01.FR.13). */
const requestOf = (request: unknown): { readonly request?: number } =>
  typeof request === 'number' && Number.isInteger(request) && request >= 0 ? { request } : {};

export const progressOf = (of: Progress['of'], status: string, request?: unknown): Progress => ({
  kind: 'progress',
  of,
  status: `${status.slice(0, 1).toLowerCase()}${status.slice(1, 50)}`,
  ...requestOf(request),
});
