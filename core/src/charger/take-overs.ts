import type { StationId } from '@plugga/kit';
import type { Clock } from '../ports.ts';

const WITHIN_MS = 10 * 60_000;
const USUAL = 3;

/**
 * A station that comes back while its old socket is still open is usual, and the newest connection wins. Several times in
 * ten minutes and from different addresses, it is two stations under one identity.
 */
export class TakeOvers {
  readonly #clock: Clock;
  readonly #seen = new Map<StationId, { readonly at: number; readonly address: string }[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True when it looks like a conflict of identities. */
  add(station: StationId, before: string, after: string): boolean {
    const now = this.#clock.now();
    const recent = (this.#seen.get(station) ?? []).filter((it) => now - it.at < WITHIN_MS).slice(-20);
    recent.push({ at: now, address: before }, { at: now, address: after });
    this.#seen.set(station, recent);
    return recent.length / 2 > USUAL && new Set(recent.map((it) => it.address)).size > 1;
  }

  /** Once in a while: forgets what is too old to matter. */
  sweep(): void {
    const now = this.#clock.now();
    for (const [station, seen] of this.#seen)
      if (seen.every((it) => now - it.at >= WITHIN_MS)) this.#seen.delete(station);
  }
}
