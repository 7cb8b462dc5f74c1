import {
  instant,
  certificateRequested,
  type CommandResult,
  type Fact,
  firmwareChanged,
  type LoggedReading,
  type Outcome,
  profilesChanged,
  securityNoted,
  sessionAnswered,
  sessionFlagged,
  sessionStopRequested,
  sessionSettled,
  iso,
  stationBooted,
  stationConnected,
  stationDeviated,
  stationDisconnected,
  stationLearned,
  stationNoted,
  tokenAttempted,
  uploadChanged,
  variablesReported,
  monitorsChanged,
  type SessionId,
} from '@plugga/kit';
import { sayClosed } from '../session/decide.ts';
import { hasGap } from '../session/flags.ts';
import { gapAnswered } from '../session/gap.ts';
import { endHeard } from '../session/heard/ended.ts';
import { meterHeard, readingsOf } from '../session/heard/metered.ts';
import { startHeard } from '../session/heard/started.ts';
import { statusHeard, suspect, trust } from '../session/heard/status.ts';
import { isOfTransactionEvent, transactionEventHeard } from '../session/heard/transaction-event.ts';
import { requestHeard, requestRefused } from '../session/requests.ts';
import { endOf, isOver, sameHolder, type Session, statusOf, tokenOf } from '../session/session.ts';
import { CLOSE_AT_LAST_MS } from '../session/timers.ts';
import { judge } from '../session/time.ts';
import { customerHeard } from './customer.ts';
import type { Input } from './input.ts';
import { tellAvailability } from './availability.ts';
import { commandHeard } from './awaited.ts';
import { deviceEventHeard, monitorsHeard } from './device-events.ts';
import { chargingHeard, isOfCharging, needsOfStarted } from './charging.ts';
import { sayPaced } from './floods.ts';
import { networkHeard } from './network.ts';
import { profilesHeard } from './profiles.ts';
import { reservationCancelled, reservationGone, reservationHeard } from './reservations.ts';
import { guessed, securityHeard } from './security.ts';
import type { StationState } from './state.ts';
import { refOf, type UnitInTheMaking } from './unit.ts';

type Message = Extract<Input, { kind: 'message' }>;
type Heard = Pick<Outcome, 'transaction' | 'authorization'>;

/**
 * Boots that tell nothing new are answered and not kept: some stations boot 100 times a second. One after which it has told of
 * what charges there is no repeat: it has lost its power in the meantime.
 */
const BOOT_AGAIN_MS = 60_000;

/** What an input says, as events. What follows from them is decided afterwards. */
export function hear(unit: UnitInTheMaking, input: Input): Heard {
  switch (input.kind) {
    case 'message':
      return hearMessage(unit, input);
    case 'connected': {
      const { protocol, generation, address, securityProfile, host, certificate } = input;
      unit.say(stationConnected, { protocol, generation, address, securityProfile, host, certificate });
      for (const what of input.renewed ?? [])
        unit.say(securityNoted, { kind: what === 'key' ? 'KeyRenewed' : 'SecurityProfileRaised', origin: 'csms' });
      return {};
    }
    case 'disconnected': {
      const { generation, code, reason } = input;
      unit.say(stationDisconnected, { generation, code, reason });
      return {};
    }
    case 'answerSeen':
      proveAnswer(unit, input.messageId);
      return {};
    case 'request':
      requestHeard(unit, input);
      return { authorization: authorizationOf(input.decision) };
    case 'stopRequest': {
      const { session, by, reason, command } = input;
      if (unit.session(session) !== undefined) unit.say(sessionStopRequested, { by, reason, command }, { session });
      return {};
    }
    case 'command': {
      const { result, name, status, command } = input;
      commandHeard(unit, input);
      if (name === 'start' && status === 'rejected') requestRefused(unit, command);
      if (result !== undefined) learn(unit, result);
      return {};
    }
    case 'reserved':
      reservationHeard(unit, input);
      return {};
    case 'unreserved':
      reservationCancelled(unit, input.reservation);
      return {};
    case 'network':
      networkHeard(unit, input);
      return {};
    case 'monitorsGone':
      unit.say(monitorsChanged, { set: [], cleared: [...input.monitors] });
      return {};
    case 'learned': {
      const { action, state, by, detail } = input;
      unit.say(stationLearned, { action, state, by, detail });
      return {};
    }
    case 'timer':
      if (input.key === 'boot' && unit.env.online && unit.env.quiet !== true && unit.state.boot === undefined)
        unit.want({ kind: 'trigger', message: 'boot' });
      if (input.key === 'availability') tellAvailability(unit);
      return {};
    case 'settled':
      hearSettled(unit, input);
      return {};
    case 'transactionStatus': {
      const session = unit.session(input.session);
      if (session !== undefined) gapAnswered(unit, session, input.messagesInQueue);
      return {};
    }
    case 'noted':
      unit.say(stationNoted, { topic: input.topic, data: input.data });
      return {};
    case 'told':
      learn(unit, input.result);
      return {};
    case 'restored':
      for (const session of unit.state.sessions)
        if (!isOver(session))
          unit.say(sessionFlagged, { flag: 'restored', detail: input.restore }, { session: session.id });
      return {};
    case 'security':
      sayPaced(unit, { kind: input.what, origin: 'csms', detail: input.detail });
      return {};
    default:
      input satisfies never;
      return {};
  }
}

