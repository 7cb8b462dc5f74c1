import type { Billable, ChargingState, Instant, Place, SessionId, TokenRef } from '@plugga/kit';
import type { SessionStatus } from '../ports.ts';
import type { Energy } from './energy.ts';
import type { Mark } from './order.ts';
import type { RegisterSample, SocSample } from './register.ts';
import type { Trail } from './trail.ts';

/** Something that the station says happened, with how far its time is to be believed. */
export interface Moment extends Mark {
  readonly trusted: boolean;
}

export interface Request {
  readonly seq: number;
  readonly evse?: number;
  readonly connector?: number;
  readonly token?: TokenRef;
  readonly remoteStartId?: number;
  readonly reference?: string;
  readonly channel?: string;
  readonly offer?: string;
  readonly expiresAt: Instant;
  readonly command?: string;
}

/** The newest decision on one token; whether it counts depends on the token that the session runs on. */
export interface Decision {
  readonly seq: number;
  readonly at: Instant;
  readonly token: TokenRef;
  readonly accepted: boolean;
  /** It, or one before it, was accepted while the database was away. */
  readonly offline?: boolean;
  readonly status?: string;
  readonly payer?: string;
  readonly reference?: string;
}

export interface Started extends Moment {
  readonly evidence: 'station' | 'estimated';
  readonly receivedAt: Instant;
  readonly token?: TokenRef;
  readonly meterStart?: string;
  readonly content?: string;
  readonly n: number;
  readonly offline: boolean;
  readonly remoteStartId?: number;
  /** The message that brought it: its answer carries the transaction's id. */
  readonly message?: string;
  readonly supersedes?: string;
}

export interface Ended extends Moment {
  readonly evidence: 'station' | 'estimated';
  readonly receivedAt: Instant;
  readonly token?: TokenRef;
  readonly meterStop?: string;
  readonly reason?: string;
  readonly content?: string;
  /** The stop did not name the session: we found out whose it may be. */
  readonly linked: boolean;
}

export interface StateAt extends Mark {
  readonly state: ChargingState;
}

/** A 2.x event of the transaction: what makes another one a repeat of it. */
export interface Heard {
  readonly seq: number;
  readonly at: Instant;
  readonly seqNo: number;
  readonly key: string;
}

/**
 * What the log says of one session: the fold of its events, equal for any order and any repetition of them. Nothing in here
 * is a conclusion; status, energy, flags and the billable record are derived when they are read.
 */
export interface Session {
  readonly id: SessionId;
  readonly firstSeq: number;
  readonly firstAt: Instant;
  /** Of the earliest fact that names one; never EVSE 0. */
  readonly where?: { readonly seq: number; readonly evse: number; readonly connector?: number; readonly place?: Place };
  readonly transaction?: { readonly seq: number; readonly id: string };
  readonly request?: Request;
  readonly plugged?: Moment;
  readonly decisions: readonly Decision[];
  /** Tokens that 2.x updates presented, the earliest; not one that was shown to stop. */
  readonly presented?: { readonly seq: number; readonly token: TokenRef };
  readonly started?: Started;
  /** Evidence of the end, the strongest first. */
  readonly ends: readonly Ended[];
  readonly unplugs: readonly Moment[];
  readonly states: readonly StateAt[];
  readonly registers: Trail<RegisterSample>;
  readonly power?: Mark & { readonly watts: number };
  /** What the station said is in the battery; absent where it never did. */
  readonly soc?: Trail<SocSample>;
  /** Times of the two newest readings: how often the station meters. */
  readonly meteredAt?: { readonly last: Instant; readonly before?: Instant };
  /** The newest metered entry, by reference: the station repeats it when our answer was lost. */
  readonly lastReadings?: { readonly seq: number; readonly readings: unknown };
  readonly heard: Trail<Heard>;
  readonly answered: boolean;
  readonly stopRequested?: { readonly seq: number; readonly by: string; readonly command?: string };
  readonly expired?: { readonly seq: number; readonly reason: string };
  readonly settled?: { readonly seq: number; readonly waitUntil: 'unplug' | Instant };
  readonly closed?: { readonly seq: number; readonly at: Instant; readonly cdr: boolean };
  /** The billable record that was last told, by closing or correction. */
  readonly billed?: { readonly seq: number; readonly billable: Billable };
  readonly flagged: ReadonlyMap<string, { readonly seq: number; readonly at: Instant; readonly cleared: boolean }>;
  readonly untrustedTime: boolean;
  /** When we last heard anything of the station about it. */
  readonly heardAt: Instant;
  /** Energy as far as it could be carried on from one reading to the next; reckoned anew when absent. */
  readonly tally?: Energy;
}

