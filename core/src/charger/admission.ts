import { instant } from '@plugga/kit';
import type { Clock } from '../ports.ts';

/**
 * Lets in so many a second and delays the rest in their order; nobody is refused. A tenth of a second's worth may come at
 * once.
 */
export class Admission {
  readonly #clock: Clock;
  readonly #spacingMs: number;
  readonly #burstMs = 100;
  readonly #longestMs = 60_000;
  /** When the next one would come, were all spaced evenly. */
  #next = 0;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#spacingMs = 1000 / perSecond;
  }

  enter(admitted: () => void): void {
    const now = this.#clock.now();
    // A wall clock that was set back must not keep everybody out until it has caught up.
    if (this.#next > now + this.#longestMs) this.#next = now;
    this.#next = Math.max(this.#next, now - this.#burstMs) + this.#spacingMs;
    if (this.#next <= now) admitted();
    else this.#clock.at(instant(Math.ceil(this.#next)), admitted);
  }
}
