import { createHmac } from 'node:crypto';
import {
  type Adapter,
  type Answer,
  type AuthorizationStatus,
  type Fact,
  type Instant,
  instant,
  type Quirk,
  type StationId,
  type TenantId,
} from '@plugga/kit';
import { type Departure, type Dialect, dialectOf, outboundCall, repair, translate } from '../charger/translate.ts';
import { type Frame, parse, versionOf } from '../charger/ocppj.ts';
import type { SessionRow } from '../ports.ts';
import { handle } from '../station/handle.ts';
import type { Env, Input, TokenDecision } from '../station/input.ts';
import { lessonOf } from '../station/learnt.ts';
import { emptyState, viewOf } from '../station/state.ts';
import type { RecordedFrame } from './frame.ts';
import { translationOf16 } from './transactions.ts';

/** What one frame of a recording means here, and what the sessions are after it. */
export interface ReplayedFrame {
  readonly line: number;
  readonly at: Instant;
  readonly direction: 'in' | 'out';
  readonly kind: Frame['kind'];
  readonly action?: string;
  readonly text: string;
  readonly facts: readonly Fact[];
  /** Quirks that had something to change, and where. */
  readonly quirks: readonly { readonly id: string; readonly hook: 'text' | 'inbound' | 'outbound' | 'deny' }[];
  readonly deviations: readonly Departure[];
  /** The CALLERROR that it is answered with, or what is wrong with it. */
  readonly refused?: string;
  /** What would go out instead of what was sent. */
  readonly instead?: unknown;
  readonly learnt?: string;
  /** Those that it changed. */
  readonly sessions: readonly SessionRow[];
}

export interface Replayed {
  readonly frames: readonly ReplayedFrame[];
  /** Half an hour after the last frame, if nothing more is heard. */
  readonly sessions: readonly SessionRow[];
  readonly make: { readonly vendor?: string; readonly model?: string; readonly firmware?: string };
  /** Those of its make. */
  readonly quirks: readonly string[];
}

const BOUNDS = { depth: 32, nodes: 800_000 };
const AFTERWARDS_MS = 30 * 60_000;
const HEARTBEAT_SECONDS = 300;
const STATUSES: Readonly<Record<string, AuthorizationStatus>> = {
  Accepted: 'accepted',
  Blocked: 'blocked',
  Expired: 'expired',
  Invalid: 'invalid',
  ConcurrentTx: 'concurrentTx',
  NoCredit: 'noCredit',
  NotAtThisLocation: 'notAtThisLocation',
  NotAtThisTime: 'notAtThisTime',
  NotAllowedTypeEVSE: 'notAtThisEvse',
};

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

/**
 * A recording once more, through the dialect, the adapter and the session engine that run here: no database, no platform, no
 * clock but the recording's own. Tokens are judged as they were then; a token of which nothing is recorded is accepted.
 */
