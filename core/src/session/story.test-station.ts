import { createHmac } from 'node:crypto';
import type { Billable, Decimal, EventId, Fact, Instant, Logged, SessionId, StationId, TenantId } from '@plugga/kit';
import { expect } from 'vitest';
import type { Due, SessionRow } from '../ports.ts';
import { handle } from '../station/handle.ts';
import type { Effect, Env, Handled, Input, TokenDecision } from '../station/input.ts';
import { absorb, needs, replay, restore } from '../station/restore.ts';
import { emptyState, snapshotOf, type StationState } from '../station/state.ts';
import { matchKeyOf } from '../token/match-key.ts';
import { unknownTokenId } from '../token/unknown.ts';
import { sessionRow } from './row.ts';

/** A station told as a story: a clock that is moved by hand, a log, and an actor that does nothing but what the rules say. */

const DAY = '2026-01-05T';
/** '12:00', '12:00:30' or '12:00:30.250' on the day of all stories. */
export const t = (clock: string): Instant =>
  Date.parse(`${DAY}${clock.length === 5 ? `${clock}:00` : clock}Z`) as Instant;
export const stamp = (clock: string): string => new Date(t(clock)).toISOString();

const station = 'station-1' as StationId;
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
/** What a station that was never asked holds: 2.x or a keyed hash. */
export const ref = (value: string, group?: string) => ({
  id: `token-${value}`,
  last4: value.slice(-4),
  ...(group ? { group } : {}),
});

export interface Story {
  readonly log: Logged[];
  readonly effects: Effect[];
  state: StationState;
  now(): Instant;
  /** Moves the clock, and runs each rule that waits for time when its time has come. */
  at(clock: string): Story;
  later(days: number, clock: string): Story;
  hear(...facts: readonly Fact[]): Handled<StationState>;
  put(input: Input): Handled<StationState>;
  decide(value: string, status: TokenDecision['status'], group?: string, by?: string): Story;
  online(online: boolean): Story;
  /** Whether it is sent nothing that nobody asked for. */
  quiet(is: boolean): Story;
  /** What `settle` is answered with from now on. */
  settle(waitUntil: 'now' | 'unplug' | Instant | 'silent'): Story;
  /** The process ends and comes back with what is stored. */
  restart(): Story;
  rows(): readonly SessionRow[];
  row(index?: number): SessionRow;
  closed(): readonly { readonly session: string; readonly cdr: boolean; readonly billable: Billable }[];
  corrected(): readonly { readonly before: Billable; readonly after: Billable }[];
  types(): readonly string[];
}

