import { instant } from '@plugga/kit';
import type { Clock } from './ports.ts';

/** In so many steps a patience is counted. */
export const STEPS = 8;

/**
 * Calls when somebody was waited for so long. It is counted in steps: a time in which this process itself did not run (it was
 * stopped, or had no turn) is one step, however long it was. What came meanwhile is then read before the patience is over,
 * and our own silence is not taken for another's. Returns how to stop.
 */
export function patience(clock: Clock, ms: number, over: () => void): () => void {
  const step = ms / STEPS;
  let left = STEPS;
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = clock.at(instant(clock.now() + step), () => {
      left -= 1;
      if (left > 0) next();
      else over();
    });
  };
  next();
  return () => cancel();
}
