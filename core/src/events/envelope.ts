import { fail, instant, isErrorCode, PluggaError, type Instant, z } from '@plugga/kit';

/**
 * What nodes send each other, as JSON:
 * `{"v":1,"from":"node1","at":1764000000000,"body":…}`; a request adds `"ms":5000`, how long it is waited for;
 * an answer has `"ok":…` or `"error":{"code":…,"message":…,"details":{…}}` in place of the body.
 */
const VERSION = 1;
/** Below NATS's own default of 1 MiB. */
const MOST_BYTES = 1_000_000;
/** Clocks of nodes may differ by so much before a request in time is taken for a late one. */
const SKEW_MS = 10_000;

const said = z.looseObject({
  v: z.literal(VERSION),
  from: z.string().max(100),
  at: z.number(),
  ms: z.number().optional(),
  body: z.unknown().optional(),
});
const answered = z.looseObject({
  v: z.literal(VERSION),
  ok: z.unknown().optional(),
  error: z
    .object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() })
    .optional(),
});

export interface Said {
  readonly from: string;
  readonly at: Instant;
  readonly ms?: number;
  readonly body: unknown;
}

/** Why a message is not listened to. */
export type Ignored = 'malformed' | 'too-long' | 'late';

export const encodeSaid = (message: Said): string => bounded(JSON.stringify({ v: VERSION, ...message }));

/** Anybody who may use the bus can send anything: what is not of this shape is a reason, never an error. */
export function decodeSaid(bytes: Uint8Array): Said | Ignored {
  const read = jsonOf(bytes);
  if (typeof read === 'string') return read;
  const parsed = said.safeParse(read.json);
  if (!parsed.success || !Number.isFinite(parsed.data.at)) return 'malformed';
  const { from, at, ms, body } = parsed.data;
  return { from, at: instant(at), ...(ms === undefined ? {} : { ms }), body };
}

/** Nobody waits for the answer any more: what it asks for must not happen now. */
export const isLate = ({ at, ms = Infinity }: Said, now: Instant): boolean => now > at + ms + SKEW_MS;

export const encodeAnswer = (ok: unknown): string => bounded(JSON.stringify({ v: VERSION, ok }));

export function encodeError(error: unknown): string {
  const { code, message, details } =
    error instanceof PluggaError
      ? error
      : { code: 'unavailable', message: error instanceof Error ? error.message : String(error), details: {} };
  return JSON.stringify({ v: VERSION, error: { code, message, details } });
}

/** What the other node answered; throws the error that it threw. */
export function decodeAnswer(bytes: Uint8Array): unknown {
  const read = jsonOf(bytes);
  const parsed = typeof read === 'string' ? undefined : answered.safeParse(read.json);
  if (parsed?.success !== true) throw fail('unavailable', 'the answer of the other node is not one of ours');
  const { ok, error } = parsed.data;
  if (error === undefined) return ok;
  throw fail(
    isErrorCode(error.code) ? error.code : 'unavailable',
    error.message,
    error.details === undefined ? {} : { details: error.details },
  );
}

function jsonOf(bytes: Uint8Array): { readonly json: unknown } | Ignored {
  if (bytes.length > MOST_BYTES) return 'too-long';
  try {
    return { json: JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) };
  } catch {
    return 'malformed';
  }
}

function bounded(text: string): string {
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) throw fail('invalid-input', `a message of ${bytes} bytes is too long for the bus`);
  return text;
}
