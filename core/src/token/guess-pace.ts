import type { StationId } from '@plugga/kit';
import type { Clock } from '../ports.ts';

const WINDOW_MS = 60_000;
/** More than the drivers of any site present that nobody knows. */
const UNKNOWN = 60;

interface Seen {
  readonly since: number;
  readonly tokens: Set<string>;
}

/** How many tokens that nobody knows a station may try (BI-094): beyond it none is looked at until the minute is over. */
export function createGuessPace(clock: Clock): {
  isGuessing(station: StationId): boolean;
  /** Nobody knew that one. */
  unknown(station: StationId, token: string): void;
} {
  const seen = new Map<StationId, Seen>();
  const ofNow = (station: StationId): Seen | undefined => {
    const known = seen.get(station);
    const now = clock.now();
    return known !== undefined && now >= known.since && now - known.since < WINDOW_MS ? known : undefined;
  };
  return {
    isGuessing: (station) => (ofNow(station)?.tokens.size ?? 0) >= UNKNOWN,
    unknown: (station, token) => {
      const now = clock.now();
      const known = ofNow(station);
      if (known !== undefined) return void known.tokens.add(token);
      for (const [id, it] of seen) if (now - it.since >= WINDOW_MS) seen.delete(id);
      seen.set(station, { since: now, tokens: new Set([token]) });
    },
  };
}
