import type { StationId } from '@plugga/kit';
import type { Clock } from '../ports.ts';

const WINDOW_MS = 10 * 60_000;
/** Requests that were refused, for a station that is being set up. */
const TRIES = 5;

interface Seen {
  readonly since: number;
  signed: number;
  tried: number;
}

/** How often a station may ask for a certificate: one in ten minutes is signed, save what we have asked it for (BI-087). */
export function createCsrPace(clock: Clock): {
  /** Why nobody is asked this time; undefined when somebody may be. */
  refusal(station: StationId, isAsked: boolean): string | undefined;
  signed(station: StationId): void;
} {
  const seen = new Map<StationId, Seen>();
  const ofNow = (station: StationId): Seen => {
    const now = clock.now();
    const known = seen.get(station);
    if (known !== undefined && now >= known.since && now - known.since < WINDOW_MS) return known;
    for (const [id, it] of seen) if (now - it.since >= WINDOW_MS) seen.delete(id);
    const fresh = { since: now, signed: 0, tried: 0 };
    seen.set(station, fresh);
    return fresh;
  };
  return {
    refusal: (station, isAsked) => {
      const it = ofNow(station);
      it.tried += 1;
      if (isAsked) return undefined;
      if (it.signed > 0) return 'one request in ten minutes is signed';
      return it.tried > TRIES ? `after ${TRIES} requests in ten minutes no more are looked at` : undefined;
    },
    signed: (station) => {
      ofNow(station).signed += 1;
    },
  };
}
