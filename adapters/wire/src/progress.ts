import type { Fact } from '@plugga/kit';
import { wordWith } from './plan.ts';
import { numberOf } from './values.ts';

type Progress = Extract<Fact, { kind: 'progress' }>;

/** -1, or none: a status that was triggered while nothing is under way (security whitepaper, messages 5.11 and 5.19; 2.x alike). */
const requestOf = (said: unknown): { readonly request?: number } => {
  const request = numberOf(said);
  return request === undefined || request < 0 ? {} : { request };
};

/** What a firmware or log status says: the protocol's own word, its first letter small; `info` is why, where 2.1 says it. */
export const progressOf = (of: Progress['of'], status: string, request?: unknown, info?: unknown): Progress => {
  const word = `${status.slice(0, 1).toLowerCase()}${status.slice(1, 50)}`;
  const detail = wordWith(word, info);
  return { kind: 'progress', of, status: word, ...requestOf(request), ...(detail !== word && { detail }) };
};
