import type { Pending, Renewed } from '../site/pending-credentials.ts';
import type { Adapter, Answer, Call, Deviation, Instant, StationId, TenantId, Timing } from '@plugga/kit';

/** What the connection needs of the rest of the core, and what the rest needs of a connection. */

export interface StationCredentials {
  readonly station: StationId;
  readonly tenant: TenantId;
  readonly identity: string;
  /** As it said at its last boot: its certificate may name it by that. */
  readonly serial?: string | undefined;
  readonly securityProfile: number;
  readonly allowInsecure: boolean;
  readonly disabled: boolean;
  readonly keyHash: Uint8Array | undefined;
  readonly keySalt: Uint8Array | undefined;
  /** What it was given and has not come with yet. */
  readonly pending?: Pending | undefined;
  /** What it speaks where it offers no subprotocol; without one it is turned away then. */
  readonly defaultProtocol?: string | undefined;
  /** Nothing is sent to it that nobody asked for. */
  readonly quiet?: boolean;
  /** What its boot is answered; accepted where nothing is said. */
  readonly registration?: 'pending' | 'rejected' | undefined;
}

/** One CALL as it came over the wire, already storable: no NUL, no lone surrogates, finite numbers. */
export interface InboundCall {
  readonly messageId: string;
  readonly action: string;
  readonly payload: unknown;
  /** The untouched frame. */
  readonly raw: Uint8Array;
  readonly receivedAt: Instant;
  readonly generation: number;
  /** What the frame border had to change, and duplicate keys. */
  readonly deviations: readonly Deviation[];
}

export interface Conversation {
  readonly station: StationId;
  readonly generation: number;
  readonly adapter: Adapter;
  readonly open: boolean;
  /** One CALL outstanding; others wait in line. Resolves however it ends, never rejects. */
  call(call: Call, o?: { readonly timeoutSeconds?: number; readonly messageId?: string }): Promise<Answer>;
  /** Vendor and model became known: ping interval, spacing, time-outs; and how often it was told to send a heartbeat. */
  retime(timing: Timing & { readonly heartbeatSeconds?: number | undefined }): void;
  close(code: number, reason: string): void;
}

/** What the actor says to a CALL. `silent`: answer nothing (fenced, not stored). */
export type Said =
  | { readonly kind: 'result'; readonly payload: unknown }
  | {
      readonly kind: 'error';
      readonly code: string;
      readonly description: string;
      readonly details: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'silent' };

/** The station's actor as its socket sees it. Calls are handled in the order in which they are given, each after the commit of the one before. */
export interface StationActor {
  /** The newest authenticated connection; older ones are closed by the actor and whatever they still say is ignored. */
  connected(
    conversation: Conversation,
    info: {
      readonly address: string;
      readonly securityProfile: number;
      readonly renewed?: Renewed | undefined;
      /** The host of its request. */
      readonly host?: string | undefined;
      /** Fingerprint of the certificate that it showed. */
      readonly certificate?: string | undefined;
    },
  ): Promise<void>;
  received(call: InboundCall): Promise<Said>;
  /** The next CALL of the connection proves that the answer to that message arrived. */
  answerSeen(messageId: string, generation: number): void;
  /** A frame that could not be parsed: the dialect's text repair, undefined when it has none or does not help. */
  repair(text: string): string | undefined;
  disconnected(generation: number, code: number, reason: string): void;
  /** What became of the connection after a ping: some stations end it then. */
  pinged(generation: number, what: 'dropped' | 'stood'): void;
  /** Counted and shown; repeated take-over, malformed frames and the like. */
  noted(kind: string, detail: string): void;
}

export interface Stations {
  /** One indexed read, cached; undefined for an unknown identity. */
  lookUp(identity: string): Promise<StationCredentials | undefined>;
  /** Asks nobody and waits for nothing: whether it was here before, as far as this node remembers. */
  isKnown(identity: string): boolean;
  /** PLUGGA_ONBOARDING=open: creates it. */
  adopt(identity: string): Promise<StationCredentials>;
  /** An unknown identity: kept in a capped list for one-click onboarding. */
  knocked(identity: string, info: { readonly address: string; readonly protocols: string }): void;
  /** It came with what it was given: that holds from now on. */
  renewed(credentials: StationCredentials, renewed: Renewed): Promise<void>;
  /** Counts the station's generation up in the database. */
  nextGeneration(station: StationId, protocol: string): Promise<number>;
  /** Rejects with `unavailable` when the station's state is not at hand: the socket is closed with 1013. */
  actor(credentials: StationCredentials): Promise<StationActor>;
  /** Kept with the station's events, floods counted. */
  securityNoted(o: {
    readonly credentials?: StationCredentials | undefined;
    readonly identity: string;
    readonly kind: string;
    readonly detail: string;
  }): void;
}

/** Frames as they went over the wire, kept for PLUGGA_FRAME_DAYS; buffered, never in the way. */
export interface FrameRecorder {
  record(frame: {
    readonly tenant: TenantId;
    readonly station: StationId;
    readonly at: Instant;
    readonly direction: 'in' | 'out';
    readonly generation: number;
    readonly bytes: Uint8Array;
  }): void;
}
