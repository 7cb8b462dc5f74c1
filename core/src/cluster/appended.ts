import { instant } from '@plugga/kit';
import type { OpenBus } from '../events/bus.ts';
import type { Clock } from '../ports.ts';

const SUBJECT = 'appended';
/** However much is appended, the other nodes are told no more often. */
const COALESCE_MS = 20;

/**
 * What one node appends wakes the readers of the log on the others. `listeners` are this node's, told of its own appends
 * by whoever appends. A hint that is lost costs the second until the next look. Returns how to stop.
 */
export function tellEachOther(o: {
  readonly bus: OpenBus;
  readonly clock: Clock;
  readonly listeners: Set<() => void>;
  readonly node: string;
}): () => void {
  const { bus, clock, listeners, node } = o;
  if (bus.state().kind === 'alone') return () => undefined;
  let cancel: (() => void) | undefined;
  let hearing = false;
  const tell = (): void => {
    if (hearing) return;
    cancel ??= clock.at(instant(clock.now() + COALESCE_MS), () => {
      cancel = undefined;
      bus.publish(SUBJECT, node);
    });
  };
  const hear = (from: unknown): void => {
    if (from === node) return;
    // What is heard is not said again.
    hearing = true;
    try {
      for (const listener of listeners) listener();
    } finally {
      hearing = false;
    }
  };
  listeners.add(tell);
  const stop = bus.subscribe(SUBJECT, hear);
  return () => {
    listeners.delete(tell);
    stop();
    cancel?.();
  };
}
