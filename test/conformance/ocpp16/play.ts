import { createHmac } from 'node:crypto';
import { dialectOf, repair, translate } from '@plugga/core/dialect';
import { emptyState, type Env, handle, type Input, snapshotOf, type TokenDecision, viewOf } from '@plugga/core/station';
import {
  type AuthorizationStatus,
  instant,
  type Instant,
  type Quirk,
  type SessionId,
  type StationId,
  type TenantId,
} from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';

type SessionRow = ReturnType<typeof handle>['sessions'][number];

/** Frames go in, replies come out; between them the adapter and the session engine, and nothing else. */
export interface Play {
  /** A CALL of the station, or several in a row. The clock stands still. Gives the payload of the last reply. */
  say(action: string, payload: unknown): Record<string, unknown>;
  /** The same as text, for what is not JSON. */
  sayText(text: string): Record<string, unknown>;
  /** The station saw the answer to its last message. */
  seen(): void;
  request(o: { readonly evse?: number; readonly token: string }): void;
  connect(): void;
  disconnect(): void;
  /** Time goes on to hh:mm or hh:mm:ss, and every rule that was waiting runs at its own time. */
  until(time: string): void;
  /** Sessions by their first fact. */
  readonly sessions: readonly SessionRow[];
  readonly events: readonly { readonly type: string; readonly data: unknown }[];
  connector(evse: number): string | undefined;
}

const DAY = '2026-01-05T';
/** `12:00` or `12:00:05` of the day of the play. */
const at = (time: string): Instant => instant(Date.parse(`${DAY}${time.length === 5 ? `${time}:00` : time}Z`));
export const stamp = (time: string): string => new Date(at(time)).toISOString();

export const play = (
  o: {
    readonly tokens?: Readonly<Record<string, AuthorizationStatus>>;
    readonly quirks?: readonly Quirk[];
    readonly from?: string;
  } = {},
): Play => {
  const station = 'station-1' as StationId;
  let now = at(o.from ?? '12:00');
  let online = true;
  let generation = 1;
  let lastId = '';
  let state = emptyState;
  let ids = 0;
  const rows = new Map<SessionId, SessionRow>();
  const due = new Map<string, { readonly at: Instant; readonly seq: number }>();
  const events: { type: string; data: unknown }[] = [];

  const env = (): Env => ({
    tenant: 'tenant-1' as TenantId,
    station,
    now,
    newId: () => `id-${(ids += 1)}`,
    hmac: (text) => createHmac('sha256', 'play').update(text).digest(),
    registration: 'accepted',
    heartbeatSeconds: 300,
    identityOf: () => ({ timeZone: 'Europe/Stockholm' }),
    quietSince: at('00:00'),
    online,
  });

  const decide = (value: string): TokenDecision => ({
    status: o.tokens?.[value] ?? 'accepted',
    ref: { id: `token-${value}`, last4: value.slice(-4) },
    by: 'local',
  });

  const take = (input: Input) => {
    const handled = handle(state, input, env());
    state = handled.state;
    for (const { type, data } of handled.events) events.push({ type, data });
    for (const row of handled.sessions) rows.set(row.id, row);
    for (const key of handled.dueGone) due.delete(key);
    for (const { key, at, seq } of handled.due) due.set(key, { at, seq });
    for (const effect of handled.effects) {
      if (effect.kind === 'settle') take({ kind: 'settled', session: effect.session, waitUntil: 'now' });
    }
    return handled;
  };

  const hear = (action: string, payload: unknown): Record<string, unknown> => {
    const dialect = dialectOf(ocpp16, o.quirks ?? [], state.boot ?? {});
    const meant = translate(dialect, viewOf(state, { station, identity: 'S1', protocol: 'ocpp1.6' }), action, payload);
    if (!meant.ok) return { error: meant.code };
    lastId = `m-${(ids += 1)}`;
    const { ask } = meant;
    const handled = take({
      kind: 'message',
      action,
      messageId: lastId,
      facts: meant.facts,
      deviations: meant.deviations,
      ...(ask?.question === 'authorize' && { decision: decide(ask.token.value) }),
    });
    return meant.reply(handled.outcome) as Record<string, unknown>;
  };

  const connect = () => {
    online = true;
    take({ kind: 'connected', protocol: 'ocpp1.6', generation, securityProfile: 1 });
  };
  connect();

  return {
    say: hear,
    sayText: (text) => {
      const parse = (json: string): unknown => {
        try {
          return JSON.parse(json);
        } catch {
          return undefined;
        }
      };
      const dialect = dialectOf(ocpp16, o.quirks ?? [], state.boot ?? {});
      const frame = (parse(text) ?? parse(repair(dialect, text) ?? '')) as readonly unknown[] | undefined;
      return frame === undefined ? { error: 'unreadable' } : hear(String(frame[2]), frame[3]);
    },
    seen: () => void take({ kind: 'answerSeen', messageId: lastId }),
    request: ({ evse, token }) =>
      void take({
        kind: 'request',
        ...(evse !== undefined && { evse }),
        token: decide(token).ref,
        decision: decide(token),
        remoteStartId: (ids += 1),
        actor: 'operator',
      }),
    connect,
    disconnect: () => {
      online = false;
      take({ kind: 'disconnected', generation, code: 1006 });
      generation += 1;
    },
    until: (time) => {
      const end = at(time);
      for (;;) {
        const [key, next] = [...due].toSorted(([, a], [, b]) => a.at - b.at)[0] ?? [];
        if (key === undefined || next === undefined || next.at > end) break;
        due.delete(key);
        now = instant(Math.max(now, next.at));
        take({ kind: 'timer', key, seq: next.seq });
      }
      now = end;
    },
    get sessions() {
      return [...rows.values()].toSorted((a, b) => a.firstSeq - b.firstSeq);
    },
    events,
    connector: (evse) => snapshotOf(state).connectors.find((it) => it.evse === evse)?.status,
  };
};
