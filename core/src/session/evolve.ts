import {
  type ChargingState,
  type DataOf,
  type EventDef,
  type EventId,
  type Instant,
  instantOf,
  type SessionId,
  sessionAnswered,
  sessionAuthorized,
  sessionClosed,
  sessionCorrected,
  sessionEnded,
  sessionExpired,
  sessionFlagged,
  sessionMetered,
  sessionPlugged,
  sessionRefused,
  sessionRequested,
  sessionSettled,
  sessionStarted,
  sessionStateChanged,
  sessionStopRequested,
  sessionUnplugged,
  sessionUpdated,
  type Place,
  socOf,
} from '@plugga/kit';
import { carriedOn } from './energy.ts';
import { compareMarks, inserted } from './order.ts';
import { powerOf, registersOf, type SocSample } from './register.ts';
import { anySession, type Decision, type Ended, type Moment, type Session, type Started } from './session.ts';
import { parseTime } from './time.ts';
import { appended, emptyTrail } from './trail.ts';

/** An event with its place in the station's stream: what the log keeps, or what is about to be kept. */
export interface Happened {
  readonly id: EventId;
  readonly seq: number;
  readonly type: string;
  readonly v: number;
  readonly session?: SessionId;
  readonly at: Instant;
  readonly receivedAt: Instant;
  readonly cause?: string;
  readonly data: unknown;
}

type Fold<E extends EventDef> = (session: Session, data: DataOf<E>, event: Happened) => Session;
const table = new Map<string, { readonly def: EventDef; readonly fold: Fold<EventDef> }>();
const folds = <E extends EventDef>(def: E, fold: Fold<E>): void => {
  table.set(def.type, { def, fold: fold as unknown as Fold<EventDef> });
};

interface Timed {
  readonly time: string;
  readonly timeSource?: 'station' | 'received';
  readonly rawTime?: string;
  readonly seqNo?: number;
}
const momentOf = (data: Timed, event: Happened): Moment => ({
  seqNo: data.seqNo ?? 0,
  at: instantOf(data.time),
  seq: event.seq,
  trusted: data.timeSource !== 'received',
});
const earliest = <T extends { readonly seq: number }>(known: T | undefined, heard: T): T =>
  known === undefined || heard.seq < known.seq ? heard : known;
const latest = <T extends { readonly seq: number }>(known: T | undefined, heard: T): T =>
  known === undefined || heard.seq > known.seq ? heard : known;
const doubtful = (session: Session, moment: Moment): boolean => session.untrustedTime || !moment.trusted;

/** The EVSE is set once, by the earliest fact in the log that names one. EVSE 0 is the station itself. */
function placed(
  session: Session,
  event: Happened,
  data: { readonly evse?: number; readonly connector?: number; readonly place?: Place },
): Session {
  if (data.evse === undefined || data.evse <= 0) return session;
  const where = { seq: event.seq, evse: data.evse, connector: data.connector, place: data.place };
  return { ...session, where: earliest(session.where, where) };
}

const named = (session: Session, event: Happened, id: string | undefined): Session =>
  id === undefined ? session : { ...session, transaction: earliest(session.transaction, { seq: event.seq, id }) };

function decided(session: Session, decision: Decision): Session {
  const same = session.decisions.find((it) => it.token.id === decision.token.id);
  const newest = same !== undefined && same.seq >= decision.seq ? same : decision;
  // A later answer does not undo that it began without one.
  const offline = same?.offline === true || decision.offline === true;
  if (newest === same && same.offline === offline) return session;
  const others = session.decisions.filter((it) => it !== same);
  return { ...session, decisions: [...others, { ...newest, offline }].sort((a, b) => b.seq - a.seq) };
}

/** Station evidence beats estimated; then the lowest. */
const strongerStart = (a: Started, b: Started): number =>
  a.evidence === b.evidence ? compareMarks(a, b) : a.evidence === 'station' ? -1 : 1;
const weight = ({ evidence, linked }: Ended): number => (evidence === 'estimated' ? 2 : linked ? 1 : 0);
/**
 * Station evidence beats estimated, and a stop that names the session one that was found to be its own; then the lowest seqNo
 * (1.6 has none), then the first in the log; of estimates the earliest start that was heard after it, else the latest.
 */
