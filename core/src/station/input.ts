import type {
  Authorization,
  CommandResult,
  Deviation,
  Fact,
  Instant,
  Iso,
  Monitor,
  Outcome,
  SessionId,
  StationId,
  TenantId,
  TokenRef,
  VariableValue,
} from '@plugga/kit';
import type { Due, NewEvent, SessionRow } from '../ports.ts';
import type { Lesson } from './learnt.ts';
import type { NetworkMove } from './network.ts';

/**
 * The face of the pure middle: `handle(state, input, env) -> Handled`. The actor (I/O) calls it for each input in order,
 * commits what it gives, and applies `state` only after the commit.
 */

/** What authorize found out about a presented token, before the facts are handled. */
export interface TokenDecision extends Authorization {
  readonly ref: TokenRef;
  /** local, cache, plugin:<name>, default, offline. */
  readonly by: string;
  readonly reason?: string;
  /** The station has tried so many unknown tokens that this one was not looked at. */
  readonly guessing?: boolean;
  readonly payer?: string;
  readonly reference?: string;
  readonly limits?: {
    readonly wh?: number;
    readonly amount?: string;
    readonly seconds?: number;
    readonly soc?: number;
  };
}

/** What plugins answered to a question that the station itself has put, and which of them; nothing where nobody did. */
export type Relayed = Pick<
  Outcome,
  | 'chargingNeeds'
  | 'certificateStatus'
  | 'contract'
  | 'contractCertificate'
  | 'dataTransfer'
  | 'dynamicSchedule'
  | 'signCertificate'
  | 'vatNumber'
  | 'vehicleSchedule'
> & {
  readonly by?: string;
  /** It asks too often, so that nobody was asked. */
  readonly paced?: boolean;
};

export type Input =
  /** One message: all its facts. `decision` is on the token that the message presents, where it asked for one. */
  | {
      readonly kind: 'message';
      readonly action: string;
      readonly messageId: string;
      readonly facts: readonly Fact[];
      readonly decision?: TokenDecision;
      readonly relayed?: Relayed;
      readonly deviations: readonly (Deviation & { readonly quirk?: string })[];
    }
  | {
      readonly kind: 'connected';
      readonly protocol: string;
      readonly generation: number;
      readonly address?: string;
      readonly securityProfile: number;
      /** The host of its request. */
      readonly host?: string;
      /** It came with what it was given since: a key, a higher security profile. */
      readonly renewed?: readonly ('key' | 'securityProfile')[];
      /** SHA-256 of the certificate that it showed. */
      readonly certificate?: string;
    }
  | { readonly kind: 'disconnected'; readonly generation: number; readonly code?: number; readonly reason?: string }
  /** The next CALL on the same connection proves that the answer to the one before arrived. */
  | { readonly kind: 'answerSeen'; readonly messageId: string }
  /** Somebody wants to charge: operator, driver, partner. */
  | {
      readonly kind: 'request';
      readonly evse?: number;
      readonly connector?: number;
      readonly token: TokenRef;
      readonly decision: TokenDecision;
      readonly remoteStartId: number;
      readonly reference?: string;
      readonly channel?: string;
      readonly offer?: string;
      readonly command?: string;
      readonly actor: string;
    }
  | {
      readonly kind: 'stopRequest';
      readonly session: SessionId;
      readonly by: string;
      readonly reason?: string;
      readonly command?: string;
    }
  | {
      readonly kind: 'command';
      readonly command: string;
      readonly name: string;
      readonly status: 'queued' | 'sent' | 'accepted' | 'rejected' | 'timeout' | 'failed' | 'done';
      readonly detail?: string;
      readonly effect?: string;
      readonly actor?: string;
      /** What the station made of it. */
      readonly result?: CommandResult;
      /** What it was asked with. */
      readonly asked?: Readonly<Record<string, unknown>>;
    }
  /** The station has taken a reservation. */
  | {
      readonly kind: 'reserved';
      readonly reservation: number;
      readonly evse: number;
      readonly connector?: number;
      readonly token: TokenRef;
      readonly expiresAt: string;
      readonly command: string;
      readonly actor: string;
    }
  /** Monitors that the station has no more, by its whole report. */
  | { readonly kind: 'monitorsGone'; readonly monitors: readonly number[] }
  /** A station is told to come by another network profile; what became of that. */
  | ({ readonly kind: 'network'; readonly command: string; readonly name: string } & (
      | { readonly state: 'moving'; readonly move: Omit<NetworkMove, 'command' | 'name' | 'late'> }
      | { readonly state: 'moved' | 'back'; readonly detail: string }
    ))
  | { readonly kind: 'unreserved'; readonly reservation: number; readonly actor: string }
  /** What the end of a CALL of ours, or the operator, tells about its action. */
  | ({ readonly kind: 'learned'; readonly actor?: string } & Lesson)
  | { readonly kind: 'timer'; readonly key: string; readonly seq: number }
  /** The answer to `settle`: may the session close now? */
  | { readonly kind: 'settled'; readonly session: SessionId; readonly waitUntil: 'now' | 'unplug' | Instant }
  /** What the station says of a transaction of which events are missing. */
  | { readonly kind: 'transactionStatus'; readonly session: SessionId; readonly messagesInQueue: boolean }
  /** What the answer to a CALL of our own tells of the station beside it. */
  | { readonly kind: 'told'; readonly result: CommandResult }
  /** Something of ours that is worth keeping and changes no state. */
  | { readonly kind: 'noted'; readonly topic: string; readonly data: unknown }
  /** The installation was restored from a backup: what is not closed may have gone on, and been billed, meanwhile. */
  | { readonly kind: 'restored'; readonly restore: string }
  /** The operator decides on an orphan or a held session. */
  | { readonly kind: 'security'; readonly what: string; readonly detail?: string };