export const endOf = (session: Session): Ended | undefined => session.ends[0];

/** What the first end said, and from later ones what it left empty. */
export function stopOf(session: Session): {
  readonly meterStop?: string;
  readonly reason?: string;
  readonly token?: TokenRef;
} {
  const first = <K extends 'meterStop' | 'reason' | 'token'>(key: K) =>
    session.ends.find((end) => end[key] !== undefined)?.[key];
  return { meterStop: first('meterStop'), reason: first('reason'), token: first('token') };
}

/**
 * The request that it answers. In 2.x a start without a token takes the one that waits there; a token that the station shows for
 * it afterwards may say that it was somebody else's. One that only came while it charged is none where the station refused it.
 */
export function requestOf(session: Session): Request | undefined {
  const { request, presented, started } = session;
  if (isFlagged(session, 'requestRefused')) return undefined;
  if (request?.token === undefined || presented === undefined || started?.remoteStartId !== undefined) return request;
  return sameHolder(presented.token, request.token) ? request : undefined;
}

/** The token that the session runs on. A stranger's card at the same EVSE is none of it. */
export function tokenOf(session: Session): TokenRef | undefined {
  const { started, presented } = session;
  if (started?.token !== undefined) return started.token;
  const request = requestOf(session);
  if (request?.token !== undefined) return request.token;
  const decisions = session.decisions.filter((it) => it.token.id !== session.request?.token?.id);
  const accepted = decisions.filter((it) => it.accepted).sort((a, b) => a.seq - b.seq)[0];
  return accepted?.token ?? presented?.token ?? decisions[0]?.token ?? stopOf(session).token;
}

export const sameToken = (a: TokenRef | undefined, b: TokenRef | undefined): boolean =>
  a !== undefined && b !== undefined && a.id === b.id;
/** The same token, or one of the same group (1.6 parentIdTag, 2.x groupIdToken). */
export const sameHolder = (a: TokenRef | undefined, b: TokenRef | undefined): boolean =>
  sameToken(a, b) || (a?.group !== undefined && a.group === b?.group);

/** The newest decision on the session's own token. */
export function decisionOf(session: Session): Decision | undefined {
  const token = tokenOf(session);
  return token === undefined ? undefined : session.decisions.find((it) => it.token.id === token.id);
}

export function statusOf(session: Session): SessionStatus {
  if (session.closed !== undefined) return 'closed';
  if (session.ends.length > 0) return 'ended';
  if (session.started !== undefined) return 'active';
  if (session.expired !== undefined || decisionOf(session)?.accepted === false) return 'void';
  return 'pending';
}

/** Started and not ended, or only requested or plugged: what still may happen on an EVSE. */
export const isOpen = (session: Session): boolean => {
  const status = statusOf(session);
  return status === 'active' || status === 'pending';
};

/** Nothing more is expected of it: closed, or void. An ended one still waits for its closing. */
export const isOver = (session: Session): boolean =>
  session.closed !== undefined || (session.ends.length === 0 && !isOpen(session));

/** From when the connector's states are the session's: from its plug, else its start. */
export function beginOf(session: Session): Instant | undefined {
  const { plugged, started } = session;
  if (plugged !== undefined && started !== undefined) return plugged.at < started.at ? plugged.at : started.at;
  return plugged?.at ?? started?.at;
}

/** The earliest unplug that is not before the end, or the end itself where the cable was out already when it came. */
export function unpluggedOf(session: Session): Instant | undefined {
  const end = endOf(session);
  if (end === undefined) return undefined;
  let before: Moment | undefined;
  let found: Instant | undefined;
  for (const unplug of session.unplugs) {
    if (unplug.at >= end.at) found = found === undefined || unplug.at < found ? unplug.at : found;
    else if (before === undefined || unplug.at > before.at) before = unplug;
  }
  if (found !== undefined || before === undefined) return found;
  // Stations that say Available a moment before the stop: nothing was plugged in again since.
  const out = before;
  const later = (it: StateAt) => it.at > out.at || (it.at === out.at && it.seq > out.seq);
  return session.states.some((it) => it.state !== 'idle' && later(it)) ? undefined : end.at;
}

export const isFlagged = (session: Session, flag: string): boolean => session.flagged.get(flag)?.cleared === false;

export const anySession = (
  id: SessionId,
  seq: number,
  at: Instant,
  trails: Pick<Session, 'registers' | 'heard'>,
): Session => ({
  id,
  firstSeq: seq,
  firstAt: at,
  decisions: [],
  ends: [],
  unplugs: [],
  states: [],
  answered: false,
  flagged: new Map(),
  untrustedTime: false,
  heardAt: at,
  ...trails,
});
