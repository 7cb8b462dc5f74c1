/** What a caller can rely on: a stable code, an HTTP status, and what to do about it. */
export interface ErrorKind {
  readonly status: number;
  readonly title: string;
  readonly hint: string;
}

/** The catalogue. A code is never renamed; plugins add their own with `defineErrors`. */
const catalogue = {
  'invalid-input': { status: 400, title: 'The request is not valid', hint: 'Correct the fields named in the detail.' },
  'invalid-cursor': {
    status: 400,
    title: 'The cursor is not one of ours',
    hint: 'Start the list again without a cursor.',
  },
  'invalid-currency': { status: 400, title: 'The currency is not known', hint: 'Use an ISO 4217 code such as SEK.' },
  'invalid-config': { status: 500, title: 'The configuration is not valid', hint: 'Run `plugga config check`.' },
  unauthenticated: { status: 401, title: 'No valid key was given', hint: 'Send `Authorization: Bearer <key>`.' },
  forbidden: {
    status: 403,
    title: 'The key lacks the scope',
    hint: 'Use a key that has the scope named in the detail.',
  },
  'not-found': { status: 404, title: 'There is no such thing', hint: 'Look the id up in the list.' },
  conflict: {
    status: 409,
    title: 'The request contradicts what is stored',
    hint: 'Read the current state and try again.',
  },
  'changed-meanwhile': {
    status: 412,
    title: 'Somebody else has changed it meanwhile',
    hint: 'Read it again, and repeat the change with the ETag that comes with it.',
  },
  'station-offline': {
    status: 409,
    title: 'The station is not connected',
    hint: 'Wait until it connects; see GET /api/v1/stations.',
  },
  'command-unsupported': {
    status: 409,
    title: 'The station cannot do this',
    hint: 'Send the message with POST …/calls to see its own answer.',
  },
  'offer-missing': {
    status: 409,
    title: 'An ad hoc start needs an offer',
    hint: 'Show the price with POST /api/v1/offers and name the offer in the command.',
  },
  'offer-refused': {
    status: 409,
    title: 'The offer does not hold for this start',
    hint: 'Show the offer that comes with this answer, or ask for a new one with POST /api/v1/offers.',
  },
  'idempotency-mismatch': {
    status: 422,
    title: 'The idempotency key was used for another request',
    hint: 'Use a new key for a new request.',
  },
  'call-timeout': {
    status: 504,
    title: 'The station did not answer in time',
    hint: 'Check its connection and try again.',
  },
  'outside-refused': {
    status: 400,
    title: 'That address may not be reached',
    hint: 'Use a public https URL, or name the host in PLUGGA_EGRESS_ALLOW.',
  },
  'outside-failed': {
    status: 502,
    title: 'Another system did not answer as it should',
    hint: 'Check that it is up and reachable from here, and try again.',
  },
  unavailable: {
    status: 503,
    title: 'A part of the platform is not available',
    hint: 'Try again in a moment; see /readyz.',
  },
  'plugin-failed': { status: 500, title: 'A plugin failed', hint: 'See GET /api/v1/plugins and the log.' },
  'plugin-invalid': {
    status: 500,
    title: 'A plugin is not well formed',
    hint: 'Correct its declaration as the detail says.',
  },
  'port-missing': {
    status: 503,
    title: 'Nothing offers what is needed',
    hint: 'Enable a plugin that offers the port.',
  },
  'database-unusable': { status: 503, title: 'The database cannot be used', hint: 'Run `plugga doctor`.' },
  'data-in-use': {
    status: 503,
    title: 'Another process works on this data',
    hint: 'Stop it, or set PLUGGA_DATA to another folder.',
  },
  'backup-damaged': {
    status: 500,
    title: 'The backup is damaged',
    hint: 'Take another copy of it, or an older backup; nothing was restored.',
  },
  'backup-unfit': {
    status: 409,
    title: 'The backup cannot be restored like this',
    hint: 'Nothing was restored; see docs/backup.md.',
  },
  'broken-assumption': {
    status: 500,
    title: 'Something that cannot happen has happened',
    hint: 'Report it with the log line of this request id.',
  },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof catalogue;

/** Whether a code that came from elsewhere is one of the catalogue. */
export const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(catalogue, code);

/** Every error that leaves a module of ours. `status` and `hint` come from the catalogue. */
export class PluggaError extends Error {
  override readonly name = 'PluggaError';
  readonly code: string;
  readonly kind: ErrorKind;
  /** Extra members of the problem document (RFC 9457), such as the field errors. */
  readonly details: Readonly<Record<string, unknown>>;
  constructor(code: string, kind: ErrorKind, message: string, options: FailOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.kind = kind;
    this.details = options.details ?? {};
  }
}

export interface FailOptions {
  readonly cause?: unknown;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Makes the error; the caller throws it. The message says what and which. */
export const fail = (code: ErrorCode, message: string, options?: FailOptions): PluggaError =>
  new PluggaError(code, catalogue[code], message, options);

/** A plugin's own catalogue: `const failTariff = defineErrors({ 'tariff-unknown': { status: 404, … } })`. */
export const defineErrors =
  <const C extends Record<string, ErrorKind>>(kinds: C) =>
  (code: keyof C & string, message: string, options?: FailOptions): PluggaError => {
    const kind = kinds[code];
    if (kind === undefined) throw fail('broken-assumption', `error code "${code}" is not in its catalogue`);
    return new PluggaError(code, kind, message, options);
  };