/** What the actor must do after the commit. */
export type Effect =
  | { readonly kind: 'stop'; readonly session: SessionId; readonly transaction: string; readonly reason: string }
  | { readonly kind: 'trigger'; readonly message: 'boot' | 'status' | 'meterValues'; readonly evse?: number }
  /** Ask whether it has more to tell of the transaction, and come back with a `transactionStatus` input. */
  | { readonly kind: 'transactionStatus'; readonly session: SessionId; readonly transaction: string }
  /** Tell it once more what is to be in or out of service. */
  | { readonly kind: 'availability'; readonly evse: number; readonly connector?: number; readonly operative: boolean }
  /** Ask the `settle` question and come back with a `settled` input. */
  | { readonly kind: 'settle'; readonly session: SessionId }
  /** A command's effect was seen (the session that a start led to, the boot after a reset). */
  | { readonly kind: 'effect'; readonly command: string; readonly effect: string }
  /** A command was accepted, and its effect is waited for until then. */
  | { readonly kind: 'awaiting'; readonly command: string; readonly until: Instant }
  /** Its effect has failed, or was not seen in time. */
  | { readonly kind: 'unseen'; readonly command: string; readonly detail: string }
  /** A security event that somebody must look at. */
  | { readonly kind: 'alarm'; readonly what: string; readonly detail?: string }
  /** Find out by which network profile it came, and come back with a `network` input. */
  | { readonly kind: 'network'; readonly move: NetworkMove }
  /** An event of a variable that somebody must look at. */
  | { readonly kind: 'alert'; readonly variable: string; readonly severity: number; readonly detail?: string }
  /** What a report told of variables and monitors. */
  | ({ readonly kind: 'told' } & DeviceTold)
  /** A part of what the station keeps of a driver, for the command that asked for it. */
  | { readonly kind: 'customer'; readonly command: string; readonly told: CustomerPart };

/** A part of what a station says of a driver: in no event, and kept until an operator has taken it. */
export interface CustomerPart {
  readonly part: number;
  readonly last: boolean;
  readonly text: string;
}

/** What a station has told of its variables and monitors, which is kept beside the log. */
export interface DeviceTold {
  readonly variables?: readonly VariableValue[];
  readonly monitors?: readonly Monitor[];
  /** A report has come whole: those of its scope that were there before it, and are not among these, are gone. */
  readonly whole?: { readonly request: number; readonly ids: readonly number[]; readonly since: Iso };
}

export interface Env {
  readonly tenant: TenantId;
  readonly station: StationId;
  readonly now: Instant;
  newId(): string;
  /** HMAC(secret, text) as 32 bytes: 1.6 transaction ids and token hashes. */
  hmac(text: string): Uint8Array;
  /** Whether unknown stations are let in (PLUGGA_ONBOARDING=open), and so Boot is Accepted. */
  readonly registration: 'accepted' | 'pending' | 'rejected';
  readonly heartbeatSeconds: number;
  /** The permanent identities of the hardware now. */
  identityOf(
    evse: number,
    connector?: number,
  ): { readonly evseId?: string; readonly connectorId?: string; readonly location?: string; readonly timeZone: string };
  /** When this process, the connection or the database last came back: rules that conclude from silence wait 15 min after it. */
  readonly quietSince: Instant;
  readonly online: boolean;
  /** Nothing is sent to it that nobody asked for. */
  readonly quiet?: boolean;
  /** Why what its make measures is not billed by itself. */
  readonly inexact?: string | undefined;
}

export interface Handled<State> {
  readonly state: State;
  readonly firstSeq: number;
  readonly events: readonly NewEvent[];
  /** Rows of the sessions that changed. */
  readonly sessions: readonly SessionRow[];
  /** Whether the station's own snapshot changed. */
  readonly stationChanged: boolean;
  readonly due: readonly Due[];
  readonly dueGone: readonly string[];
  readonly effects: readonly Effect[];
  readonly outcome: Outcome;
}
