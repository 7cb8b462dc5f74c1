import { instant, type Instant, type Log, type SessionId } from '@plugga/kit';
import type { StationCredentials } from '../charger/face.ts';
import type { Host } from '../plugins/host.ts';
import type { Reach } from '../standing/reach.ts';
import type { ActorDeps } from '../station/actor-face.ts';
import type { Registry } from '../station/registry.ts';
import { settleAsk } from '../station/settle-ask.ts';
import type { StationState } from '../station/state.ts';

const SETTLE_MS = 5_000;

/**
 * May a session close now? While the database is away plugins cannot know: the session waits for the unplug meanwhile, so
 * that no idle time is lost that a tariff prices, and they are asked once it is back.
 */
export function createSettle(o: {
  readonly ask: Host['ask'];
  readonly reach: Reach;
  readonly registry: () => Registry;
  readonly log: Log;
}): ActorDeps['settle'] {
  const later = new Map<SessionId, readonly [StationCredentials, StationState]>();

  const ask = async (
    { tenant }: StationCredentials,
    session: SessionId,
    state: StationState,
  ): Promise<'now' | 'unplug' | Instant | undefined> => {
    if (o.reach.away()) return undefined;
    const answered = await o.ask('settle', settleAsk(state, session), { tenant, deadlineMs: SETTLE_MS });
    if (answered === undefined) return o.reach.away() ? undefined : 'now';
    const until = answered.answer.waitUntil;
    return until === 'now' || until === 'unplug' ? until : instant(Date.parse(until));
  };

  o.reach.onBack(() => {
    const waiting = [...later];
    later.clear();
    for (const [session, [credentials, state]] of waiting)
      void ask(credentials, session, state)
        .then(async (waitUntil) => {
          if (waitUntil === undefined) return void later.set(session, [credentials, state]);
          const actor = await o.registry().actorOf(credentials.station);
          await actor?.tell({ kind: 'settled', session, waitUntil });
        })
        .catch((error: unknown) => o.log.warn('not settled', { session, error }));
  });

  return async (credentials, session, state) => {
    const until = await ask(credentials, session, state);
    if (until !== undefined) return until;
    later.set(session, [credentials, state]);
    return 'unplug';
  };
}