/** What an answer tells of the station beside the command that it answers. */
function learn(unit: UnitInTheMaking, result: CommandResult): void {
  const { monitors = [], clearedMonitors = [] } = result;
  if (monitors.length > 0 || clearedMonitors.length > 0)
    unit.say(monitorsChanged, { set: [...monitors], cleared: [...clearedMonitors] });
  const { variables = [], profiles = [] } = result as Extract<CommandResult, { readonly profiles?: unknown }>;
  if (variables.length > 0) unit.say(variablesReported, { values: [...variables] });
  if (profiles.length > 0) unit.say(profilesChanged, { changes: [...profiles] });
}

function hearMessage(unit: UnitInTheMaking, input: Message): Heard {
  const { facts, action, deviations } = input;
  sayProven(unit, facts);
  const ofEvent = facts.filter(isOfTransactionEvent);
  let heard: Heard = { authorization: input.decision && authorizationOf(input.decision) };
  if (ofEvent.length > 0) {
    const session = transactionEventHeard(unit, ofEvent);
    heard = { ...heard, ...transaction(unit, session), ...stopped(unit, session, ofEvent) };
    believe(unit, session, ofEvent[0]!);
    needsOfStarted(unit, session);
  }
  const others = ofEvent.length > 0 ? facts.filter((it) => !isOfTransactionEvent(it)) : facts;
  const stop = others.find((it) => it.kind === 'ended');
  for (const fact of others) {
    // The readings of a stop go where the stop goes.
    if (stop !== undefined && fact.kind === 'metered') continue;
    heard = { ...heard, ...hearFact(unit, fact, stop === undefined ? [] : others) };
  }
  for (const fact of facts)
    if (fact.kind === 'certificateRequested') {
      const { csr, use, request } = fact;
      const { signCertificate: { accept = false, reason } = {}, by, paced = false } = input.relayed ?? {};
      if (!paced) unit.say(certificateRequested, { csr, accepted: accept, by, reason, use, request });
      if (!accept) sayPaced(unit, { kind: 'csr-refused', origin: 'csms', detail: reason });
    }
  for (const fact of facts) if (isOfCharging(fact)) chargingHeard(unit, fact, input.relayed);
  for (const { code, path, detail, quirk } of deviations)
    unit.say(stationDeviated, { action, code, path, detail, quirk });
  return heard;
}

function hearFact(unit: UnitInTheMaking, fact: Fact, beside: readonly Fact[]): Heard {
  const { decision } = unit;
  switch (fact.kind) {
    case 'seen':
    case 'updated':
    case 'state':
    case 'unplugged':
      return {};
    case 'booted':
      hearBoot(unit, fact);
      return {};
    case 'status':
      statusHeard(unit, fact);
      return {};
    case 'attempted': {
      const { status = 'unknown', reason, guessing = false } = decision ?? {};
      if (guessing) {
        guessed(unit, reason);
        return {};
      }
      unit.say(tokenAttempted, { token: refOf(unit, fact.token)!, status, reason });
      return {};
    }
    case 'started': {
      const session = startHeard(unit, fact);
      return transaction(unit, session);
    }
    case 'metered': {
      for (const session of meterHeard(unit, fact)) believe(unit, session, fact);
      return {};
    }
    case 'ended': {
      const readings: LoggedReading[] = [];
      for (const it of beside) if (it.kind === 'metered') readings.push(...readingsOf(it.readings, unit.env.now));
      const session = endHeard(unit, fact, readings);
      if (session === undefined) return {};
      // Never refused: whoever started it, or is of the same group, may stop it whatever has become of the token since.
      const own = decision !== undefined && sameHolder(tokenOf(session), decision.ref);
      return {
        ...transaction(unit, session.id),
        ...(own ? { authorization: { ...authorizationOf(decision), status: 'accepted' as const } } : {}),
      };
    }
    case 'progress': {
      const { of, status, request, detail } = fact;
      if (of === 'firmware') unit.say(firmwareChanged, { status, request, detail });
      else unit.say(uploadChanged, { of, status, request, detail });
      return {};
    }
    case 'reported': {
      const { report, variables } = fact;
      const values = variables.map(({ name, value, readonly }) => ({ name, value, readonly }));
      unit.say(variablesReported, { values, report });
      if (variables.length > 0) unit.want({ kind: 'told', variables });
      return {};
    }
    case 'customerReported':
      customerHeard(unit, fact);
      return {};
    case 'monitorsReported':
      monitorsHeard(unit, fact);
      return {};
    case 'deviceEvent':
      deviceEventHeard(unit, fact);
      return {};
    case 'security':
      securityHeard(unit, fact);
      return {};
    case 'certificateRequested':
    case 'externalLimit':
    case 'externalLimitCleared':
    case 'chargingNeeds':
    case 'vehicleSchedule':
    case 'priorityCharging':
    case 'derAlarm':
    case 'derActive':
    case 'derReported':
      return {};
    case 'profilesReported':
      profilesHeard(unit, fact);
      return {};
    case 'reservationGone':
      reservationGone(unit, fact);
      return {};
    case 'noted':
      unit.say(stationNoted, { topic: fact.topic, data: fact.data });
      return {};
    default:
      fact satisfies never;
      return {};
  }
}

