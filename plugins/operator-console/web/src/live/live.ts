import type { QueryClient } from '@tanstack/react-query';
import { apiBase } from '../api/http.ts';
import { currentKey } from '../api/key.ts';
import { affectedBy, type Topic } from './affected.ts';
import { follow, type LiveState } from './stream.ts';

/** Changes are shown within a second; a burst of events is one reading of each list. */
const GATHER_MS = 500;

export interface LiveSnapshot {
  readonly state: LiveState;
  /** Since when it is in that state, in ms since 1970. */
  readonly since: number;
}

export interface Live {
  snapshot(): LiveSnapshot;
  subscribe(listener: () => void): () => void;
  start(): void;
  stop(): void;
  pause(): void;
  /** The type of each event as it comes. */
  heard(listener: (type: string) => void): () => void;
}

const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** Keeps what is on the screen true: events of the platform make the queries that they touch stale. */
export function createLive(client: QueryClient): Live {
  const listeners = new Set<() => void>();
  const hearing = new Set<(type: string) => void>();
  const pending = new Set<Topic>();
  let current: LiveSnapshot = { state: 'connecting', since: Date.now() };
  let stopFollowing: (() => void) | undefined;
  let cancelGather: (() => void) | undefined;

  const told = (state: LiveState): void => {
    if (state === current.state) return;
    current = { state, since: Date.now() };
    // Whatever happened while nobody listened.
    if (state === 'live') void client.invalidateQueries();
    for (const listener of listeners) listener();
  };

  const gather = (): void => {
    cancelGather = undefined;
    for (const topic of [...pending]) {
      // One that is being read is read again afterwards, not interrupted: under a stream of events it would never arrive.
      if (client.isFetching({ queryKey: [topic] }) > 0) continue;
      pending.delete(topic);
      void client.invalidateQueries({ queryKey: [topic] });
    }
    if (pending.size > 0) cancelGather = after(GATHER_MS, gather);
  };

  const stop = (): void => {
    stopFollowing?.();
    stopFollowing = undefined;
    cancelGather?.();
    cancelGather = undefined;
    pending.clear();
  };

  return {
    snapshot: () => current,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: () => {
      stop();
      stopFollowing = follow({
        url: `${apiBase}/events`,
        key: currentKey,
        fetch: (input, init) => fetch(input, init),
        after,
        random: Math.random,
        onState: told,
        onEvent: ({ type }) => {
          for (const listener of hearing) listener(type);
          for (const topic of affectedBy(type)) pending.add(topic);
          if (pending.size > 0) cancelGather ??= after(GATHER_MS, gather);
        },
      });
    },
    stop,
    pause: () => {
      stop();
      told('paused');
    },
    heard: (listener) => {
      hearing.add(listener);
      return () => hearing.delete(listener);
    },
  };
}
