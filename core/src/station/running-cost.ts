import { type Amount, decimalOf, instant, type Instant, type RunningCost, type SessionId, toMoney } from '@plugga/kit';
import type { Clock } from '../ports.ts';

/** A display that is told more often than this is not read more often. */
const EVERY_MS = 15_000;
/** Costs that are kept; of older sessions nobody is told any more. */
const MOST = 64;

/** A cost as it is shown: in whole minor units. */
export const shown = ({ currency, value }: Amount, final: boolean): RunningCost => ({
  ...{ currency, final },
  value: decimalOf(toMoney({ currency, value })),
});

/** What the sessions of one station cost so far, and when it is told. */
export interface RunningCosts {
  heard(session: SessionId, cost: RunningCost): void;
  of(session: SessionId): RunningCost | undefined;
  readonly isEmpty: boolean;
  cancel(): void;
}

/**
 * A station is told at most once in 15 s a session, and only of a cost that has changed since; what came in between is told
 * when that time is over. Work in progress: what a restart forgets comes with the next price.
 */
export function createRunningCosts(o: {
  readonly clock: Clock;
  /** When it may be told at the earliest; undefined where it cannot be told now. */
  from(session: SessionId): Instant | undefined;
  tell(session: SessionId, cost: RunningCost): void;
}): RunningCosts {
  const { clock } = o;
  const known = new Map<SessionId, RunningCost>();
  const told = new Map<SessionId, { readonly at: Instant; readonly value: string }>();
  const waiting = new Map<SessionId, () => void>();

  const forget = (session: SessionId): void => {
    waiting.get(session)?.();
    waiting.delete(session);
    told.delete(session);
  };
  /** Tells it now, or waits until it may be told. */
  const say = (session: SessionId): void => {
    const cost = known.get(session);
    const from = o.from(session);
    const last = told.get(session);
    if (cost === undefined || from === undefined || waiting.has(session) || last?.value === cost.value) return;
    const at = instant(Math.max(from, last === undefined ? 0 : last.at + EVERY_MS));
    if (at <= clock.now()) {
      told.set(session, { at: clock.now(), value: cost.value });
      return o.tell(session, cost);
    }
    const again = (): void => {
      waiting.delete(session);
      say(session);
    };
    waiting.set(session, clock.at(at, again));
  };
  return {
    heard: (session, cost) => {
      // A running price that comes after the final one was made before it.
      if (known.get(session)?.final === true && !cost.final) return;
      known.delete(session);
      known.set(session, cost);
      if (known.size > MOST) {
        const oldest = known.keys().next().value!;
        known.delete(oldest);
        forget(oldest);
      }
      if (cost.final) forget(session);
      else say(session);
    },
    of: (session) => known.get(session),
    get isEmpty() {
      return known.size === 0;
    },
    cancel: () => {
      for (const cancel of waiting.values()) cancel();
      waiting.clear();
    },
  };
}