export function aStation(o: { readonly clock?: string; readonly inexact?: string } = {}): Story {
  let now = t(o.clock ?? '12:00');
  let online = true;
  let quiet = false;
  let quietSince = (now - 3_600_000) as Instant;
  let settle: 'now' | 'unplug' | Instant | 'silent' = 'now';
  let ids = 0;
  let messages = 0;
  const decisions = new Map<string, { status: TokenDecision['status']; by: string; group?: string }>();
  const due = new Map<string, Due>();
  const rows = new Map<string, SessionRow>();
  let stored: unknown;

  const env = (): Env => ({
    tenant: 'tenant-1' as TenantId,
    station,
    now,
    newId: () => `id-${(ids += 1)}`,
    hmac: (text) => createHmac('sha256', 'secret').update(text).digest(),
    registration: 'accepted',
    heartbeatSeconds: 300,
    identityOf: (evse, connector) => ({
      evseId: `evse-${evse}`,
      connectorId: `connector-${evse}-${connector ?? 1}`,
      location: 'site',
      timeZone: 'Europe/Stockholm',
    }),
    quietSince,
    online,
    quiet,
    inexact: o.inexact,
  });

  const unread = (value: string) => ({ id: unknownTokenId(env().hmac, matchKeyOf(value)), last4: value.slice(-4) });
  const decisionOn = (facts: readonly Fact[]): TokenDecision | undefined => {
    for (const fact of facts) {
      if (!('token' in fact) || fact.token === undefined) continue;
      const { value } = fact.token;
      const { status = 'accepted', group, by = 'local' } = decisions.get(value) ?? {};
      // While nothing can be looked up a token is known by the keyed hash of its value alone.
      return { ref: by === 'offline' ? unread(value) : ref(value, group), by, status };
    }
    return undefined;
  };

  const story: Story = {
    log: [],
    effects: [],
    state: emptyState,
    now: () => now,
    at: (clock) => {
      advance(t(clock));
      return story;
    },
    later: (days, clock) => {
      advance((t(clock) + days * 86_400_000) as Instant);
      return story;
    },
    hear: (...facts) => {
      const decision = decisionOn(facts);
      const messageId = `message-${(messages += 1)}`;
      return story.put({
        kind: 'message',
        action: facts[0]?.kind ?? 'Heartbeat',
        messageId,
        facts,
        deviations: [],
        ...(decision ? { decision } : {}),
      });
    },
    put: (input) => {
      const at = env();
      for (const by of needs(story.state, input, at)) story.state = absorb(story.state, find(by));
      const handled = handle(story.state, input, at);
      keep(handled);
      for (const effect of handled.effects) {
        story.effects.push(effect);
        if (effect.kind === 'settle' && settle !== 'silent')
          story.put({ kind: 'settled', session: effect.session, waitUntil: settle });
      }
      return handled;
    },
    decide: (value, status, group, by = 'local') => {
      decisions.set(value, { status, by, ...(group ? { group } : {}) });
      return story;
    },
    quiet: (is) => {
      quiet = is;
      return story;
    },
    online: (is) => {
      online = is;
      if (is) quietSince = now;
      if (is)
        story.put({
          kind: 'connected',
          protocol: 'ocpp1.6',
          generation: (story.state.generation ?? 0) + 1,
          securityProfile: 0,
        });
      else story.put({ kind: 'disconnected', generation: story.state.generation ?? 1 });
      return story;
    },
    settle: (waitUntil) => {
      settle = waitUntil;
      return story;
    },
    restart: () => {
      quietSince = now;
      story.state = restored();
      return story;
    },
    rows: () => [...rows.values()].sort((a, b) => a.firstSeq - b.firstSeq),
    row: (index = 0) => story.rows().at(index)!,
    closed: () =>
      story.log
        .filter((it) => it.type === 'session.closed')
        .map((it) => ({ session: it.session!, ...(it.data as { cdr: boolean; billable: Billable }) })),
    corrected: () =>
      story.log
        .filter((it) => it.type === 'session.corrected')
        .map((it) => it.data as { before: Billable; after: Billable }),
    types: () => story.log.map((it) => it.type),
  };

  function restored(): StationState {
    const kept = story.rows();
    const open = kept.filter((it) => it.closedAt === null && it.status !== 'void');
    const newest = kept.filter((it) => !open.includes(it)).slice(-20);
    const from = Math.min(Infinity, ...open.map((it) => it.firstSeq));
    return restore({
      tenant: 'tenant-1' as TenantId,
      nextSeq: story.log.length + 1,
      stationState: stored === undefined ? undefined : plain(stored),
      sessions: kept.filter((it) => open.includes(it) || newest.includes(it)),
      events: story.log.filter((it) => it.seq >= from),
      due: [...due.values()],
    });
  }

  function find(by: { readonly transaction?: string; readonly startKey?: string; readonly session?: SessionId }) {
    return story
      .rows()
      .filter((it) => it.transactionId === by.transaction || it.startKey === by.startKey || it.id === by.session)
      .map((row) => ({ row, events: story.log.filter((it) => it.session === row.id) }));
  }

  function keep(handled: Handled<StationState>): void {
    for (const [index, event] of handled.events.entries()) {
      const seq = handled.firstSeq + index;
      story.log.push({
        ...plain(event),
        id: event.id as EventId,
        position: BigInt(seq),
        tenant: 'tenant-1' as TenantId,
        stream: station,
        seq,
      });
    }
    for (const row of handled.sessions) rows.set(row.id, plain(row));
    for (const key of handled.dueGone) due.delete(key);
    for (const it of handled.due) due.set(it.key, it);
    if (handled.stationChanged) stored = snapshotOf(handled.state);
    story.state = handled.state;
    rebuilds();
  }

  /** The invariant of every step: the log gives what is stored. */
  function rebuilds(): void {
    const again = replay(story.log);
    expect(again.sessions.map((it) => plain(sessionRow(it)))).toEqual(story.rows());
    expect(plain(snapshotOf(again))).toEqual(plain(snapshotOf(story.state)));
    if (stored !== undefined) expect(plain(stored)).toEqual(plain(snapshotOf(again)));
  }

  function advance(to: Instant): void {
    for (;;) {
      const next = [...due.values()].filter((it) => it.at <= to).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      now = (next.at > now ? next.at : now) as Instant;
      due.delete(next.key);
      story.put({ kind: 'timer', key: next.key, seq: next.seq });
    }
    now = to;
  }

  return story;
}

/** Facts with plain defaults: EVSE 1, token ABCD, register 1000. */
export const booted = (o: { readonly firmware?: string } = {}): Fact => ({
  kind: 'booted',
  vendor: 'Acme',
  model: 'One',
  ...o,
});
export const status = (what: Extract<Fact, { kind: 'status' }>['status'], clock?: string, evse = 1): Fact => ({
  kind: 'status',
  evse,
  connector: 1,
  status: what,
  raw: what,
  time: clock === undefined ? undefined : stamp(clock),
});
export const started = (
  clock: string | undefined,
  o: { evse?: number; token?: string; meterStart?: Decimal; raw?: string } = {},
): Fact => ({
  kind: 'started',
  evse: o.evse ?? 1,
  connector: 1,
  time: o.raw ?? (clock === undefined ? undefined : stamp(clock)),
  token: { value: o.token ?? 'ABCD' },
  meterStart: o.meterStart ?? '1000',
});
export const metered = (
  clock: string,
  wh: Decimal,
  o: { transaction?: string; evse?: number; unit?: string; watts?: Decimal; context?: string } = {},
): Fact => ({
  kind: 'metered',
  evse: o.evse ?? 1,
  connector: 1,
  ...(o.transaction ? { transaction: { id: o.transaction } } : {}),
  readings: [
    {
      time: stamp(clock),
      samples: [
        {
          measurand: 'Energy.Active.Import.Register',
          value: wh,
          ...(o.unit === '' ? {} : { unit: o.unit ?? 'Wh' }),
          ...(o.context ? { context: o.context } : {}),
        },
        ...(o.watts ? [{ measurand: 'Power.Active.Import', value: o.watts, unit: 'W' }] : []),
      ],
    },
  ],
});
export const ended = (
  clock: string | undefined,
  transaction: string,
  o: { meterStop?: Decimal; reason?: string; token?: string; raw?: string } = {},
): Fact => ({
  kind: 'ended',
  transaction: { id: transaction },
  time: o.raw ?? (clock === undefined ? undefined : stamp(clock)),
  meterStop: o.meterStop ?? '6000',
  ...(o.reason === undefined ? {} : { reason: o.reason }),
  ...(o.token === undefined ? {} : { token: { value: o.token } }),
});
