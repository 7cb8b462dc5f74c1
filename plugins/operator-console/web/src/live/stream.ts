import { sseParser, type ServerEvent } from './sse.ts';

/** `live`: the stream is open and speaks. `stale`: it was lost and is tried again. `paused`: the operator stopped it. */
export type LiveState = 'connecting' | 'live' | 'paused' | 'stale' | 'refused';

export interface Follow {
  readonly url: string;
  readonly key: () => string | undefined;
  readonly fetch: typeof fetch;
  /** Runs once later; returns how to take it back. */
  readonly after: (ms: number, run: () => void) => () => void;
  readonly random: () => number;
  readonly onEvent: (event: ServerEvent) => void;
  readonly onState: (state: LiveState) => void;
}

/** The platform speaks at least every 15 s; after three times that it is gone, whatever the socket says. */
const SILENCE_MS = 45_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Follows the events from now on, across lost connections without a gap (Last-Event-ID). Returns how to stop. */
export function follow(o: Follow): () => void {
  let stopped = false;
  let lastId: string | undefined;
  let wait = FIRST_WAIT_MS;
  let cancelWait = (): void => undefined;
  let abort = new AbortController();

  async function once(): Promise<void> {
    abort = new AbortController();
    const { signal } = abort;
    let cancelSilence = o.after(SILENCE_MS, () => abort.abort());
    try {
      const key = o.key();
      const answer = await o.fetch(o.url, {
        signal,
        cache: 'no-store',
        headers: {
          accept: 'text/event-stream',
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...(lastId === undefined ? {} : { 'last-event-id': lastId }),
        },
      });
      if (answer.status === 401 || answer.status === 403) {
        stopped = true;
        o.onState('refused');
        return;
      }
      if (!answer.ok || answer.body === null) throw new Error(`HTTP ${answer.status}`);
      const parse = sseParser();
      const decoder = new TextDecoder();
      const reader = answer.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        cancelSilence();
        cancelSilence = o.after(SILENCE_MS, () => abort.abort());
        wait = FIRST_WAIT_MS;
        o.onState('live');
        for (const event of parse(decoder.decode(value, { stream: true }))) {
          lastId = event.id ?? lastId;
          o.onEvent(event);
        }
      }
    } finally {
      cancelSilence();
    }
  }

  async function loop(): Promise<void> {
    o.onState('connecting');
    while (!stopped) {
      await once().catch(() => undefined);
      if (stopped) return;
      o.onState('stale');
      const { promise, resolve } = Promise.withResolvers<void>();
      // Not all consoles at the same moment after a restart.
      const cancel = o.after(wait * (0.5 + o.random()), resolve);
      cancelWait = () => {
        cancel();
        resolve();
      };
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      await promise;
    }
  }
  void loop();

  return () => {
    stopped = true;
    abort.abort();
    cancelWait();
  };
}