function strongerEnd(a: Ended, b: Ended): number {
  if (weight(a) !== weight(b)) return weight(a) - weight(b);
  if (a.evidence === 'station') return a.seqNo - b.seqNo || a.seq - b.seq;
  const [isA, isB] = [a, b].map(({ reason }) => reason === 'superseded');
  if (isA !== isB) return isA === true ? -1 : 1;
  return (isA === true ? a.at - b.at : b.at - a.at) || a.seq - b.seq;
}

const inState = (session: Session, state: ChargingState, { seqNo, at, seq }: Moment): Session => ({
  ...session,
  states: inserted(session.states, { seqNo, at, seq, state }, (a, b) => a.at - b.at || a.seq - b.seq),
});

/** An event of 2.x that is told with the readings that it brought. */
function updated(
  session: Session,
  { state, ...data }: NonNullable<DataOf<typeof sessionMetered>['update']> & { readonly seqNo?: number },
  event: Happened,
): Session {
  const next = heardOf(session, 'updated', data, event);
  return state === undefined ? next : inState(next, state, momentOf(data, event));
}

folds(sessionRequested, (session, data, event) => ({
  ...placed(session, event, data),
  request: earliest(session.request, {
    seq: event.seq,
    evse: data.evse,
    connector: data.connector,
    token: data.token,
    remoteStartId: data.remoteStartId,
    reference: data.reference,
    channel: data.channel,
    offer: data.offer,
    expiresAt: instantOf(data.expiresAt),
    command: data.command,
  }),
}));
folds(sessionPlugged, (session, data, event) => {
  const moment = momentOf(data, event);
  const { plugged } = session;
  return {
    ...placed(session, event, data),
    plugged: plugged === undefined || compareMarks(moment, plugged) < 0 ? moment : plugged,
  };
});
folds(sessionAuthorized, (session, data, event) =>
  decided(session, {
    seq: event.seq,
    at: event.receivedAt,
    token: data.token,
    accepted: true,
    offline: data.by === 'offline',
    payer: data.payer,
    reference: data.reference,
  }),
);
folds(sessionRefused, (session, data, event) =>
  decided(session, { seq: event.seq, at: event.receivedAt, token: data.token, accepted: false, status: data.status }),
);
folds(sessionStarted, (session, data, event) => {
  const moment = momentOf(data, event);
  const started: Started = {
    ...moment,
    evidence: data.evidence,
    receivedAt: event.receivedAt,
    token: data.token,
    meterStart: data.meterStart,
    content: data.content,
    n: data.n ?? 0,
    offline: data.offline === true,
    remoteStartId: data.remoteStartId,
    message: event.cause,
    supersedes: data.supersedes,
  };
  const known = session.started;
  const next = named(placed(session, event, data), event, data.transaction);
  return {
    ...heardOf(next, 'started', data, event),
    started: known === undefined || strongerStart(started, known) < 0 ? started : known,
    untrustedTime: doubtful(session, moment),
    tally: undefined,
  };
});
folds(sessionAnswered, (session) => ({ ...session, answered: true }));
folds(sessionUpdated, (session, data, event) => {
  const next = heardOf(placed(session, event, data), 'updated', data, event);
  if (data.token === undefined || data.trigger === 'StopAuthorized') return next;
  return { ...next, presented: earliest(session.presented, { seq: event.seq, token: data.token }) };
});
folds(sessionStateChanged, (session, data, event) => inState(session, data.state, momentOf(data, event)));
folds(sessionMetered, (before, data, event) => {
  const session = data.update === undefined ? before : updated(before, { ...data.update, seqNo: data.seqNo }, event);
  const seqNo = data.seqNo ?? 0;
  const registers = registersOf(data.readings, { seq: event.seq, seqNo, source: data.source ?? 'transaction' });
  let { power, meteredAt, untrustedTime } = session;
  const socs: SocSample[] = [];
  for (const reading of data.readings) {
    const at = instantOf(reading.time);
    if (meteredAt === undefined) meteredAt = { last: at };
    else if (at > meteredAt.last) meteredAt = { last: at, before: meteredAt.last };
    else if (at < meteredAt.last && at > (meteredAt.before ?? -Infinity)) meteredAt = { ...meteredAt, before: at };
    if (reading.timeSource === 'received') untrustedTime = true;
    const percent = socOf(reading.samples);
    if (percent !== undefined) socs.push({ at, percent });
    const watts = powerOf(reading.samples);
    if (watts === undefined) continue;
    const mark = { seqNo, at, seq: event.seq };
    if (power === undefined || compareMarks(power, mark) < 0) power = { ...mark, watts };
  }
  return {
    ...session,
    registers: appended(session.registers, registers),
    power,
    ...(socs.length === 0 ? {} : { soc: appended(session.soc ?? emptyTrail(), socs) }),
    meteredAt,
    untrustedTime,
    // 1.6: readings that name the transaction prove that the station has its id.
    answered: session.answered || data.source === 'transaction',
    lastReadings: latest(session.lastReadings, { seq: event.seq, readings: data.readings }),
    tally: carriedOn(session, session.tally, registers),
  };
});
folds(sessionStopRequested, (session, data, event) => ({
  ...session,
  stopRequested: earliest(session.stopRequested, { seq: event.seq, by: data.by, command: data.command }),
}));
folds(sessionEnded, (session, data, event) => {
  const moment = momentOf(data, event);
  const ended: Ended = {
    ...moment,
    evidence: data.evidence,
    receivedAt: event.receivedAt,
    token: data.token,
    meterStop: data.meterStop,
    reason: data.reason,
    content: data.content,
    linked: data.said !== undefined,
  };
  return {
    ...heardOf(named(placed(session, event, data), event, data.transaction), 'ended', data, event),
    ends: inserted(session.ends, ended, strongerEnd),
    untrustedTime: doubtful(session, moment),
    tally: undefined,
  };
});
folds(sessionUnplugged, (session, data, event) => ({
  ...session,
  unplugs: inserted(session.unplugs, momentOf(data, event), compareMarks),
}));
folds(sessionExpired, (session, data, event) => ({
  ...session,
  expired: earliest(session.expired, { seq: event.seq, reason: data.reason }),
}));
folds(sessionSettled, (session, data, event) => ({
  ...session,
  settled: latest(session.settled, {
    seq: event.seq,
    waitUntil: data.waitUntil === 'unplug' ? ('unplug' as const) : instantOf(data.waitUntil),
  }),
}));
folds(sessionClosed, (session, data, event) => ({
  ...session,
  closed: earliest(session.closed, { seq: event.seq, at: event.at, cdr: data.cdr }),
  billed: latest(session.billed, { seq: event.seq, billable: data.billable }),
}));
folds(sessionCorrected, (session, data, event) => ({
  ...session,
  billed: latest(session.billed, { seq: event.seq, billable: data.after }),
}));
folds(sessionFlagged, (session, data, event) => {
  const known = session.flagged.get(data.flag);
  if (known !== undefined && known.seq >= event.seq) return session;
  const flag = { seq: event.seq, at: event.at, cleared: data.cleared === true };
  return { ...session, flagged: new Map(session.flagged).set(data.flag, flag) };
});

