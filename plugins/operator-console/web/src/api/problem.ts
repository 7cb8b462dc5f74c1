/** An answer that is no success: RFC 9457 as the operator API writes it, or what can be said of an answer that is none. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly requestId: string | undefined;
  constructor(o: {
    readonly status: number;
    readonly code: string;
    readonly detail: string;
    readonly hint?: string | undefined;
    readonly requestId?: string | undefined;
  }) {
    super(o.detail);
    this.status = o.status;
    this.code = o.code;
    this.hint = o.hint;
    this.requestId = o.requestId;
  }
}

/** Status 0: nobody answered. */
export const unreachable = (cause: unknown): Problem =>
  new Problem({ status: 0, code: 'unreachable', detail: cause instanceof Error ? cause.message : String(cause) });

const textIn = (body: unknown, key: string): string | undefined => {
  const value = typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[key] : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** `body` is the parsed JSON of the answer, undefined where it had none. */
export const problemOf = (status: number, body: unknown): Problem =>
  new Problem({
    status,
    code: textIn(body, 'code') ?? `http-${status}`,
    detail: textIn(body, 'detail') ?? textIn(body, 'title') ?? `HTTP ${status}`,
    hint: textIn(body, 'hint'),
    requestId: textIn(body, 'requestId'),
  });
