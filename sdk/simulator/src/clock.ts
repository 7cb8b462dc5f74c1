/**
 * The station's own clock. It starts `behindMs` in the past and runs `speed` times as fast as the world until it has
 * caught up, then at the world's pace: a station never stamps the future, so an hour of charging shown in a minute is an
 * hour that has passed, and the energy fits the time.
 */
export interface StationClock {
  /** Milliseconds since 1970, station time. */
  now(): number;
  /** Runs once when the station's clock has passed `delayMs` of its own time; returns how to take it back. */
  after(delayMs: number, run: () => void): () => void;
  /** A clock that was held runs from now on. */
  release(): void;
}

/** Longest wait before the clock is read again: the pace changes when the station has caught up. */
const LONGEST_WAIT_MS = 1_000;

export const stationClock = (
  o: { readonly speed?: number; readonly behindMs?: number; readonly held?: boolean } = {},
): StationClock => {
  const speed = o.speed ?? 1;
  const behindMs = o.behindMs ?? (speed > 1 ? 2 * 3_600_000 : 0);
  const first = Date.now() - behindMs;
  let held = o.held === true;
  let began = Date.now();
  const now = (): number => {
    const real = Date.now();
    return held ? first : Math.min(real, Math.floor(first + (real - began) * speed));
  };
  const after = (delayMs: number, run: () => void): (() => void) => {
    const due = now() + delayMs;
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const rest = due - now();
      if (rest <= 0) return run();
      timer = setTimeout(arm, Math.min(LONGEST_WAIT_MS, Math.ceil(rest / speed)));
    };
    timer = setTimeout(arm, Math.min(LONGEST_WAIT_MS, Math.ceil(Math.max(0, delayMs) / speed)));
    return () => clearTimeout(timer);
  };
  const release = (): void => {
    if (!held) return;
    held = false;
    began = Date.now();
  };
  return { now, after, release };
};
