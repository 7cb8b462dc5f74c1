/**
 * The station's own clock. It starts `behindMs` in the past and runs `speed` times as fast as the world until it has
 * caught up, then at the world's pace: a station never stamps the future, so an hour of charging shown in a minute is an
 * hour that has passed, and the energy fits the time.
 *
 * What is due is done at its time: while it runs faster than the world it passes nothing that still has to run. On a busy
 * machine timers of the world are late, and a tenth of a second would be six minutes without a reading or a stop.
 */
export interface StationClock {
  /** Milliseconds since 1970, station time. */
  now(): number;
  /** Runs once when the station's clock has passed `delayMs` of its own time; returns how to take it back. */
  after(delayMs: number, run: () => void): () => void;
  /** A clock that was held runs from now on. */
  release(): void;
}

interface Due {
  readonly at: number;
  readonly run: () => void;
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
  const waiting = new Set<Due>();
  let doing: number | undefined;
  let sleep: () => void = () => undefined;
  const paced = (): number => {
    const real = Date.now();
    return held ? first : Math.min(real, Math.floor(first + (real - began) * speed));
  };
  const earliest = (): Due | undefined => {
    let found: Due | undefined;
    for (const one of waiting) if (found === undefined || one.at < found.at) found = one;
    return found;
  };
  const now = (): number => (speed > 1 ? Math.min(doing ?? paced(), earliest()?.at ?? Infinity) : paced());
  /** One at a time, so that what the CSMS has said in between is heard. */
  const wake = (): void => {
    const next = earliest();
    try {
      if (next === undefined || next.at > paced()) return;
      waiting.delete(next);
      doing = next.at;
      next.run();
    } finally {
      doing = undefined;
      arm();
    }
  };
  const arm = (): void => {
    sleep();
    const next = earliest();
    if (next === undefined) return;
    const rest = next.at - paced();
    if (rest > 0) {
      const timer = setTimeout(wake, Math.min(LONGEST_WAIT_MS, Math.ceil(rest / speed)));
      sleep = () => clearTimeout(timer);
    } else {
      const soon = setImmediate(wake);
      sleep = () => clearImmediate(soon);
    }
  };
  const after = (delayMs: number, run: () => void): (() => void) => {
    const one = { at: now() + Math.max(0, delayMs), run };
    waiting.add(one);
    if (doing === undefined && earliest() === one) arm();
    return () => {
      if (!waiting.delete(one) || waiting.size > 0) return;
      sleep();
    };
  };
  const release = (): void => {
    if (!held) return;
    held = false;
    began = Date.now();
    arm();
  };
  return { now, after, release };
};