/** Whoever started it, or is of the same group, may end it whatever has become of the token since. */
const stopped = (unit: UnitInTheMaking, session: SessionId, facts: readonly Fact[]): Heard => {
  const { decision } = unit;
  const ends = facts.some((it) => it.kind === 'ended' && it.token !== undefined);
  return ends && decision !== undefined && sameHolder(tokenOf(unit.session(session)), decision.ref)
    ? { authorization: { ...authorizationOf(decision), status: 'accepted' } }
    : {};
};

const transaction = (unit: UnitInTheMaking, session: SessionId): Heard => {
  const id = unit.session(session).transaction?.id;
  return id === undefined ? {} : { transaction: { id } };
};

const authorizationOf = ({
  status,
  group,
  expiresAt,
  message,
  limits,
}: NonNullable<Message['decision']>): NonNullable<Outcome['authorization']> => ({
  status,
  ...(group === undefined ? {} : { group }),
  ...(expiresAt === undefined ? {} : { expiresAt }),
  ...(message === undefined ? {} : { message }),
  ...(limits === undefined ? {} : { limits }),
});

/** The station speaks of the transaction: it is alive. */
function believe(unit: UnitInTheMaking, id: SessionId, fact: Fact): void {
  const session = unit.session(id);
  const time = fact.kind === 'metered' ? fact.readings.at(-1)?.time : 'time' in fact ? fact.time : undefined;
  trust(unit, session, judge(time, unit.env.now).at);
}

/** Kept in mind until the next unit: an answer that was seen is worth no commit of its own. */
function proveAnswer(unit: UnitInTheMaking, message: string): void {
  const session = answeredBy(unit.state, message);
  if (session !== undefined && statusOf(session) === 'active') unit.note({ proven: message });
}

/** The session whose start that message told, the first time or again, if it is not known yet that the answer arrived. */
export const answeredBy = ({ sessions, retold }: StationState, message: string): Session | undefined =>
  sessions.findLast(
    (it) =>
      !it.answered && (it.started?.message === message || (retold?.message === message && retold.session === it.id)),
  );

/** Told to the log before the message that it may decide about; needless where that message names the transaction itself. */
function sayProven(unit: UnitInTheMaking, facts: readonly Fact[]): void {
  const { proven: message } = unit.state;
  if (message === undefined) return;
  unit.note({ proven: undefined });
  const session = answeredBy(unit.state, message);
  if (session === undefined) return;
  const names = (fact: Fact) => fact.kind === 'metered' && fact.transaction?.id === session.transaction?.id;
  if (!facts.some(names)) unit.say(sessionAnswered, { message }, { session: session.id });
}

function hearBoot(unit: UnitInTheMaking, fact: Extract<Fact, { kind: 'booted' }>): void {
  const { kind: _, ...said } = fact;
  const { boot, registration, reset } = unit.state;
  // A boot that seems to lie ahead of us was told before our clock was set back: nobody knows how long ago.
  const since = boot === undefined ? Infinity : unit.env.now - boot.at;
  if (boot !== undefined && registration === unit.env.registration && since >= 0 && since < BOOT_AGAIN_MS) {
    const { at: _at, ...known } = boot;
    const keys = new Set([...Object.keys(known), ...Object.keys(said)]) as Set<keyof typeof said>;
    const charges = unit.state.sessions.some((it) => statusOf(it) === 'active' && it.heardAt > boot.at);
    if (reset === undefined && !charges && [...keys].every((key) => known[key] === said[key])) return;
  }
  if (reset !== undefined) unit.want({ kind: 'effect', command: reset, effect: 'booted' });
  unit.say(stationBooted, { ...said, registration: unit.env.registration });
  for (const session of unit.state.sessions) if (statusOf(session) === 'active') suspect(unit, session, 'boot');
}

/** What the plugins answered to `settle`. */
function hearSettled(unit: UnitInTheMaking, input: Extract<Input, { kind: 'settled' }>): void {
  const session = unit.session(input.session);
  if (session === undefined || statusOf(session) !== 'ended') return;
  const { waitUntil } = input;
  const end = endOf(session)!;
  if (waitUntil === 'now' || (waitUntil !== 'unplug' && waitUntil <= unit.env.now)) {
    if (end.evidence === 'station' && !hasGap(session)) sayClosed(unit, session);
    return;
  }
  const last = instant(end.at + CLOSE_AT_LAST_MS);
  const until = waitUntil === 'unplug' ? waitUntil : iso(waitUntil < last ? waitUntil : last);
  unit.say(sessionSettled, { waitUntil: until }, { session: session.id });
}
