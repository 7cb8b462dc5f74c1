import type { Clock } from '../ports.ts';

/** The first failures are answered at once: somebody is typing a key. */
const FREE_FAILURES = 5;
/** Below the time that stations wait for a handshake. */
const LONGEST_SECONDS = 8;
const REMEMBERED_MS = 15 * 60_000;
const REMEMBERED_PAIRS = 10_000;
/** Waiting refusals of one pair; more are turned away unchecked. */
const WAITING = 16;

interface Pair {
  failures: number;
  waiting: number;
  last: number;
}

/**
 * Slows down whoever guesses keys, by address and identity. Only failures count, and the right key always comes in at
 * once: a true station is never locked out by somebody who guesses beside it.
 */
export class BackOff {
  readonly #clock: Clock;
  readonly #pairs = new Map<string, Pair>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Too many refusals of this pair wait already. */
  isFlooding(address: string, identity: string): boolean {
    return (this.#pairs.get(keyOf(address, identity))?.waiting ?? 0) >= WAITING;
  }

  /** Counts a failure; tells how many there were and how long its refusal has to wait. */
  failed(address: string, identity: string): { readonly failures: number; readonly waitSeconds: number } {
    const pair = this.#pairOf(keyOf(address, identity));
    pair.failures += 1;
    const over = pair.failures - FREE_FAILURES;
    return { failures: pair.failures, waitSeconds: over <= 0 ? 0 : Math.min(2 ** (over - 1), LONGEST_SECONDS) };
  }

  /** While a refusal waits. Returns what ends it. */
  wait(address: string, identity: string): () => void {
    const pair = this.#pairOf(keyOf(address, identity));
    pair.waiting += 1;
    return () => {
      pair.waiting -= 1;
    };
  }

  succeeded(address: string, identity: string): void {
    this.#pairs.delete(keyOf(address, identity));
  }

  #pairOf(key: string): Pair {
    const now = this.#clock.now();
    const known = this.#pairs.get(key);
    const pair =
      known === undefined || now - known.last > REMEMBERED_MS ? { failures: 0, waiting: 0, last: now } : known;
    pair.last = now;
    // Set anew: the map keeps the order of last use, and the oldest goes first.
    this.#pairs.delete(key);
    this.#pairs.set(key, pair);
    if (this.#pairs.size > REMEMBERED_PAIRS) this.#pairs.delete(this.#pairs.keys().next().value as string);
    return pair;
  }
}

const keyOf = (address: string, identity: string): string => `${address} ${identity}`;
