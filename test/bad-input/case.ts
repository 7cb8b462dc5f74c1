/** How a case of the table is written. Values that differ from run to run stand as «name» in texts. */

export interface Case {
  /** Of the reference list of bad inputs; several cases may carry one id. */
  readonly id: string;
  readonly title: string;
  readonly layer: 'connection' | 'framing' | 'storable' | 'station';
  readonly version: '1.6' | '2.0.1' | '2.1';
  /** Takes half a minute or more: only in the full run. */
  readonly slow?: true;
  /** Needs the platform for itself: played after all others. */
  readonly alone?: true;
  /** What the case is done on; a station of its own with a key, already connected, unless the first step dials. */
  readonly steps: readonly Step[];
  /** The station's sessions afterwards, newest first. */
  readonly sessions?: readonly unknown[];
  /** The station as the API shows it afterwards. */
  readonly station?: unknown;
  /** What the station's security events are afterwards, newest first. */
  readonly security?: readonly unknown[];
  /** Events that are in the station's log afterwards, among others. */
  readonly log?: readonly unknown[];
}

/**
 * Known names: «tag», «blocked», «expired» tokens; «identity»; «-60» the time 60 s before the case began; and what a step has kept. A text
 * that is one name alone becomes its value, a number stays a number.
 */
export type Step = { readonly as?: string } & (
  | { readonly dial: Dial; readonly gives: 'open' | { readonly status: number; readonly after?: number } | Closed }
  /** A text goes as it is, anything else as JSON. */
  | {
      readonly send: unknown;
      readonly binary?: true;
      readonly times?: number;
      readonly gives: Gives;
      readonly keep?: Keep;
    }
  | { readonly wire: readonly Uint8Array[]; readonly gives: Closed }
  /** One byte of a message that never ends, ten times a second. */
  | { readonly trickle: string; readonly gives: Closed }
  | { readonly ping: number; readonly gives: Closed }
  | { readonly unread: unknown; readonly gives: Closed }
  | {
      readonly call: { readonly action: string; readonly payload: unknown };
      readonly reply: readonly unknown[];
      readonly gives: Answered;
    }
  /** A command of ours, the CALL that it leads to (kept as «call», its requestId as «request»), and how it ends. */
  | { readonly command: object; readonly action: string; readonly reply: readonly unknown[]; readonly gives: unknown }
  /** A CALL that the platform makes by itself. */
  | { readonly hears: string; readonly reply: readonly unknown[] }
  | { readonly idle: number; readonly gives: 'open' }
  | { readonly http: string; readonly path: string; readonly gives: { readonly status: number } }
  | { readonly frozen: true; readonly gives: Closed }
  /** So many connections that never say anything, from our address; some must be cut at once. */
  | { readonly idleSockets: number }
  /** A server whose URL is kept under that name; nobody may ever connect to it. */
  | { readonly trap: string }
  | { readonly restart: true }
);

export interface Dial {
  readonly identity?: string;
  /** The station of another step, instead of one of its own. */
  readonly of?: string;
  /** `right` unless said otherwise. */
  readonly key?: 'right' | 'bytes' | 'capitals' | 'wrong' | 'none';
  readonly user?: string;
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes are written by hand afterwards. */
  readonly wire?: true;
  /** The handshake never ends. */
  readonly unfinished?: true;
}

export interface Closed {
  readonly close: number | 'cut';
  readonly reason?: string;
}

export interface Answered {
  readonly status: number;
  readonly body?: unknown;
}

/** `nothing`: the next Heartbeat is answered and nothing else came. Members that are named must fit, others may be there. */
export type Gives =
  | 'nothing'
  | 'result'
  | { readonly result: unknown }
  | { readonly error: string | RegExp }
  | { readonly frame: readonly unknown[] }
  | Closed;

/** Names for members of the result. */
export type Keep = Readonly<Record<string, string>>;

/** Any number above zero. */
export const POSITIVE = { positive: true } as const;
/** For flags and the like: none at all. */
export const NONE = { length: 0 } as const;
/** At least one. */
export const SOME = { some: true } as const;
