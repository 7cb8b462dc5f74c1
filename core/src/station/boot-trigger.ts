import { instant } from '@plugga/kit';
import type { Clock } from '../ports.ts';

/** Nothing unsolicited is sent to a station that has just connected. */
const QUIET_SECONDS = 30;

/** Asks a make that connects again without a boot for one, once a connection: its firmware may be another by now. */
export interface BootTrigger {
  /** `seconds`: when to ask, by the make's timing; undefined where it boots by itself. */
  connected(seconds: number | undefined): void;
  /** It has booted by itself, or is gone. */
  cancel(): void;
}

export const createBootTrigger = (clock: Clock, ask: () => void): BootTrigger => {
  let cancel = (): void => undefined;
  return {
    connected: (seconds) => {
      cancel();
      if (seconds === undefined) return;
      cancel = clock.at(instant(clock.now() + Math.max(seconds, QUIET_SECONDS) * 1000), ask);
    },
    cancel: () => cancel(),
  };
};
