import type { LedgerEntry } from './ledger.ts';

/** What a watcher of a virtual station sees; `told` is the status of a file, or a security event, that was acknowledged. */
export type StationEvent =
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly code: number; readonly reason: string }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'booted'; readonly status: string; readonly heartbeatSeconds: number }
  | { readonly kind: 'status'; readonly connector: number; readonly status: string }
  | { readonly kind: 'plugged'; readonly connector: number }
  | { readonly kind: 'unplugged'; readonly connector: number }
  /** Something beside the CSMS limits the connector, 0 all of them; no watts: it does no longer. */
  | {
      readonly kind: 'limited';
      readonly connector: number;
      readonly source: string;
      readonly watts?: number;
      readonly gridCritical?: boolean;
      readonly localGeneration?: boolean;
    }
  /** The driver asks at the station to be charged first, or no longer. */
  | { readonly kind: 'hurried'; readonly connector: number; readonly on: boolean }
  | { readonly kind: 'authorized'; readonly idTag: string; readonly status: string }
  | { readonly kind: 'started'; readonly entry: LedgerEntry }
  | { readonly kind: 'startAnswered'; readonly entry: LedgerEntry; readonly status: string }
  | {
      readonly kind: 'metered';
      readonly entry: LedgerEntry;
      readonly wh: number;
      readonly powerW: number;
      readonly soc: number;
    }
  /** The CSMS has said what a transaction costs. */
  | { readonly kind: 'cost'; readonly entry: LedgerEntry; readonly total: number; readonly final: boolean }
  | { readonly kind: 'stopped'; readonly entry: LedgerEntry }
  | { readonly kind: 'stopAnswered'; readonly entry: LedgerEntry }
  | { readonly kind: 'discarded'; readonly entry: LedgerEntry; readonly action: string }
  | { readonly kind: 'told'; readonly action: string; readonly payload: Record<string, unknown> }
  | { readonly kind: 'command'; readonly action: string; readonly answer: string }
  | { readonly kind: 'sent'; readonly text: string }
  | { readonly kind: 'received'; readonly text: string };

export type Watch = (event: StationEvent) => void;

/** The next event that fits; rejects after `withinMs` with the step that stalled. */
export const nextEvent = <K extends StationEvent['kind']>(
  watch: (listener: Watch) => () => void,
  kind: K,
  o: {
    readonly withinMs: number;
    readonly step?: string;
    readonly where?: (event: Extract<StationEvent, { kind: K }>) => boolean;
  },
): Promise<Extract<StationEvent, { kind: K }>> =>
  new Promise((resolve, reject) => {
    const stop = watch((event) => {
      if (event.kind !== kind) return;
      const found = event as Extract<StationEvent, { kind: K }>;
      if (o.where !== undefined && !o.where(found)) return;
      clearTimeout(timer);
      stop();
      resolve(found);
    });
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`stalled: ${o.step ?? kind} did not come within ${o.withinMs} ms`));
    }, o.withinMs);
  });

/** Where a station says what happens to it. */
export interface EventSource {
  emit(event: StationEvent): void;
  watch(listener: Watch): () => void;
  /** Resolves at the next such event, or when it no longer matters. */
  once(fits: (event: StationEvent) => boolean, signal?: AbortSignal): Promise<void>;
}

export const eventSource = (): EventSource => {
  const listeners = new Set<Watch>();
  const watch = (listener: Watch): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  return {
    watch,
    emit(event) {
      for (const listener of [...listeners]) listener(event);
    },
    once: (fits, signal) =>
      new Promise((done) => {
        const finish = (): void => {
          stop();
          signal?.removeEventListener('abort', finish);
          done();
        };
        const stop = watch((event) => fits(event) && finish());
        signal?.addEventListener('abort', finish);
      }),
  };
};
