import { createHmac } from 'node:crypto';
import { dialectOf, translate } from '@plugga/core/dialect';
import {
  absorb,
  type Env,
  handle,
  type Handled,
  type Input,
  needs,
  restore,
  type StationState,
  viewOf,
} from '@plugga/core/station';
import { instant, type Instant, type StationId, type TenantId } from '@plugga/kit';
import { ocpp16 } from '@plugga/ocpp16';
import { memoryStore, type MemoryStore } from './memory-store.ts';

export type Fate = 'stored' | 'crash before commit' | 'crash after commit';
export type Reply = Readonly<Record<string, unknown>>;

/** The pure core with what an actor does around it, and a store that outlives its crashes. */
export interface Node {
  readonly store: MemoryStore;
  readonly now: Instant;
  readonly faults: readonly string[];
  connect(): void;
  disconnect(): void;
  /** A CALL; undefined when the answer never left. */
  call(action: string, payload: object, fate?: Fate): Reply | undefined;
  seen(messageId: string): void;
  readonly lastMessage: string;
  request(evse: number, token: string): void;
  advance(to: number): void;
}

const station = 'station-1' as StationId;
export const REFUSED = 'BLOCKED';
const day = 86_400_000;
const EPOCH = Date.parse('2026-01-05T00:00:00Z');
const dialect = dialectOf(ocpp16, [], {});

export function node(o: {
  readonly settle: 'now' | 'unplug' | 'silent';
  /** Told of what each input led to, once it is stored. */
  readonly stored?: (handled: Handled<StationState>) => void;
}): Node {
  const store = memoryStore(station);
  const faults: string[] = [];
  let now = instant(EPOCH + day / 2);
  let upSince = now;
  let connectedAt = now;
  let online = false;
  let generation = 0;
  let ids = 0;
  let lastMessage = '';
  let armed = new Map<string, { readonly at: Instant; readonly seq: number }>();
  let state: StationState = restore(store.load());

  const env = (): Env => ({
    tenant: 'tenant-1' as TenantId,
    station,
    now,
    newId: () => `id-${(ids += 1)}`,
    hmac: (text) => createHmac('sha256', 'simulation').update(text).digest(),
    registration: 'accepted',
    heartbeatSeconds: 300,
    identityOf: (evse) => ({ evseId: `evse-${evse}`, connectorId: `connector-${evse}`, timeZone: 'UTC' }),
    quietSince: instant(Math.max(upSince, connectedAt)),
    online,
  });

  const take = (input: Input): Handled<StationState> => {
    for (const by of needs(state, input, env())) state = absorb(state, store.find(by));
    const handled = handle(state, input, env());
    store.commit(handled);
    o.stored?.(handled);
    state = handled.state;
    for (const key of handled.dueGone) armed.delete(key);
    for (const { key, at, seq } of handled.due) armed.set(key, { at, seq });
    checkActive();
    for (const effect of handled.effects) {
      if (effect.kind === 'settle' && o.settle !== 'silent')
        take({ kind: 'settled', session: effect.session, waitUntil: o.settle });
    }
    return handled;
  };

  /** One active session an EVSE; only a start that was told late may stand beside it, and wait for its own stop. */
  const checkActive = () => {
    for (const evse of [1, 2]) {
      const active = store.rows().filter((row) => row.status === 'active' && row.evse === evse);
      const newest = active.toSorted((a, b) => b.startedAt! - a.startedAt!)[0];
      for (const other of active)
        if (other !== newest && other.firstSeq < newest!.firstSeq)
          faults.push(`${other.id} and ${newest!.id} are both active at EVSE ${evse}`);
    }
  };

  const crash = () => {
    state = restore(store.load());
    armed = new Map(store.load().due.map(({ key, at, seq }) => [key, { at, seq }]));
    upSince = now;
    online = false;
  };

  return {
    store,
    faults,
    get now() {
      return now;
    },
    get lastMessage() {
      return lastMessage;
    },
    connect: () => {
      online = true;
      connectedAt = now;
      generation += 1;
      take({ kind: 'connected', protocol: 'ocpp1.6', generation, securityProfile: 1 });
    },
    disconnect: () => {
      online = false;
      take({ kind: 'disconnected', generation, code: 1006 });
    },
    seen: (messageId) => void take({ kind: 'answerSeen', messageId }),
    request: (evse, token) => {
      const ref = { id: `token-${token}`, last4: token.slice(-4) };
      const decision = { ref, by: 'local', status: 'accepted' as const };
      take({ kind: 'request', evse, token: ref, decision, remoteStartId: (ids += 1), actor: 'operator' });
    },
    call: (action, payload, fate = 'stored') => {
      const view = viewOf(state, { station, identity: 'S1', protocol: 'ocpp1.6' });
      const meant = translate(dialect, view, action, payload);
      if (!meant.ok) {
        faults.push(`${action} was refused: ${meant.code}`);
        return {};
      }
      lastMessage = `m-${(ids += 1)}`;
      if (fate === 'crash before commit') {
        crash();
        return undefined;
      }
      const { ask } = meant;
      const token = ask?.question === 'authorize' ? ask.token.value : undefined;
      const handled = take({
        kind: 'message',
        action,
        messageId: lastMessage,
        facts: meant.facts,
        deviations: meant.deviations,
        ...(token !== undefined && {
          decision: {
            status: token === REFUSED ? 'blocked' : 'accepted',
            ref: { id: `token-${token}`, last4: token.slice(-4) },
            by: 'local',
          },
        }),
      });
      const reply = meant.reply(handled.outcome) as Reply;
      if (fate === 'stored') return reply;
      crash();
      return undefined;
    },
    advance: (to) => {
      for (let fired = 0; ; fired += 1) {
        const [key, next] = [...armed].toSorted(([, a], [, b]) => a.at - b.at)[0] ?? [];
        if (key === undefined || next === undefined || next.at > to) break;
        if (fired > 1000) {
          faults.push(`the timer ${key} never rests`);
          break;
        }
        armed.delete(key);
        now = instant(Math.max(now, next.at));
        take({ kind: 'timer', key, seq: next.seq });
      }
      now = instant(Math.max(now, to));
    },
  };
}
