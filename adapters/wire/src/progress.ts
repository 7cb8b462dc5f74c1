import type { Fact } from '@plugga/kit';
import { wordWith } from './plan.ts';

type Progress = Extract<Fact, { kind: 'progress' }>;

/** -1, or none: a status that was triggered while nothing is under way (security whitepaper, messages 5.11 and 5.19; 2.x alike). */
const requestOf = (request: unknown): { readonly request?: number } =>
  typeof request === 'number' && Number.isInteger(request) && request >= 0 ? { request } : {};

/** What a firmware or log status says: the protocol's own word, its first letter small; `info` is why, where 2.1 says it. */
export const progressOf = (of: Progress['of'], status: string, request?: unknown, info?: unknown): Progress => {
  const word = `${status.slice(0, 1).toLowerCase()}${status.slice(1, 50)}`;
  const detail = wordWith(word, info);
  return { kind: 'progress', of, status: word, ...requestOf(request), ...(detail !== word && { detail }) };
};
