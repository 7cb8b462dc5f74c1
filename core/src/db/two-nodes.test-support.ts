import { createHmac } from 'node:crypto';
import { instant, type Fact, type Instant, type StationId } from '@plugga/kit';
import { realRandom } from '../clock.ts';
import { newId } from '../id.ts';
import type { Store } from '../ports.ts';
import { ref } from '../session/story.test-station.ts';
import { handle } from '../station/handle.ts';
import type { Env, Handled, Input } from '../station/input.ts';
import { absorb, needs, restore } from '../station/restore.ts';
import { snapshotOf, type StationState } from '../station/state.ts';
import { tenant } from './store.test-support.ts';

/** A node's actors without sockets: what they do with one input is what the real ones do. */
export const aNode = (store: Pick<Store, 'commit' | 'load' | 'find'>, settles = true) => {
  const states = new Map<StationId, StationState>();

  /** Undefined where the station would be closed without an answer; it then brings the message again. */
  const put = async (station: StationId, now: Instant, input: Input): Promise<Handled<StationState> | undefined> => {
    const env: Env = {
      ...{ tenant, station, now, online: true, quietSince: instant(0), registration: 'accepted' as const },
      ...{ newId: () => newId(realRandom), heartbeatSeconds: 300 },
      hmac: (text) => createHmac('sha256', 'secret').update(text).digest(),
      identityOf: (evse) => ({ evseId: `evse-${evse}`, timeZone: 'Europe/Stockholm' }),
    };
    let state = states.get(station) ?? restore(await store.load(station));
    for (const by of needs(state, input, env)) state = absorb(state, await store.find(station, by));
    const handled = handle(state, input, env);
    const { events, sessions, due, dueGone, firstSeq } = handled;
    if (events.length + sessions.length + due.length + dueGone.length > 0) {
      const stationState = handled.stationChanged ? { stationState: snapshotOf(handled.state) } : {};
      const unit = { ...{ tenant, station, firstSeq, events, sessions, due, dueGone }, ...stationState };
      const committed = await store.commit({ id: newId(realRandom), ...unit });
      if (committed.kind !== 'stored') {
        states.delete(station);
        return undefined;
      }
    }
    states.set(station, handled.state);
    for (const effect of handled.effects)
      if (settles && effect.kind === 'settle')
        await put(station, now, { kind: 'settled', session: effect.session, waitUntil: 'now' });
    return handled;
  };

  return {
    put,
    hear: (station: StationId, now: Instant, ...facts: readonly Fact[]) => {
      const [token] = facts.flatMap((fact) => ('token' in fact && fact.token !== undefined ? [fact.token.value] : []));
      const decision =
        token === undefined ? {} : { decision: { ref: ref(token), by: 'local', status: 'accepted' as const } };
      const messageId = newId(realRandom);
      return put(station, now, { kind: 'message', action: 'any', messageId, facts, deviations: [], ...decision });
    },
    /** Every rule that waits for time, until none does. */
    ripen: async (station: StationId, from: Instant): Promise<void> => {
      for (let now = from, times = 0; times < 50; times += 1) {
        await put(station, now, {
          kind: 'message',
          action: 'Heartbeat',
          messageId: `h${times}`,
          facts: [],
          deviations: [],
        });
        const next = [...(states.get(station)?.timers.values() ?? [])].sort((a, b) => a.at - b.at)[0];
        if (next === undefined) return;
        now = instant(Math.max(now, next.at));
        await put(station, now, { kind: 'timer', key: next.key, seq: next.seq });
      }
    },
    stateOf: (station: StationId) => states.get(station),
    /** As if the process had ended. */
    forget: () => states.clear(),
  };
};
