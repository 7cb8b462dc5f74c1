import { fail, instant, type Instant, type Log } from '@plugga/kit';
import { realClock } from '../clock.ts';
import type { Bus, Clock } from '../ports.ts';

/** Whether other nodes can be heard. `alone`: there is no bus between nodes, and none is missed. */
export type BusState = { readonly kind: 'alone' } | { readonly kind: 'connected' | 'away'; readonly since: Instant };

/** A bus that is open, as the node that works on it sees it. */
export interface OpenBus extends Bus {
  state(): BusState;
  /** Told of each change of the state; returns how to stop. */
  follow(listener: (state: BusState) => void): () => void;
  close(): Promise<void>;
}

type Handler = (message: unknown) => void;
type Responder = (message: unknown) => Promise<unknown>;

/** A bus whose ears are all in this process. */
export interface LocalBus extends OpenBus {
  /** Whether somebody responds for the subject. */
  responds(subject: string): boolean;
}

/**
 * The bus of a platform that is one process. It keeps the manners of one between machines: nothing is delivered before
 * the publisher has gone on, nobody hears what was said before they listened, a failing handler harms no other.
 * `shared`: several platforms in this process are nodes of one cluster on it.
 */
export function inProcessBus(
  o: { readonly clock?: Clock; readonly log?: Log; readonly shared?: boolean } = {},
): LocalBus {
  const clock = o.clock ?? realClock;
  const state: BusState = o.shared === true ? { kind: 'connected', since: clock.now() } : { kind: 'alone' };
  const handlers = new Map<string, Set<Handler>>();
  const responders = new Map<string, Responder[]>();

  const deliver = (subject: string, handler: Handler, message: unknown): void => {
    try {
      handler(message);
    } catch (error) {
      o.log?.error('bus handler failed', { subject, error });
    }
  };

  return {
    state: () => state,
    follow: () => () => undefined,
    close: () => Promise.resolve(),
    responds: (subject) => responders.has(subject),
    publish: (subject, message) => {
      const listening = handlers.get(subject);
      if (listening === undefined) return;
      for (const handler of listening)
        queueMicrotask(() => listening.has(handler) && deliver(subject, handler, message));
    },
    subscribe: (subject, handler) => {
      // Each subscription is its own, also where the same function subscribes twice.
      const own: Handler = (message) => handler(message);
      const listening = handlers.get(subject) ?? new Set();
      handlers.set(subject, listening.add(own));
      return () => {
        listening.delete(own);
        if (listening.size === 0 && handlers.get(subject) === listening) handlers.delete(subject);
      };
    },
    request: (subject, message, timeoutMs) =>
      new Promise((resolve, reject) => {
        // The newest responder answers: where a station has moved, the old one is about to leave.
        const responder = responders.get(subject)?.at(-1);
        if (responder === undefined) return reject(fail('station-offline', `nobody answers for "${subject}"`));
        const cancel = clock.at(instant(clock.now() + timeoutMs), () =>
          reject(fail('call-timeout', `no answer for "${subject}" within ${timeoutMs} ms`)),
        );
        queueMicrotask(() => {
          Promise.resolve()
            .then(() => responder(message))
            .then(resolve, reject)
            .finally(cancel);
        });
      }),
    respond: (subject, handler) => {
      const own: Responder = (message) => handler(message);
      responders.set(subject, [...(responders.get(subject) ?? []), own]);
      return () => {
        const left = (responders.get(subject) ?? []).filter((it) => it !== own);
        if (left.length === 0) responders.delete(subject);
        else responders.set(subject, left);
      };
    },
  };
}
