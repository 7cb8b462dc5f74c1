import type { Instant } from '@plugga/kit';

export interface BreakerOptions {
  /** How many failures in a row open it. */
  readonly limit?: number;
  /** How long it stays open before one try is let through. */
  readonly pauseMs?: number;
}

export interface Breaker {
  readonly state: 'closed' | 'open' | 'half-open';
  /** Whether to try now. While half-open one try at a time. */
  admits(now: Instant): boolean;
  succeeded(): void;
  failed(now: Instant): void;
  /** The try did not come to an end: nothing was learnt. */
  released(): void;
}

/** Stops asking one that fails again and again, so that a station does not wait for it each time. */
export function breaker({ limit = 5, pauseMs = 30_000 }: BreakerOptions = {}): Breaker {
  let failures = 0;
  let openUntil: number | undefined;
  let trying = false;
  return {
    get state() {
      return openUntil === undefined ? 'closed' : trying ? 'half-open' : 'open';
    },
    admits(now) {
      if (openUntil === undefined) return true;
      if (trying || now < openUntil) return false;
      trying = true;
      return true;
    },
    succeeded() {
      failures = 0;
      openUntil = undefined;
      trying = false;
    },
    failed(now) {
      failures += 1;
      trying = false;
      if (failures >= limit) openUntil = now + pauseMs;
    },
    released() {
      trying = false;
    },
  };
}