/** What tells a 2.x event from a repeat of it beside its seqNo: kind, time as the station wrote it, content. */
export const heardKey = (
  kind: 'started' | 'updated' | 'ended',
  time: string | undefined,
  content: string | undefined,
): string => `${kind} ${parseTime(time) ?? time ?? ''} ${content ?? ''}`;

function heardOf(
  session: Session,
  kind: 'started' | 'updated' | 'ended',
  data: Timed & { readonly content?: string; readonly evidence?: string },
  event: Happened,
): Session {
  if (data.seqNo === undefined || data.evidence === 'estimated') return session;
  const said = data.rawTime ?? (data.timeSource === 'received' ? undefined : data.time);
  const heard = { seq: event.seq, at: event.at, seqNo: data.seqNo, key: heardKey(kind, said, data.content) };
  return { ...session, heard: appended(session.heard, [heard]) };
}

/** The session after one event. Events of other types change nothing. */
export function evolveSession(session: Session | undefined, event: Happened): Session | undefined {
  const entry = table.get(event.type);
  if (entry === undefined || event.session === undefined) return session;
  const { def, fold } = entry;
  const data = event.v === def.v || def.up === undefined ? event.data : def.up(event.data, event.v);
  const before =
    session ?? anySession(event.session, event.seq, event.at, { registers: emptyTrail(), heard: emptyTrail() });
  const after = fold(before, data as never, event);
  if (event.seq >= after.firstSeq && event.receivedAt <= after.heardAt) return after;
  return {
    ...after,
    ...(event.seq < after.firstSeq ? { firstSeq: event.seq, firstAt: event.at } : {}),
    heardAt: event.receivedAt > after.heardAt ? event.receivedAt : after.heardAt,
  };
}
