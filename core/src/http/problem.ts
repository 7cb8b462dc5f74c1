import { fail, PluggaError } from '@plugga/kit';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { redactText } from '../redact.ts';

/** RFC 9457. `code` is stable and of the catalogue; `requestId` is that of the log line and the response header. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly hint: string;
  readonly requestId: string;
  readonly [extra: string]: unknown;
}

/** Every error that leaves over HTTP, whoever threw it. */
export function problemOf(error: unknown, requestId: string): Problem {
  const known = knownError(error);
  return {
    ...known.details,
    type: `urn:plugga:problem:${known.code}`,
    title: known.kind.title,
    status: known.kind.status,
    detail: redactText(known.message),
    code: known.code,
    hint: known.kind.hint,
    requestId,
  };
}

export function problemResponse(c: Context, problem: Problem): Response {
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer realm="plugga"';
  if (problem.status === 503) headers['retry-after'] = '2';
  return c.body(JSON.stringify(problem), problem.status as ContentfulStatusCode, headers);
}

/** What an error means to a caller; a fault of ours says nothing of its inside. */
export function knownError(error: unknown): PluggaError {
  if (error instanceof PluggaError) return error;
  if (error instanceof HTTPException) return ofHono(error);
  return ofDatabase(error) ?? fail('broken-assumption', 'an unexpected error; the log has it', { cause: error });
}

function ofHono(error: HTTPException): PluggaError {
  if (error.status === 413) return fail('invalid-input', 'the body is larger than 1 MiB', { cause: error });
  if (error.status < 500) return fail('invalid-input', error.message || 'the request cannot be read', { cause: error });
  return fail('broken-assumption', 'an unexpected error; the log has it', { cause: error });
}

/** PostgreSQL's classes: what the content is to blame for, what a competitor, and what the server. */
function ofDatabase(error: unknown): PluggaError | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const { code } = error;
  if (code === '23505') return fail('conflict', 'something with the same name or id exists already', { cause: error });
  if (code === '23503')
    return fail('conflict', 'it refers to something that does not exist, or is still referred to', { cause: error });
  if (/^(22|23)...$/.test(code)) return fail('invalid-input', 'a value cannot be stored as it is', { cause: error });
  if (/^(08|53|57|40)...$|^E(CONN|PIPE|TIMEDOUT|NOTFOUND)/.test(code))
    return fail('unavailable', 'the database does not answer', { cause: error });
  return undefined;
}
