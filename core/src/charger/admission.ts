import { instant } from '@plugga/kit';
import type { Clock } from '../ports.ts';

const BURST_MS = 100;
/** Of so many that are let in while both kinds wait, one is unknown: they go last, and not never. */
const UNKNOWN_ONE_IN = 10;

/** First in, first out, whatever its length. */
class Line {
  #all: (() => void)[] = [];
  #head = 0;

  get length(): number {
    return this.#all.length - this.#head;
  }

  add(admitted: () => void): void {
    this.#all.push(admitted);
  }

  next(): (() => void) | undefined {
    const first = this.#all[this.#head];
    this.#head += 1;
    if (this.#head < this.#all.length) return first;
    this.#all = [];
    this.#head = 0;
    return first;
  }
}

/**
 * Lets in so many a second and delays the rest; nobody is refused. A tenth of a second's worth may come at once. Where some
 * have to wait, stations that are known go before those that nobody knows, each kind in its order: a crowd of newcomers, or
 * somebody who dials with one name after another, holds up no station that charges.
 */
export class Admission {
  readonly #clock: Clock;
  readonly #perMs: number;
  readonly #known = new Line();
  readonly #unknown = new Line();
  #free: number;
  #at: number;
  #turn = 0;
  #armed = false;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perMs = perSecond / 1_000;
    this.#free = this.#perMs * BURST_MS;
    this.#at = clock.now();
  }

  /** `isKnown` is asked only where somebody has to wait. */
  enter(admitted: () => void, isKnown: () => boolean = () => true): void {
    this.#refill();
    if (this.#waiting === 0 && this.#free >= 1) {
      this.#free -= 1;
      return admitted();
    }
    (isKnown() ? this.#known : this.#unknown).add(admitted);
    this.#arm();
  }

  get #waiting(): number {
    return this.#known.length + this.#unknown.length;
  }

  /** A clock that was set back gives nothing and takes nothing. */
  #refill(): void {
    const now = this.#clock.now();
    const passed = Math.max(0, now - this.#at);
    this.#at = now;
    this.#free = Math.min(this.#perMs * BURST_MS, this.#free + passed * this.#perMs);
  }

  #arm(): void {
    if (this.#armed) return;
    this.#armed = true;
    const ms = Math.max(1, Math.ceil((1 - this.#free) / this.#perMs));
    this.#clock.at(instant(this.#clock.now() + ms), () => {
      this.#armed = false;
      this.#refill();
      while (this.#free >= 1 && this.#waiting > 0) {
        this.#free -= 1;
        this.#next()?.();
      }
      if (this.#waiting > 0) this.#arm();
    });
  }

  #next(): (() => void) | undefined {
    this.#turn += 1;
    const isUnknowns = this.#known.length === 0 || this.#turn % UNKNOWN_ONE_IN === 0;
    return (isUnknowns && this.#unknown.length > 0 ? this.#unknown : this.#known).next();
  }
}