export function replayRecording(
  recording: readonly RecordedFrame[],
  o: { readonly adapter: Adapter; readonly quirks: readonly Quirk[]; readonly timeZone: string },
): Replayed {
  const { adapter } = o;
  const version = versionOf(adapter.protocol) ?? '1.6';
  const station = 'recorded' as StationId;
  let now = recording[0]!.at;
  let state = emptyState;
  let generation = 0;
  let online = false;
  let ids = 0;
  const rows = new Map<string, SessionRow>();
  let changed = new Set<string>();
  const due = new Map<string, { readonly at: Instant; readonly seq: number }>();
  const transactions = translationOf16();
  const answers = answersIn(recording, (text) => parse(text, version, BOUNDS));
  const sent = new Map<string, Extract<Frame, { kind: 'call' }>>();
  let answered: string | undefined;

  const env = (): Env => ({
    tenant: 'recorded' as TenantId,
    station,
    now,
    newId: () => `id-${(ids += 1)}`,
    hmac: (text) => createHmac('sha256', 'replay').update(text).digest(),
    registration: 'accepted',
    heartbeatSeconds: HEARTBEAT_SECONDS,
    identityOf: () => ({ timeZone: o.timeZone }),
    quietSince: recording[0]!.at,
    online,
    inexact: dialect().inexact,
  });
  const take = (input: Input) => {
    const handled = handle(state, input, env());
    state = handled.state;
    for (const row of handled.sessions) {
      rows.set(row.id, row);
      changed.add(row.id);
    }
    for (const key of handled.dueGone) due.delete(key);
    for (const { key, at, seq } of handled.due) due.set(key, { at, seq });
    for (const effect of handled.effects)
      if (effect.kind === 'settle') take({ kind: 'settled', session: effect.session, waitUntil: 'now' });
    return handled;
  };
  const until = (end: Instant): void => {
    for (;;) {
      const [key, next] = [...due].toSorted(([, a], [, b]) => a.at - b.at)[0] ?? [];
      if (key === undefined || next === undefined || next.at > end) break;
      due.delete(key);
      now = instant(Math.max(now, next.at));
      take({ kind: 'timer', key, seq: next.seq });
    }
    // A recording may have been put together from files whose clocks differ: time never goes back.
    now = instant(Math.max(now, end));
  };
  const shownRow = (row: SessionRow): SessionRow =>
    row.transactionId === null ? row : { ...row, transactionId: transactions.shown(row.transactionId) };
  const shownFact = (fact: Fact): Fact =>
    'transaction' in fact && fact.transaction !== undefined
      ? { ...fact, transaction: { ...fact.transaction, id: transactions.shown(fact.transaction.id) } }
      : fact;
  const view = () => viewOf(state, { station, identity: 'recorded', protocol: adapter.protocol, timeZone: o.timeZone });
  const dialect = (): Dialect => dialectOf(adapter, o.quirks, state.boot ?? {});

  type Heard = Omit<ReplayedFrame, 'line' | 'at' | 'direction' | 'text' | 'sessions'>;
  const nothing = { facts: [], quirks: [], deviations: [] };

  const heardCall = (frame: Extract<Frame, { kind: 'call' | 'send' }>, repaired: Heard['quirks']): Heard => {
    const spoken = dialect();
    const { kind, action } = frame;
    const messageId = String(frame.id);
    if (answered !== undefined) take({ kind: 'answerSeen', messageId: answered });
    answered = undefined;
    const payload = adapter.protocol === 'ocpp1.6' ? transactions.inbound(frame.payload) : frame.payload;
    const meant = translate(spoken, view(), action, payload);
    const fired = meant.deviations.flatMap(({ code, quirk }) =>
      code === 'quirk-applied' && quirk !== undefined ? [{ id: quirk, hook: 'inbound' as const }] : [],
    );
    const deviations = [...frame.deviations, ...meant.deviations.filter(({ code }) => code !== 'quirk-applied')];
    const quirks = [...repaired, ...fired];
    if (!meant.ok)
      return { kind, action, facts: [], quirks, deviations, refused: `${meant.code}: ${meant.description}` };
    const then = answers.get(messageId);
    const { ask } = meant;
    const decision: TokenDecision | undefined =
      ask?.question === 'authorize'
        ? {
            status: STATUSES[String(member(member(then, 'idTagInfo'), 'status'))] ?? 'accepted',
            ref: { id: `token-${ask.token.value}`, last4: ask.token.value.slice(-4) },
            by: 'recording',
          }
        : undefined;
    const handled = take({
      ...{ kind: 'message', action, messageId, facts: meant.facts, deviations: meant.deviations },
      ...(decision && { decision }),
    });
    const { transaction } = handled.outcome;
    if (transaction !== undefined && meant.facts.some((fact) => fact.kind === 'started'))
      transactions.given(member(then, 'transactionId'), transaction.id);
    return { kind, action, facts: meant.facts.map(shownFact), quirks, deviations };
  };

  const heardAnswer = (id: string, answer: Answer): Heard => {
    const call = sent.get(id);
    const kind = answer.kind === 'error' ? 'error' : 'result';
    if (call === undefined) return { kind, ...nothing, refused: 'an answer to nothing that was recorded' };
    const lesson = lessonOf(state.learnt, call, answer);
    if (lesson !== undefined) take({ kind: 'learned', ...lesson });
    return {
      ...{ kind, action: call.action, ...nothing },
      ...(lesson && { learnt: `${lesson.action} is ${lesson.state}: ${lesson.detail ?? 'answered'}` }),
    };
  };

  const heard = (text: string): Heard => {
    let frame = parse(text, version, BOUNDS);
    let repaired: Heard['quirks'] = [];
    if (frame.kind === 'unreadable' && frame.why === 'not JSON') {
      const spoken = dialect();
      const better = repair(spoken, text);
      if (better !== undefined) {
        frame = parse(better, version, BOUNDS);
        repaired = spoken.text ? [{ id: spoken.text.quirk, hook: 'text' }] : [];
      }
    }
    switch (frame.kind) {
      case 'call':
      case 'send':
        return heardCall(frame, repaired);
      case 'result':
        return { ...heardAnswer(frame.id, { kind: 'result', payload: frame.payload }), quirks: repaired };
      case 'error':
        return { ...heardAnswer(frame.id, frame), quirks: repaired };
      case 'resultError':
        return { kind: frame.kind, ...nothing, refused: `${frame.code}: ${frame.description}` };
      case 'refused':
        return { kind: frame.kind, ...nothing, refused: `${frame.code}: ${frame.description}` };
      case 'unreadable':
      case 'ignored':
        return { kind: frame.kind, ...nothing, refused: frame.why };
      default:
        return frame satisfies never;
    }
  };

  const said = (text: string): Heard => {
    const frame = parse(text, version, BOUNDS);
    if (frame.kind !== 'call') {
      if (frame.kind === 'result') answered = frame.id;
      return { kind: frame.kind, ...nothing };
    }
    sent.set(String(frame.id), frame);
    const spoken = dialect();
    const { action, payload } = frame;
    if (spoken.denied.has(action)) {
      const id = spoken.quirks.find((it) => o.quirks.find((quirk) => quirk.id === it)?.deny !== undefined) ?? '';
      return { kind: 'call', action, ...nothing, quirks: [{ id, hook: 'deny' }], refused: 'would not be sent' };
    }
    const instead = outboundCall(spoken, { action, payload }, view());
    const quirk = spoken.outbound.get(action)?.quirk;
    if (quirk === undefined || JSON.stringify(instead.payload) === JSON.stringify(payload))
      return { kind: 'call', action, ...nothing };
    return { kind: 'call', action, ...nothing, quirks: [{ id: quirk, hook: 'outbound' }], instead: instead.payload };
  };

  const frames = recording.map(({ line, at, direction, generation: of, text }): ReplayedFrame => {
    changed = new Set();
    until(at);
    if (of !== generation) {
      if (online) take({ kind: 'disconnected', generation });
      generation = of;
      online = true;
      take({ kind: 'connected', protocol: adapter.protocol, generation, securityProfile: 0 });
    }
    const what = direction === 'in' ? heard(text) : said(text);
    const sessions = [...changed].flatMap((id) => rows.get(id) ?? []).map(shownRow);
    return { line, at, direction, text, ...what, sessions };
  });
  until(instant(now + AFTERWARDS_MS));
  const { vendor, model, firmware } = state.boot ?? {};
  return {
    frames,
    sessions: [...rows.values()].toSorted((a, b) => a.firstSeq - b.firstSeq).map(shownRow),
    make: {
      ...(vendor !== undefined && { vendor }),
      ...(model !== undefined && { model }),
      ...(firmware && { firmware }),
    },
    quirks: dialect().quirks,
  };
}

/** What each CALL of the station was answered with then. */
function answersIn(recording: readonly RecordedFrame[], read: (text: string) => Frame): ReadonlyMap<string, unknown> {
  const answers = new Map<string, unknown>();
  for (const { direction, text } of recording) {
    if (direction !== 'out') continue;
    const frame = read(text);
    if (frame.kind === 'result' && !answers.has(frame.id)) answers.set(frame.id, frame.payload);
  }
  return answers;
}
