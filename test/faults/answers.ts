import type { VirtualStation } from '@plugga/simulator';

/** One CALL of a station, and what became of it. */
export interface Call {
  readonly station: string;
  readonly action: string;
  readonly sentAt: number;
  /** Undefined while it waits, and for ever when its line was lost first. */
  answeredAt?: number;
  lost?: true;
}

export interface Line {
  readonly station: string;
  readonly at: number;
  readonly code: number;
}

/** Listens to what stations say and hear, by the clock of this process. */
export const listenTo = (
  stations: readonly VirtualStation[],
): { readonly calls: readonly Call[]; readonly lost: readonly Line[]; stop(): void } => {
  const calls: Call[] = [];
  const lost: Line[] = [];
  const stops = stations.map((station) => {
    const waiting = new Map<string, Call>();
    return station.watch((event) => {
      const at = performance.now();
      if (event.kind === 'sent') {
        const [type, id, action] = JSON.parse(event.text) as [number, string, string];
        if (type !== 2) return;
        const call: Call = { station: station.identity, action, sentAt: at };
        calls.push(call);
        waiting.set(id, call);
      } else if (event.kind === 'received') {
        const [type, id] = JSON.parse(event.text) as [number, string];
        const call = type === 2 ? undefined : waiting.get(id);
        if (call === undefined) return;
        call.answeredAt = at;
        waiting.delete(id);
      } else if (event.kind === 'disconnected') {
        lost.push({ station: station.identity, at, code: event.code });
        for (const call of waiting.values()) call.lost = true;
        waiting.clear();
      }
    });
  });
  return {
    calls,
    lost,
    stop: () => {
      for (const stop of stops) stop();
    },
  };
};
